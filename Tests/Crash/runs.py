# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Starts regstatic under strace, with a signal or an error at one system call, and compares folders."""

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import time

import client

FIXTURES = os.path.normpath(f"{__file__}/../../Fixtures")
OPENS = ["open", "openat", "openat2"]
CHANGES = "rename renameat renameat2 unlinkat symlinkat linkat mkdirat write fsync fdatasync syncfs ftruncate".split()
READS = "getdents64 read pread64 fstat newfstatat statx readlinkat flock fchmod fchmodat".split()
# A call that this processor or this strace doesn't have is left out.
TRACED = ",".join(f"?{name}" for name in OPENS + CHANGES + READS)
STRACE = ["strace", "-f", "-qq", "-o"]
COMMANDS = {
    "build": ["build", "{inputs}/docker28-many.tar", "--format", "docker", "-o", "{site}"],
    "remove": ["remove", "{site}", "zoo/hello:2", "zoo/multi:1", "acme/tool:1.0.html"],
    "prune": ["prune", "{site}", "--now"],
    "mirror": ["build", "{inputs}/docker28-many.tar", "-o", "{site}", "--mirror", "--yes", "--now"],
}


def tree(folder, without=(), times=False):
    """Every file and link below a folder: path -> what it is."""
    found = {}
    for parent, folders, files in os.walk(folder):
        relative = os.path.relpath(parent, folder)
        if relative == ".":
            folders[:] = [name for name in folders if name not in without]
            files = [name for name in files if name not in without]
        for name in files + [name for name in folders if os.path.islink(f"{parent}/{name}")]:
            path = f"{parent}/{name}"
            status = os.lstat(path)
            content = os.readlink(path) if os.path.islink(path) else hashlib.sha256(open(path, "rb").read()).digest()
            found[f"{relative}/{name}"] = (status.st_mode, content, status.st_mtime_ns if times else 0)
    return found


def served(site):
    return tree(site, without=[".regstatic", "blobs"])


class Program:
    def __init__(self, path, inputs):
        self.path, self.inputs = path, inputs

    def __call__(self, words, site, strace=(), after=None, settle=None):
        """The exit code: negative after a signal. `after` seconds, the program is killed; then `settle` is called."""
        words = [word.format(site=site, inputs=self.inputs) for word in words]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        program = subprocess.Popen([*strace, self.path, *words], **pipes, start_new_session=True)
        try:
            text, _ = program.communicate(timeout=120 if after is None else after)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            text, _ = program.communicate()
            if after is None:
                return -signal.SIGALRM, "still running after 120 seconds"
        if settle:
            settle()
        return program.returncode, text.decode(errors="replace")

    def inject(self, call, number, what):
        """strace's words for something that happens at the Nth call of this name in a thread."""
        # Without --seccomp-bpf, with which strace 6.1 sends no signal.
        return [*STRACE, os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={number}"]


class Scenario:
    """A command and a site to run it on, and what an undisturbed run makes of the site."""

    def __init__(self, name, layout, program, folder):
        self.name, self.layout, self.program = name, layout, program
        self.words, self.portable = COMMANDS[name], layout == "portable"
        self.base = f"{folder}/{name}-{layout}"
        self.prepare()
        self.before = self.pulled(self.base)
        done = f"{folder}/done"
        shutil.copytree(self.base, done, symlinks=True)
        start = time.monotonic()
        self.must(self.words, done)
        self.duration = time.monotonic() - start
        self.after, self.done = self.pulled(done), served(done)
        assert self.before != self.after
        self.must(["prune", "{site}"], done)
        self.final = tree(done, without=[".regstatic"])
        shutil.rmtree(done)
        shutil.copytree(self.base, done, symlinks=True)
        self.find_points(done)
        shutil.rmtree(done)

    def must(self, words, site):
        code, text = self.program(words, site)
        if code != 0:
            raise SystemExit(f"{words} exits with {code} undisturbed:\n{text}")

    def prepare(self):
        images = ["docker20-many.tar", "docker28ctr-multiarch-attested.tar", "oci-referrers"]
        images = [f"{{inputs}}/{name}" for name in images]
        self.must(["build", *images, "--name", "zoo/signed", "-o", "{site}", "--layout", self.layout], self.base)
        if self.name == "prune":
            self.must(COMMANDS["build"], self.base)
            self.must(["remove", "{site}", "zoo/multi:1", "zoo/hello:3"], self.base)

    def pulled(self, site):
        state, half = client.Site(site, self.portable).state()
        if half:
            raise SystemExit(f"{site}, undisturbed: {half}")
        return state

    def find_points(self, site):
        """Which system calls there are from the first that has to do with the site: (name, number in its thread)."""
        log = f"{site}.log"
        self.program(self.words, site, [*STRACE, log, "-e", f"trace={TRACED}"])
        counts, reached, changes, reads = {}, False, set(), set()
        for line in open(log, errors="replace"):
            match = re.match(r"(\d+) +(\w+)\(", line)
            if not match:
                continue
            key = match.groups()
            counts[key] = counts.get(key, 0) + 1
            reached = reached or f'"{site}"' in line
            if reached:
                is_change = key[1] in CHANGES or key[1] in OPENS and "O_CREAT" in line
                (changes if is_change else reads).add((key[1], counts[key]))
        os.remove(log)
        self.changes, self.reads = changes, reads


def spread(points, seed):
    """Points in a random order in which each kind of call comes early, rare ones too; without end."""
    points = sorted(points)
    random.Random(seed).shuffle(points)
    while True:
        kinds = {}
        for name, number in points:
            kinds.setdefault(name, []).append((name, number))
        while kinds:
            for name in sorted(kinds):
                yield kinds[name].pop()
                if not kinds[name]:
                    del kinds[name]
