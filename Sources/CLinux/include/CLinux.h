// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#pragma once

#include <dirent.h>

/* Calls of Linux that Swift's Glibc module leaves out, or whose errors Swift can't read safely.
   Unless said otherwise they return 0, or -1 and errno. */

/* Brings everything written on the file system of `descriptor` to the medium. */
int linux_syncfs(int descriptor);

/* Lets the kernel begin to write a part of a file; doesn't wait. */
int linux_start_writeback(int descriptor, long long offset, long long count);

/* How many bytes of the file system of `descriptor` we may still write, and what kind it is. */
int linux_file_system(int descriptor, unsigned long long *free_bytes, long *kind);

/* Opens (O_PATH) the folder at a relative path below `folder`. Follows no symbolic link in any
   component, the last one included, and never leaves `folder`.
   Returns a descriptor, or -1 and errno: ELOOP for a link, EXDEV for a path out of the folder. */
int linux_open_folder_below(int folder, const char *path);

/* Opens like this the folder that holds what `path` names, and says where in `path` the last
   component begins. For a path of one component that is `folder` itself, not opened again. */
int linux_open_parent_below(int folder, const char *path, const char **name);

/* As linux_open_folder_below, component by component: for kernels without openat2. */
int linux_walk_folder_below(int folder, const char *path);

/* Reads the next entry of a DIR stream.
   Returns 1 and the entry, 0 at the end, or -1 and errno: an error is never taken for the end. */
int linux_next_entry(DIR *folder, const char **name, int *may_be_folder);
