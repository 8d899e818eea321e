// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#pragma once

#include <dirent.h>

/* Linux calls that Swift's Glibc module lacks, or whose errors Swift can't read safely. Unless
 * stated otherwise, they return 0 on success, or -1 and set errno. */

/* Flushes all written data of the file system of `descriptor` to the medium. */
int linux_syncfs(int descriptor);

/* Whether the kernel is older than a version; 0 if its version is not known. */
int linux_is_before(int major, int minor);

/* Makes the kernel start to write a part of a file to the medium, without waiting. */
int linux_start_writeback(int descriptor, long long offset, long long count);

/* Makes the empty file `to` share the bytes of the file `from`, so that they aren't written again.
 * Most file systems can't do this; Btrfs and XFS can, for two files of the same file system. */
int linux_share_bytes(int to, int from);

/* Gets the number of bytes that the process may still write to the file system of `descriptor`, and
 * the kind of this file system. */
int linux_file_system(int descriptor, unsigned long long *free_bytes, long *kind);

/* Opens (O_PATH) the folder at a relative path below `folder`. Follows no symbolic link in any
   component, the last one included, and never leaves `folder`.
   Returns a descriptor, or -1 and errno: ELOOP for a link, EXDEV for a path out of the folder. */
int linux_open_folder_below(int folder, const char *path);

/* Opens the parent folder of `path` in the same way, and points `name` to the last component of
 * `path`. If `path` has only one component, returns `folder` itself and opens nothing. */
int linux_open_parent_below(int folder, const char *path, const char **name);

/* Does the same as linux_open_folder_below, but component by component, for kernels without
 * openat2. */
int linux_walk_folder_below(int folder, const char *path);

/* Reads the next entry of a DIR stream. Returns 1 and the entry, 0 at the end, or -1 and errno, so
 * that an error is never mistaken for the end. */
int linux_next_entry(DIR *folder, const char **name, int *may_be_folder);

/* Makes free() give memory back to the system at once if it was allocated with `size` bytes or more.
 * Without glibc, does nothing. */
void linux_return_large_memory(int size);

/* Installs a handler for signals such as SIGSEGV that end the process because of its own fault. The
 * handler writes a text to standard error: `memory` if the process can get no more memory,
 * otherwise `crash`. The signal still ends the process. The texts must stay valid. Returns nothing,
 * and sets no errno. */
void linux_report_crashes(const char *memory, const char *crash);
