# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""What a build onto a slow medium takes, compared with `cp` of the same files.

The medium is a loop device with ext4 on a disk that `slowdisk.py` slows down. Every run ends with all
bytes on the disk.
"""

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path

import measure
import parts

# Bytes per second and the seconds of a flush, as a USB stick has them.
RATE, FLUSH = 20_000_000, 0.030
SIZE = 4_000_000_000
PYTHON = "/usr/bin/python3"


def missing():
    """Why the medium can't be made here."""
    if os.geteuid() != 0:
        return ["medium: needs root, for a loop device"]
    absent = [name for name in ("mkfs.ext4", "fusermount") if not shutil.which(name)]
    if subprocess.run([PYTHON, "-c", "import fuse"], stderr=subprocess.DEVNULL, check=False).returncode:
        absent.append("python3-fuse")
    return [f"medium: {name} is not installed" for name in absent]


def measure_all(setting):
    """Wall times of `cp` and of `build`, for a first build and for one more image, a small and a large one."""
    if lacking := missing():
        return {}, lacking
    steps = {
        "first build": setting.image() / "modern.tar",
        "one more image, 20 MB": setting.input("layers-1-20", "--layers", 1, 20) / "layers.tar",
        "one more image, 200 MB": setting.input("layers-10-200", "--layers", 10, 200) / "layers.tar",
    }
    versions = [setting.output(f"medium-{number}") for number in range(len(steps))]
    found = {}
    for (step, source), site, before in zip(steps.items(), versions, [None, *versions]):
        if before:
            run(["cp", "-a", before, site])
        run([setting.program, "build", source, "-o", site, "-q"])
        changed = sorted(changes(before, site))
        written = sum((site / path).lstat().st_size for path in changed)
        found[step] = {"bytes": written, "files": len(changed), "cp": [], "build": []}
        for number in range(setting.rounds):
            parts.progress(f"slow medium, {step}, round {number + 1} of {setting.rounds}")
            with slow_medium(setting) as medium:
                prepare(before, medium / "site")
                command = ["cp", "-a", "--remove-destination", "--parents", *changed, medium / "site"]
                found[step]["cp"].append(timed(medium, command, cwd=site))
            with slow_medium(setting) as medium:
                prepare(before, medium / "site")
                command = [setting.program, "build", source, "-o", medium / "site", "-q"]
                found[step]["build"].append(timed(medium, command))
    for site in versions:
        measure.remove(site)
    return found, []


def prepare(before, target):
    """Puts the old site on the medium."""
    if before:
        run(["cp", "-a", before, target])
    else:
        target.mkdir()
    measure.settle()


def timed(medium, command, cwd=None):
    start = time.monotonic()
    run(command, cwd)
    run(["sync", "-f", medium])
    return time.monotonic() - start


@contextlib.contextmanager
def slow_medium(setting):
    """A new, empty file system on a slow disk."""
    place = setting.output("medium")
    disk, medium = place / "fuse", place / "mounted"
    disk.mkdir(parents=True)
    medium.mkdir()
    limits = {"SIZE": str(SIZE), "RATE": str(RATE), "FLUSH": str(FLUSH), "BACKING": str(place)}
    with contextlib.ExitStack() as stack:
        serving = subprocess.Popen(
            [PYTHON, parts.HERE / "slowdisk.py", "-f", "-o", "direct_io", disk],
            env=os.environ | limits,
        )
        stack.callback(serving.wait)
        stack.callback(run, ["fusermount", "-u", disk])
        for _ in range(100):
            if (disk / "disk").exists():
                break
            time.sleep(0.05)
        run(["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard", disk / "disk"])
        run(["mount", "-o", "loop,noinit_itable", disk / "disk", medium])
        stack.callback(run, ["umount", medium])
        measure.settle()
        yield medium
    measure.remove(place)


def files(site):
    """The files and links of a site, by their paths in it."""
    for folder, folders, names in os.walk(site):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in names + links:
            yield Path(folder, name).relative_to(site)


def changes(old, new):
    """The paths that a copy of the new site must write over a copy of the old one."""
    for path in files(new):
        present = new / path
        former = old and old / path
        if not former or not os.path.lexists(former):
            yield path
        elif present.is_symlink():
            if os.readlink(former) != os.readlink(present):
                yield path
        elif former.read_bytes() != present.read_bytes():
            yield path


def run(command, cwd=None):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, cwd=cwd)
