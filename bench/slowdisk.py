#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""A disk that writes slowly, as a USB stick does: a file in a FUSE file system, for a loop device.

usage: slowdisk.py FOLDER   serves FOLDER/disk until the folder is unmounted

Environment: SIZE is the size of the disk in bytes, RATE the bytes that it writes in a second, FLUSH the
seconds that a flush takes. Reads are as fast as memory. It needs Debian's python3-fuse, and so the
system's python3.
"""

import errno
import os
import stat
import tempfile
import threading
import time

import fuse

fuse.fuse_python_api = (0, 2)
SIZE, RATE, FLUSH = int(os.environ["SIZE"]), float(os.environ["RATE"]), float(os.environ["FLUSH"])
NAME = "/disk"


class SlowDisk(fuse.Fuse):
    """One file, whose bytes are in an unlinked temporary file."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        with tempfile.TemporaryFile(dir=os.environ.get("BACKING")) as file:
            self.disk = os.dup(file.fileno())
        os.truncate(self.disk, SIZE)
        self.guard, self.idle = threading.Lock(), 0.0

    def occupy(self, seconds):
        """Waits until the disk has done its earlier work and this one."""
        with self.guard:
            self.idle = max(self.idle, time.monotonic()) + seconds
            end = self.idle
        time.sleep(max(0, end - time.monotonic()))

    def getattr(self, path):
        if path not in ("/", NAME):
            return -errno.ENOENT
        found = fuse.Stat()
        found.st_mode = stat.S_IFREG | 0o600 if path == NAME else stat.S_IFDIR | 0o700
        found.st_nlink, found.st_size = 1, SIZE if path == NAME else 0
        return found

    def readdir(self, path, offset):
        return [fuse.Direntry(name) for name in (".", "..", NAME[1:])]

    def open(self, path, flags):
        return 0 if path == NAME else -errno.ENOENT

    def read(self, path, size, offset):
        return os.pread(self.disk, size, offset)

    def write(self, path, data, offset):
        self.occupy(len(data) / RATE)
        return os.pwrite(self.disk, data, offset)

    def fsync(self, path, only_data):
        self.occupy(FLUSH)
        return 0


if __name__ == "__main__":
    server = SlowDisk()
    server.parse(errex=1)
    server.main()
