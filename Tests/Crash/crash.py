#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Kills regstatic, fails its system calls, fills its disk and cuts its power; then pulls all images.

    crash.py --program .build/release/regstatic --kills 300 --errors 1000 --disks 40 --power 40

docs/reliability.md says what each campaign does. Needs strace; root for the last two. Exit 1 if anything is
wrong; the site is kept then, and its path printed.
"""

import argparse
import collections
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import client
import runs

COLUMNS = "runs ended half verify-0 verify-6 verify-bad exit0-bad crashed repeat-bad changed outside".split()
WRONG = {"half", "verify-bad", "exit0-bad", "crashed", "repeat-bad", "changed", "outside"}
ENOUGH = "size=64m,nr_inodes=100000"
RECOVERED = {"remove": [0, 1]}  # Its images may be gone already.


class Run:
    """A fresh copy of a scenario's site in a folder, beside files that no run may touch."""

    def __init__(self, crash, campaign, scenario, place):
        self.crash, self.scenario, self.place, self.site = crash, scenario, place, f"{place}/site"
        self.row = crash.table[campaign, scenario.name, scenario.layout]
        self.row["runs"] += 1
        self.what = f"{campaign} {scenario.name} {scenario.layout}"
        for name in ["site", "beside"]:
            shutil.rmtree(f"{place}/{name}", ignore_errors=True)
        shutil.copytree(scenario.base, self.site, symlinks=True)
        shutil.copytree(crash.sentinel, f"{place}/beside", symlinks=True)
        self.outside = self.around()

    def around(self):
        return runs.tree(self.place, without=["site", "lost+found", "filler"], times=True), runs.tree(self.crash.inputs, times=True)

    def start(self, what, **how):
        self.what += f", {what}"
        code, self.text = self.crash.program(self.scenario.words, self.site, **how)
        self.row["ended"] += code != 0
        return code

    def wrong(self, column, text):
        self.row[column] += 1
        kept = f"{self.crash.folder}/wrong-{self.crash.kept}"
        self.crash.kept += 1
        shutil.copytree(self.site, kept, symlinks=True)
        print(f"WRONG ({column}): {self.what}\n  {text}\n  {kept}", flush=True)

    def examine(self, before, after):
        """As a client; then as verify. Returns verify's exit code."""
        if self.around() != self.outside:
            self.wrong("outside", "a file outside of the site has changed")
        half = client.half(self.site, self.scenario.portable, before, after)
        if half:
            self.wrong("half", "\n  ".join(half[:5]))
        code, text = self.crash.program(["verify", "{site}"], self.site)
        if code in [0, 6]:
            self.row[f"verify-{code}"] += 1
        else:
            self.wrong("verify-bad", f"verify exits with {code}: {text}")
        return code

    def complete(self, code):
        """The old or the new images; after exit 0, all that an undisturbed run makes."""
        old, new = self.scenario.before, self.scenario.after
        verdict = self.examine(new if code == 0 else old, new)
        differ = differences(self.scenario.done, runs.served(self.site))
        if code == 0 and (verdict != 0 or differ):
            self.wrong("exit0-bad", f"exit 0, verify {verdict}, and these differ: {differ[:5]}\n{self.text}")

    def repeat(self):
        """The same command again finishes the work: after prune, the site is that of an undisturbed run."""
        scenario = self.scenario
        for words, codes in [(scenario.words, RECOVERED.get(scenario.name, [0])), (["prune", "{site}"], [0]), (["verify", "{site}"], [0])]:
            code, text = self.crash.program(words, self.site)
            if code not in codes:
                return self.wrong("repeat-bad", f"then {words[0]} exits with {code}: {text}")
        differ = differences(scenario.final, runs.tree(self.site, without=[".regstatic"]))
        if differ:
            self.wrong("repeat-bad", f"after a repetition and prune, these differ from an undisturbed run: {differ[:5]}")


def differences(one, other):
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


