// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

int linux_syncfs(int descriptor) { return syncfs(descriptor); }

int linux_start_writeback(int descriptor, long long offset, long long count) {
    return sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}

int linux_file_system(int descriptor, unsigned long long *free_bytes, long *kind) {
    struct statfs status;
    if (fstatfs(descriptor, &status) != 0) return -1;
    *free_bytes = (unsigned long long)status.f_bavail * (unsigned long long)status.f_bsize;
    *kind = status.f_type;
    return 0;
}
