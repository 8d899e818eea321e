// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

void linux_return_large_memory(int size) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, size);
#else
    (void)size;
#endif
}

int linux_syncfs(int descriptor) { return syncfs(descriptor); }

int linux_is_before(int major, int minor) {
    struct utsname name;
    int found_major, found_minor;
    if (uname(&name) != 0 || sscanf(name.release, "%d.%d", &found_major, &found_minor) != 2) return 0;
    return found_major < major || (found_major == major && found_minor < minor);
}

int linux_start_writeback(int descriptor, long long offset, long long count) {
    return sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}

int linux_share_bytes(int to, int from) { return ioctl(to, FICLONE, from); }

int linux_file_system(int descriptor, unsigned long long *free_bytes, long *kind) {
    struct statfs status;
    if (fstatfs(descriptor, &status) != 0) return -1;
    *free_bytes = (unsigned long long)status.f_bavail * (unsigned long long)status.f_bsize;
    *kind = status.f_type;
    return 0;
}

// The constants of linux/openat2.h, because the system headers before Linux 5.6 lack them.
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
enum { NO_SYMLINKS = 0x04, BENEATH = 0x08 };

static const int folder_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;

// The length of the component at the start of a path.
static size_t component(const char *path) { return strcspn(path, "/"); }

static const char *next_component(const char *path) {
    path += component(path);
    return path + strspn(path, "/");
}

// Whether a path contains `..`, which regstatic never uses, not even inside the folder.
static int goes_up(const char *path) {
    for (; *path; path = next_component(path))
        if (component(path) == 2 && path[0] == '.' && path[1] == '.') return 1;
    return 0;
}

int linux_open_folder_below(int folder, const char *path) {
    if (goes_up(path)) {
        errno = EXDEV;
        return -1;
    }
    const struct {
        unsigned long long flags, mode, resolve;
    } how = {(unsigned long long)folder_flags, 0, NO_SYMLINKS | BENEATH};
    int opened = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    if (opened >= 0) return opened;
    // Kernels before 5.6 lack the call (ENOSYS), and some sandboxes forbid it (EPERM).
    int is_unavailable = errno == ENOSYS || errno == EPERM;
    return is_unavailable ? linux_walk_folder_below(folder, path) : -1;
}

// Opens one component of a path. For a link, sets errno to ELOOP as openat2 does, because openat
// sets ENOTDIR.
static int open_child_folder(int folder, const char *name) {
    int opened = openat(folder, name, folder_flags | O_NOFOLLOW);
    if (opened >= 0 || errno != ENOTDIR) return opened;
    struct stat status;
    int is_link = fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
    errno = is_link ? ELOOP : ENOTDIR;
    return -1;
}

int linux_walk_folder_below(int folder, const char *path) {
    if (goes_up(path)) {
        errno = EXDEV;
        return -1;
    }
    int current = openat(folder, ".", folder_flags);
    for (; current >= 0 && *path; path = next_component(path)) {
        char name[NAME_MAX + 1];
        size_t length = component(path);
        int next = -1;
        if (length > NAME_MAX) {
            errno = ENAMETOOLONG;
        } else {
            memcpy(name, path, length);
            name[length] = 0;
            next = open_child_folder(current, name);
        }
        int code = errno;
        close(current);
        errno = code;
        current = next;
    }
    return current;
}

int linux_open_parent_below(int folder, const char *path, const char **name) {
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    char parent[PATH_MAX];
    size_t length = slash ? (size_t)(slash - path) : 0;
    errno = strcmp(*name, "..") == 0 ? EXDEV : length >= sizeof parent ? ENAMETOOLONG : 0;
    if (errno != 0) return -1;
    if (!slash) return folder;
    memcpy(parent, path, length);
    parent[length] = 0;
    return linux_open_folder_below(folder, parent);
}

int linux_next_entry(DIR *folder, const char **name, int *may_be_folder) {
    errno = 0;
    const struct dirent *entry = readdir(folder);
    if (!entry) return errno == 0 ? 0 : -1;
    *name = entry->d_name;
    *may_be_folder = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
    return 1;
}