class Crash:
    def __init__(self, options, folder):
        self.options, self.folder, self.kept = options, folder, 0
        self.random = random.Random(options.seed)
        self.inputs, self.sentinel = f"{folder}/inputs", f"{folder}/sentinel"
        os.mkdir(self.sentinel)
        with open(f"{self.sentinel}/letter", "w") as file:
            file.write("dear")
        os.symlink("letter", f"{self.sentinel}/link")
        shutil.copytree(runs.FIXTURES, self.inputs, symlinks=True)
        self.program = runs.Program(os.path.abspath(options.program), self.inputs)
        self.table = collections.defaultdict(collections.Counter)
        os.mkdir(f"{folder}/base")
        self.scenarios = [
            runs.Scenario(name, layout, self.program, f"{folder}/base")
            for layout in ["plain", "portable"]
            for name in runs.COMMANDS
        ]
        self.place = f"{folder}/place"
        os.mkdir(self.place)

    def rounds(self, count, points):
        """Scenarios in turn, each with its next system call."""
        ways = [(scenario, runs.spread(points(scenario), self.options.seed)) for scenario in self.scenarios]
        for number, (scenario, way) in zip(range(count), itertools.cycle(ways)):
            yield number, scenario, way

    def kill(self, run, number, way, settle=None):
        """At a system call that changes something; every fourth one at any time."""
        if number // len(self.scenarios) % 4 == 3:
            after = self.random.random() * run.scenario.duration
            return run.start(f"killed after {after:.4f} s", after=after, settle=settle)
        call, count = next(way)
        return run.start(f"killed at {call} {count}", strace=self.program.inject(call, count, "signal=KILL"), settle=settle)

    def kills(self, count):
        for number, scenario, way in self.rounds(count, lambda scenario: scenario.changes):
            run = Run(self, "kills", scenario, self.place)
            code = self.kill(run, number, way)
            if code not in [0, -9]:
                run.wrong("crashed", f"exit code {code}: {run.text}")
            run.complete(code)
            run.repeat()

    def errors(self, count):
        for number, scenario, way in self.rounds(count, lambda scenario: scenario.changes | scenario.reads):
            run = Run(self, "errors", scenario, self.place)
            (call, at), error = next(way), self.random.choice(["EIO", "ENOSPC", "EACCES"])
            code = run.start(f"{error} from {call} {at}", strace=self.program.inject(call, at, f"error={error}"))
            if code not in [0, 1, 3, 4, 5]:
                run.wrong("crashed", f"exit code {code}: {run.text}")
            run.complete(code)
            run.repeat()

    def disk(self, scenario, kind, size):
        """A run on a disk with so much space (or names) beside the site; None: enough. What the run needed."""
        run = Run(self, "disks", scenario, self.place)
        used, total = taken(self.place, kind)
        if size is not None:
            limit(self.place, kind, used, total, size)
        before, peak = runs.served(run.site), [used]
        ended = threading.Event()

        def look():
            while not ended.wait(0.0005):
                peak.append(taken(self.place, kind)[0])

        watch = threading.Thread(target=look)
        watch.start()
        code = run.start(f"{kind}: {used} + {size}")
        ended.set()
        watch.join()
        differ = differences(before, runs.served(run.site))
        if code not in [0, 4]:
            run.wrong("crashed", f"exit code {code}: {run.text}")
        if code != 0 and differ:
            run.wrong("changed", f"failed, but these changed: {differ[:5]}")
        run.complete(code)
        if size is not None:
            limit(self.place, kind, used, total, None)
        run.repeat()
        return max(peak) - used

    def disks(self, count):
        kinds = ["size", "nr_inodes", *(["ext4"] if can_mount("ext4") else [])]
        sites = [scenario for scenario in self.scenarios if scenario.name in ["build", "mirror"]]
        ways = list(itertools.islice(zip(itertools.cycle(kinds), itertools.cycle(sites)), max(1, min(12, count // 4))))
        for number, (kind, scenario) in enumerate(ways):
            if kind == "ext4":
                shell("cp", "--sparse=always", self.blank(), f"{self.folder}/disk")
                shell("mount", "-o", "loop", f"{self.folder}/disk", self.place)
            else:
                shell("mount", "-t", "tmpfs", "-o", f"{ENOUGH}", "regstatic", self.place)
            try:
                share = count // len(ways) + (number < count % len(ways))
                need = self.disk(scenario, kind, None)
                for step in range(share - 1):
                    self.disk(scenario, kind, need * step // (share - 1))
            finally:
                shell("umount", self.place)

    def blank(self):
        path = f"{self.folder}/blank"
        if not os.path.exists(path):
            shell("truncate", "-s", "24M", path)
            shell("mkfs.ext4", "-q", path)
        return path

    def power(self, count):
        disk, copy, mounted = (f"{self.folder}/{name}" for name in ["disk", "copy", "mounted"])
        os.mkdir(mounted)
        for number, scenario, way in self.rounds(count, lambda scenario: scenario.changes):
            shell("cp", "--sparse=always", self.blank(), disk)
            shell("mount", "-o", "loop", disk, self.place)

            def cut():
                # Every other time, ext4 has just written its journal, but not all data.
                if number // len(self.scenarios) % 2:
                    with open(f"{self.place}/filler", "w") as file:
                        os.fsync(file.fileno())
                shell("cp", "--sparse=always", disk, copy)

            try:
                run = Run(self, "power", scenario, self.place)
                shell("sync", "-f", self.place)
                # Every tenth run comes to its end first.
                code = run.start("cut at the end", settle=cut) if number % 10 == 9 else self.kill(run, number, way, cut)
            finally:
                shell("umount", self.place)
            shell("mount", "-o", "loop", copy, mounted)
            try:
                run.site, run.place = f"{mounted}/site", mounted
                if code not in [0, -9]:
                    run.wrong("crashed", f"exit code {code}: {run.text}")
                run.complete(code)
                run.repeat()
            finally:
                shell("umount", mounted)

    def report(self):
        sums = collections.defaultdict(collections.Counter)
        for key, row in self.table.items():
            sums[key[0], "all", ""] += row
        print(f"{'campaign':9}{'command':8}{'layout':9}" + "".join(f"{name:>11}" for name in COLUMNS))
        for key, row in [*self.table.items(), *sums.items()]:
            print(f"{key[0]:9}{key[1]:8}{key[2]:9}" + "".join(f"{row[name]:11}" for name in COLUMNS))
        return any(row[name] for row in sums.values() for name in WRONG)


def taken(place, kind):
    """How much of a disk is in use, and all it has: bytes or names."""
    status = os.statvfs(place)
    if kind == "nr_inodes":
        return status.f_files - status.f_ffree, status.f_files
    return (status.f_blocks - status.f_bfree) * status.f_frsize, status.f_blocks * status.f_frsize


def limit(place, kind, used, total, size):
    """Leaves only so much of a disk; None: all of it."""
    if kind != "ext4":
        shell("mount", "-o", "remount," + (ENOUGH if size is None else f"{kind}={used + size}"), place)
    elif size is None:
        os.remove(f"{place}/filler")
    else:
        with open(f"{place}/filler", "w") as file:
            os.posix_fallocate(file.fileno(), 0, total - used - size)


def shell(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def can_mount(*words):
    """Whether this machine allows a mount: containers often don't."""
    with tempfile.TemporaryDirectory() as folder:
        if words[0] == "ext4":
            words = ["-o", "loop", f"{folder}/disk"]
            os.mkdir(f"{folder}/at")
            try:
                shell("truncate", "-s", "8M", words[-1])
                shell("mkfs.ext4", "-q", words[-1])
            except (OSError, subprocess.CalledProcessError):
                return False
            at = f"{folder}/at"
        else:
            words, at = ["-t", "tmpfs", "regstatic"], folder
        if subprocess.run(["mount", *words, at], stderr=subprocess.DEVNULL).returncode != 0:
            return False
        shell("umount", at)
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/regstatic")
    for name, count in [("kills", 24), ("errors", 24), ("disks", 8), ("power", 8)]:
        parser.add_argument(f"--{name}", type=int, default=count, metavar="N", help=f"runs (default: {count})")
    parser.add_argument("--seed", type=int, default=1, help="another choice of system calls and times")
    options = parser.parse_args()
    if not shutil.which("strace"):
        sys.exit("crash.py: no strace")
    folder = tempfile.mkdtemp(prefix="regstatic-crash-")
    crash = Crash(options, folder)
    for name, file_system in [("kills", None), ("errors", None), ("disks", "tmpfs"), ("power", "ext4")]:
        count, start = getattr(options, name), time.monotonic()
        if count and file_system and not can_mount(file_system):
            print(f"SKIPPED: {name}: {file_system} can't be mounted here; try as root", flush=True)
        elif count:
            getattr(crash, name)(count)
            print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    if crash.report():
        sys.exit(f"Something is wrong; see above, and {folder}. The seed is {options.seed}.")
    shutil.rmtree(folder)
    print("Nothing is wrong.")


if __name__ == "__main__":
    main()
