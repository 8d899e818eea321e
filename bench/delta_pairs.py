# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Makes pairs of layers, an old and a new one, from this machine's files, Debian and PyPI.

A pair is two raw tars whose members are sorted by name and belong to root.
"""

import io
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile

# The size of the large layer, in bytes.
LARGE = 1_170_000_000
# The clock of made-up builds: an old one, and a new one three weeks later.
OLD_BUILD, NEW_BUILD = 1_700_000_000, 1_701_850_000
# Files that a made-up build writes in a second.
FILES_PER_SECOND = 570

# Packages of a server image: with a security update, and without one.
UPDATED = """apt libapt-pkg6.0 apache2-bin libssl3 openssl perl-base perl-modules-5.36 libperl5.36 python3.11
    python3.11-minimal libpython3.11-minimal libpython3.11-stdlib libnode108 nodejs tzdata libnss3""".split()
SAME = """libicu72 gcc-12 cpp-12 libc6 libc6-dev coreutils git vim-runtime python3-numpy dpkg bash
    systemd binutils-x86-64-linux-gnu libstdc++-12-dev libgcc-12-dev""".split()
JAVA = ["openjdk-17-jre-headless"]

WHEELS = "numpy==2.2.6 pandas==2.2.3 scipy==1.15.3 matplotlib==3.10.3 pillow==11.2.1 lxml==5.4.0".split()
DJANGO = "5.1.8", "5.1.11"


def make(name, folder):
    """Makes a pair unless it is there; returns the paths of the old and the new tar."""
    paths = [os.path.join(folder, f"{name}-{age}.tar") for age in ("old", "new")]
    if not all(os.path.exists(path) for path in paths):
        os.makedirs(folder, exist_ok=True)
        PAIRS[name](folder, *paths)
    return paths


def write_tar(path, members):
    """Writes (name, source, change) triples; `change` edits the header and may return other bytes."""
    with tarfile.open(path + ".part", "w", format=tarfile.PAX_FORMAT) as tar:
        for name, source, change in members:
            info = tar.gettarinfo(source, name)
            if info is None:
                continue
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            info.mtime = int(info.mtime)
            content = change(info) if change else None
            if content is not None:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
            elif info.isreg():
                with open(source, "rb") as file:
                    tar.addfile(info, file)
            else:
                tar.addfile(info)
    os.rename(path + ".part", path)


def tree(root):
    """The (name, path) pairs below a folder, sorted."""
    found = []
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in folders + names:
            path = os.path.join(folder, name)
            if os.path.islink(path) or os.path.isdir(path) or os.path.isfile(path):
                found.append((os.path.relpath(path, root), path))
    return sorted(found)


def large_members():
    """Files of this machine's /usr, sorted, up to the size of the large layer."""
    size, members = 0, []
    for folder in ("/usr/bin", "/usr/lib", "/usr/share", "/usr/libexec", "/usr/local", "/usr/sbin"):
        for name, path in tree(folder):
            status = os.lstat(path)
            if status.st_size > 100_000_000:
                continue
            size += 1024 + (0 if os.path.islink(path) else status.st_size)
            if size > LARGE:
                return members
            members.append((os.path.relpath(path, "/"), path, None))
    return members


def line(folder, old, new):
    members = large_members()
    edited = next(
        index
        for index, (name, path, _) in enumerate(members)
        if index > len(members) // 2 and path.endswith(".py") and 25_000 < os.path.getsize(path) < 60_000
    )

    def edit(info):
        info.mtime = NEW_BUILD
        lines = open(members[edited][1], "rb").read().splitlines(keepends=True)
        lines[len(lines) // 2] = b"# This line is a new one: it was written for this measurement.\n"
        return b"".join(lines)

    write_tar(old, members)
    name, path, _ = members[edited]
    write_tar(new, members[:edited] + [(name, path, edit)] + members[edited + 1 :])


def clock(start, index):
    def change(info):
        info.mtime = start + index // FILES_PER_SECOND

    return change


def mtime(folder, old, new):
    members = large_members()
    write_tar(old, members)
    write_tar(new, [(name, path, clock(NEW_BUILD, i)) for i, (name, path, _) in enumerate(members)])


def order(folder, old, new):
    members = large_members()
    write_tar(old, members)
    random.Random(1).shuffle(members)
    write_tar(new, members)


def call(*argv, cwd=None):
    subprocess.run(argv, check=True, cwd=cwd, stdout=subprocess.DEVNULL)


def versions(package):
    """The versions of a package in bookworm and in bookworm-security, if these are two."""
    text = subprocess.run(["apt-cache", "madison", package], check=True, capture_output=True, text=True).stdout
    rows = [[part.strip() for part in row.split("|")] for row in text.splitlines()]
    found = {}
    for _, version, origin in rows:
        key = "new" if "-security/" in origin else "old"
        if re.search(r"-security/main|bookworm/main", origin):
            found.setdefault(key, version)
    old = found.get("old", found.get("new"))
    new = found.get("new", old)
    newer = subprocess.run(["dpkg", "--compare-versions", new, "gt", old]).returncode == 0
    return (old, new) if newer else (old, old)


def unpack(packages, folder, age):
    """Unpacks one version of each package into a new tree."""
    root = os.path.join(folder, "root")
    debs = os.path.join(folder, "debs")
    os.makedirs(debs, exist_ok=True)
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    for package in packages:
        version = versions(package)[age]
        name = f"{package}_{version.replace(':', '%3a')}_"
        deb = next((f for f in os.listdir(debs) if f.startswith(name)), None)
        if deb is None:
            call("apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", f"{package}={version}", cwd=debs)
            deb = next(f for f in os.listdir(debs) if f.startswith(name))
        call("dpkg-deb", "-x", os.path.join(debs, deb), root)
    return [(name, path, None) for name, path in tree(root)]


def debian(packages):
    def pair(folder, old, new):
        for age, path in enumerate((old, new)):
            write_tar(path, unpack(packages, folder, age))
        shutil.rmtree(os.path.join(folder, "root"))

    return pair


def venv(folder, old, new):
    wheels = os.path.join(folder, "wheels")
    call(sys.executable, "-m", "pip", "download", "-q", "-d", wheels, "--only-binary", ":all:", *WHEELS)
    for path, version in zip((old, new), DJANGO):
        call(sys.executable, "-m", "pip", "download", "-q", "-d", wheels, f"django=={version}")
        root = os.path.join(folder, "venv")
        shutil.rmtree(root, ignore_errors=True)
        call(sys.executable, "-m", "venv", root)
        pip = os.path.join(root, "bin", "pip")
        call(pip, "install", "-q", "--no-index", "--find-links", wheels, *WHEELS, f"django=={version}")
        write_tar(path, [(name, source, None) for name, source in tree(root)])
        shutil.rmtree(root)


PAIRS = {
    "line": line,
    "mtime": mtime,
    "order": order,
    "venv": venv,
    "sec": debian(UPDATED + SAME),
    "jre": debian(JAVA),
}

if __name__ == "__main__":
    for wanted in sys.argv[2:] or PAIRS:
        for made in make(wanted, sys.argv[1]):
            print(made, os.path.getsize(made))
