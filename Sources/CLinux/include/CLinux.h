// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#pragma once

/* Calls of Linux that Swift's Glibc module leaves out. All return 0, or -1 and errno. */

/* Brings everything written on the file system of `descriptor` to the medium. */
int linux_syncfs(int descriptor);

/* Lets the kernel begin to write a part of a file; doesn't wait. */
int linux_start_writeback(int descriptor, long long offset, long long count);

/* How many bytes of the file system of `descriptor` we may still write, and what kind it is. */
int linux_file_system(int descriptor, unsigned long long *free_bytes, long *kind);
