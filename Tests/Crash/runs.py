# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""The commands that are disturbed, the sites they run on, and what undisturbed runs make of these."""

import collections
import hashlib
import os
import re
import shutil
import signal
import struct
import subprocess
import time

import client

CHANGES = "rename renameat renameat2 unlinkat symlinkat linkat mkdirat write fsync fdatasync syncfs ftruncate".split()
OTHERS = "openat openat2 getdents64 read pread64 fstat newfstatat statx readlinkat flock fchmod fchmodat".split()
STRACE = ["strace", "-f", "-qq", "-o"]  # Without --seccomp-bpf, with which strace 6.1 sends no signal.
BASE = ["docker20-many.tar", "docker28ctr-multiarch-attested.tar", "oci-referrers"]
COMMANDS = {  # All tags of docker20-many.tar move; with --format, to manifests of another kind.
    "build": ["build", "{inputs}/docker28-many.tar", "--format", "docker", "-o", "{site}"],
    "remove": ["remove", "{site}", "zoo/hello:2", "zoo/multi:1", "acme/tool:1.0.html"],
    "prune": ["prune", "{site}", "--now"],
    "apply": ["bundle", "apply", "{inputs}/trip.bundle", "{site}", "--no-receipt"],
    "mirror": ["build", "{inputs}/docker28-many.tar", "-o", "{site}", "--mirror", "--yes", "--now"],
    "program": ["build", "-o", "{site}", "--program", "{inputs}/new-program", "--program", "{inputs}/other-program"],
    "tag": ["tag", "{site}", "zoo/signed:2", "zoo/hello:1", "zoo/hello:2", "promo/app:new"],  # With its referrers.
}


def make_programs(folder):
    """ELF files with a header and a segment: two for the same machine, and one for another."""
    for name, machine in [("old-program", 62), ("new-program", 62), ("other-program", 183)]:
        head = struct.pack("<4s5B7x2HI3QI6H", b"\x7fELF", 2, 1, 1, 0, 0, 2, machine, 1, 64, 64, 0, 0, 64, 56, 1, 0, 0, 0)
        segment = struct.pack("<2I6Q", 1, 5, 0, 0, 0, 120, 120, 4096)
        with open(f"{folder}/{name}", "wb") as file:
            file.write(head + segment + name.encode() * 200_000)


def make_bundle(program, folder):
    """A bundle that brings to the sites what `build` brings to them."""
    have, home, bundle = f"{folder}/have", f"{folder}/home", f"{program.inputs}/trip.bundle"
    base = ["build", *(f"{{inputs}}/{image}" for image in BASE), "--name", "zoo/signed", "-o", "{site}"]
    for words, site in [
        (base, have), (base, home), (COMMANDS["build"], home),
        (["bundle", "create", "{site}", "--have", have, "-o", bundle], home),
    ]:
        must(program, words, site)
    for site in [have, home]:
        shutil.rmtree(site)


def must(program, words, site, strace=()):
    code, text = program(words, site, strace)
    if code != 0:
        raise SystemExit(f"{words} exits with {code} undisturbed:\n{text}")


def tree(folder, without=(), times=False):
    """Every file and link below a folder: path -> what it is."""
    found = {}
    for parent, folders, files in os.walk(folder):
        if parent == folder:
            folders[:] = [name for name in folders if name not in without]
        for path in [f"{parent}/{name}" for name in files + folders]:
            content, status = os.path.islink(path) and os.readlink(path), os.lstat(path)
            if not content and os.path.isdir(path):
                continue
            if not content:
                with open(path, "rb") as file:
                    content = hashlib.sha256(file.read()).digest()
            found[path.removeprefix(folder)] = (status.st_mode, content, times and status.st_mtime_ns)
    return found


def differences(one, other):
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


class Program:
    def __init__(self, path, inputs):
        self.path, self.inputs = os.path.abspath(path), inputs

    def start(self, words, site, strace=()):
        words = [*strace, self.path, *(word.format(site=site, inputs=self.inputs) for word in words)]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(words, **pipes, start_new_session=True)

    def __call__(self, words, site, strace=(), after=None, ended=lambda: None):
        """The exit code, negative after a signal, and the output. After some seconds, the program is killed."""
        program = self.start(words, site, strace)
        try:
            text, _ = program.communicate(timeout=300 if after is None else after)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            text, _ = program.communicate()
            if after is None:
                return -signal.SIGALRM, "still running after 300 seconds"
        ended()
        return program.returncode, text.decode(errors="replace")


class Scenario:
    """A command and a site to run it on, and what an undisturbed run makes of the site."""

    def __init__(self, name, layout, program, folder, key):
        self.name, self.layout, self.words, self.program = name, layout, COMMANDS[name], program
        self.portable, self.base, done = layout == "portable", f"{folder}/{name}-{layout}", f"{folder}/done"
        images = [f"{{inputs}}/{image}" for image in BASE]
        words = ["--name", "zoo/signed", "--program", "{inputs}/old-program", "--layout", layout]
        self.must(["build", *images, "-o", "{site}", *words], self.base)
        if name == "prune":
            self.must(COMMANDS["build"], self.base)
            self.must(["remove", "{site}", "zoo/multi:1", "zoo/hello:3"], self.base)
        self.must(["sign", "{site}", "--key", key], self.base)
        self.before = self.pulled(self.base)
        # A call that this processor doesn't have is left out.
        trace = "trace=" + ",".join(f"?{call}" for call in CHANGES + OTHERS)
        for strace in [[*STRACE, f"{done}.log", "-e", trace], []]:
            shutil.rmtree(done, ignore_errors=True)
            shutil.copytree(self.base, done, symlinks=True)
            start = time.monotonic()
            self.must(self.words, done, strace)
            self.duration = time.monotonic() - start
        self.find_calls(done)
        self.after, self.done = self.pulled(done), tree(done, without=[".regstatic", "blobs"])
        self.must(["prune", "{site}"], done)
        self.final = tree(done, without=[".regstatic"])
        shutil.rmtree(done)

    def must(self, words, site, strace=()):
        must(self.program, words, site, strace)

    def pulled(self, site):
        found = client.Site(site, self.portable)
        if found.half:
            raise SystemExit(f"{site}, undisturbed: {found.half}")
        return found.state

    def find_calls(self, site):
        """The system calls from the first that has to do with the site, as (name, number in its thread)."""
        counts, reached, early, self.changes, self.calls = collections.Counter(), False, set(), set(), set()
        with open(f"{site}.log", errors="replace") as log:
            calls = [(match.groups(), line) for line in log if (match := re.match(r"(\d+) +(\w+)\(", line))]
        for (thread, name), line in calls:
            counts[thread, name] += 1
            call, reached = (name, counts[thread, name]), reached or f'"{site}"' in line
            (self.calls if reached else early).add(call)
            if reached and (name in CHANGES or "O_CREAT" in line):
                self.changes.add(call)
        # Another thread may reach the number while the program is loaded.
        self.calls, self.changes = self.calls - early, self.changes - early


def spread(calls, chance):
    """Calls in a random order in which each name comes early, rare ones too; without end."""
    while True:
        names, ranks = collections.Counter(), []
        for call in chance.sample(sorted(calls), len(calls)):
            names[call[0]] += 1
            ranks.append((names[call[0]], chance.random(), call))
        yield from [call for _, _, call in sorted(ranks)]
