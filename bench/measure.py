# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Runs commands and says what they took."""

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass


# Seconds after which a command is taken for stuck.
LIMIT = 900


class Failed(Exception):
    """A command that ended with an error or not at all; the text says which."""


@dataclass
class Usage:
    """What one run took, or the medians of several."""

    wall: float
    cpu: float
    memory: int
    output: int = 0


def run(argv, output=None, stdin=subprocess.DEVNULL):
    """Runs a command to its end.

    The kernel reports its CPU time with its children's, and the peak memory of the largest single
    process among them. It counts what this program had when it forked as the least, some 15 MB.
    """
    with tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(
            argv,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        status, used = wait(process)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise Failed(f"{argv[0]} {ending(process.returncode, errors)}")
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, disk_use(output))


def wait(process):
    """Waits for a command, but not for ever: it leads a process group of its own, to be ended."""
    watch = threading.Timer(LIMIT, os.killpg, (process.pid, signal.SIGKILL))
    watch.start()
    try:
        return os.wait4(process.pid, 0)[1:]
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        watch.cancel()


def ending(code, errors):
    if code == -signal.SIGKILL:
        return f"was killed, maybe as it took more than {LIMIT} s"
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return f"ended with {code}: {lines[-1][:200] if lines else 'no message'}"


# Bytes of free memory to touch before each run.
TOUCH = 0
TOUCHING = "import mmap, sys; mmap.mmap(-1, int(sys.argv[1]), flags=0x8022)"  # with MAP_POPULATE


def settle():
    """Lets nobody pay for someone else.

    Waits until what earlier runs wrote is on the disk. Where asked for, touches free memory: a
    virtual machine may have handed it back to its host, and whoever then writes pays for each page.
    """
    os.sync()
    if TOUCH:
        subprocess.run([sys.executable, "-c", TOUCHING, str(TOUCH)], check=True)


def disk_use(path):
    """The bytes that a file or a tree takes, each hard-linked file once."""
    if path is None or not os.path.lexists(path):
        return 0
    seen = {}
    for folder, folders, names in os.walk(path) if os.path.isdir(path) else [("", [], [path])]:
        for name in folders + names:
            status = os.lstat(os.path.join(folder, name))
            seen[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(seen.values())


def remove(path):
    if path is None:
        return
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def median(runs):
    def middle(field):
        return statistics.median(getattr(run, field) for run in runs)

    return Usage(middle("wall"), middle("cpu"), middle("memory"), middle("output"))
