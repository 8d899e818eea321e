#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Kills regstatic, fails its system calls, fills its disk and cuts its power; then pulls all images.

docs/reliability.md says what each campaign does. Needs strace, and root for the last two. Exit code 1 if
anything is wrong; each site that is wrong is kept, and its path printed."""

import argparse
import collections
import contextlib
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile

import client
from runs import COMMANDS, STRACE, Program, Scenario, differences, make_bundle, make_programs, spread, tree
from steps import Steps

WRONG = ["half", "unsigned", "verify-bad", "exit0-bad", "crashed", "repeat-bad", "changed", "outside"]
COLUMNS = ["runs", "ended", "calls", "looks", "verify-0", "verify-6", *WRONG]
ENOUGH = "size=64m,nr_inodes=100000"


class Run:
    """One run on a fresh copy of a scenario's site, beside files that no run may touch."""

    def __init__(self, crash, campaign, scenario):
        self.crash, self.scenario, self.site = crash, scenario, f"{crash.place}/site"
        self.what = f"{campaign} {scenario.name} {scenario.layout}"
        self.row = crash.table[campaign, scenario.name, scenario.layout]
        for name, source in [("site", scenario.base), ("beside", crash.sentinel)]:
            shutil.rmtree(f"{crash.place}/{name}", ignore_errors=True)
            shutil.copytree(source, f"{crash.place}/{name}", symlinks=True)
        self.outside, self.served = self.around(), tree(self.site, without=[".regstatic", "blobs"])

    def around(self):
        return [tree(folder, times=True) for folder in [f"{self.crash.place}/beside", self.crash.inputs]]

    def start(self, what, **how):
        self.what += f": {what}"
        self.code, self.text = self.crash.program(self.scenario.words, self.site, **how)
        self.row.update(runs=1, ended=int(self.code != 0))

    def watch(self):
        """A client reads the site after each system call that changes something."""
        steps = Steps(self.crash.program, self.scenario, self.site)
        self.what += ": watched"
        self.code, self.text = steps.run(f"{self.crash.folder}/calls")
        self.row.update(runs=1, ended=int(self.code != 0), calls=steps.calls, looks=steps.looks)
        if steps.faults:
            self.wrong("half", f"{len(steps.faults)} states\n  " + "\n  ".join(steps.faults[:5]))
        # Some are missed if several threads were stopped at once, which is before the site changes.
        if steps.looks < steps.calls * 0.75:
            self.wrong("half", f"only {steps.looks} states were seen after {steps.calls} calls")

    def inject(self, call, what, **how):
        inject = f"inject={call[0]}:{what}:when={call[1]}"
        self.start(inject, strace=[*STRACE, os.devnull, "-e", f"trace={call[0]}", "-e", inject], **how)

    def wrong(self, column, text):
        self.row[column] += 1
        kept = f"{self.crash.folder}/wrong-{len(os.listdir(self.crash.folder))}"
        shutil.copytree(self.site, kept, symlinks=True)
        print(f"WRONG ({column}): {self.what}: exit code {self.code}\n  {text}\n  {kept}", flush=True)

    def check(self, codes):
        """As a client and as verify: the old or the new images; after exit 0, only the new ones."""
        old, new, site = self.scenario.before, self.scenario.after, tree(self.site, without=[".regstatic", "blobs"])
        if self.code not in [0, *codes]:
            self.wrong("crashed", self.text)
        if self.around() != self.outside:
            self.wrong("outside", "a file outside of the site has changed")
        index, signatures = "/index.json", [path for path in self.served if path.startswith("/signatures/")]
        if not signatures:
            raise SystemExit("the site was not signed before the run")
        if site.get(index) == self.served[index] and not all(path in site for path in signatures):
            self.wrong("unsigned", "index.json is as before, but its signature is gone")
        if half := client.half(self.site, self.scenario.portable, new if self.code == 0 else old, new):
            self.wrong("half", "\n  ".join(half[:5]))
        verdict, text = self.crash.program(["verify", "{site}"], self.site)
        self.row[f"verify-{verdict}"] += 1
        if verdict not in [0, 6]:
            self.wrong("verify-bad", f"verify exits with {verdict}: {text}")
        differ = differences(self.scenario.done, site)
        if self.code == 0 and (verdict != 0 or differ):
            self.wrong("exit0-bad", f"verify exits with {verdict}, and these differ: {differ[:5]}\n{self.text}")

    def repeat(self):
        """The same command and prune make the site that an undisturbed run would have made."""
        # What is to be removed may be gone already.
        first = [0, 1] if self.scenario.name == "remove" else [0]
        for words, codes in [(self.scenario.words, first), (["prune", "{site}"], [0]), (["verify", "{site}"], [0])]:
            code, text = self.crash.program(words, self.site)
            if code not in codes:
                return self.wrong("repeat-bad", f"then {words[0]} exits with {code}: {text}")
        if differ := differences(self.scenario.final, tree(self.site, without=[".regstatic"])):
            self.wrong("repeat-bad", f"then these differ from an undisturbed run: {differ[:5]}")


class Crash:
    def __init__(self, options, folder):
        self.random, self.folder = random.Random(options.seed), folder
        self.place, self.inputs, self.sentinel = (f"{folder}/{name}" for name in ["place", "inputs", "sentinel"])
        for path in [self.place, self.sentinel, f"{folder}/base"]:
            os.mkdir(path)
        shutil.copy(__file__, self.sentinel)
        os.symlink("crash.py", f"{self.sentinel}/link")
        shutil.copytree(os.path.join(os.path.dirname(__file__), "../Fixtures"), self.inputs, symlinks=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/key"], check=True)
        self.program, self.table = Program(options.program, self.inputs), collections.defaultdict(collections.Counter)
        make_programs(self.inputs)
        make_bundle(self.program, folder)
        kinds = itertools.product(["plain", "portable"], COMMANDS)
        place = [f"{folder}/base", f"{folder}/key"]
        self.scenarios = [Scenario(name, layout, self.program, *place) for layout, name in kinds]

    def rounds(self, count, calls):
        """Scenarios in turn, each with its next system call."""
        ways = itertools.cycle([(scenario, spread(calls(scenario), self.random)) for scenario in self.scenarios])
        return ((number, scenario, next(way)) for number, (scenario, way) in zip(range(count), ways))

    def kill(self, run, number, call, **how):
        """At a system call that changes something; every fourth run at any time."""
        if number // len(self.scenarios) % 4 == 3:
            after = self.random.random() * run.scenario.duration
            run.start(f"killed after {after:.4f} s", after=after, **how)
        else:
            run.inject(call, "signal=KILL", **how)

    def steps(self, count):
        for scenario in self.scenarios[:count]:
            run = Run(self, "steps", scenario)
            run.watch()
            run.check([])
            run.repeat()

    def kills(self, count):
        for number, scenario, call in self.rounds(count, lambda scenario: scenario.changes):
            run = Run(self, "kills", scenario)
            self.kill(run, number, call)
            run.check([-9])
            run.repeat()

    def errors(self, count):
        for _, scenario, call in self.rounds(count, lambda scenario: scenario.calls):
            run = Run(self, "errors", scenario)
            run.inject(call, "error=" + self.random.choice(["EIO", "ENOSPC", "EACCES"]))
            # With 2, apply reports that a part of the bundle can't be read.
            run.check([1, 3, 4, 5] + [2] * (scenario.name == "apply"))
            run.repeat()

    def disks(self, count):
        """Space or names for a growing part of what the run needs; more than that at the end."""
        ways = [(at, kind) for kind in ["size", "nr_inodes"] for at in [0, 8, 3, 5]][: max(1, min(8, count // 4))]
        for way, (at, kind) in enumerate(ways):
            steps = len(range(way, count, len(ways)))
            with mounted(self.place, "-t", "tmpfs", "-o", ENOUGH, "none"):
                need = 0
                for step in range(steps):
                    run = Run(self, "disks", self.scenarios[at])
                    used, left = taken(self.place, kind), need * (step - 1) * 5 // (steps * 4)
                    if step > 0:  # The first run has enough, and shows the need.
                        shell("mount", "-o", f"remount,{kind}={used + left}", self.place)
                    run.start(f"{kind}={used} + {left if step else 'enough'}")
                    need = need or max(taken(self.place, kind) - used, used // 3)  # A mirror also frees some.
                    if run.code != 0 and (differ := differences(run.served, tree(run.site, [".regstatic", "blobs"]))):
                        run.wrong("changed", f"failed, but these changed: {differ[:5]}")
                    run.check([4])
                    shell("mount", "-o", f"remount,{ENOUGH}", self.place)
                    run.repeat()

    def power(self, count):
        blank = f"{self.folder}/blank"
        shell("truncate", "-s", "24M", blank)
        shell("mkfs.ext4", "-q", blank)
        for number, scenario, call in self.rounds(count, lambda scenario: scenario.changes):
            # Never the same files again: a mount of another process may keep their loop devices, which then
            # have the old bytes.
            disk, copy = f"{self.folder}/disk-{number}", f"{self.folder}/copy-{number}"

            def cut(number=number, disk=disk, copy=copy):
                # Every other time, ext4 has just written its journal, but not all data.
                if number // len(self.scenarios) % 2:
                    with open(f"{self.place}/other", "w") as file:
                        os.fsync(file.fileno())
                shell("cp", "--sparse=always", disk, copy)

            shell("cp", "--sparse=always", blank, disk)
            with mounted(self.place, "-o", "loop", disk):
                run = Run(self, "power", scenario)
                shell("sync", "-f", self.place)
                self.kill(run, number, call, ended=cut) if number % 10 < 9 else run.start("cut at the end", ended=cut)
            with mounted(self.place, "-o", "loop", copy):
                run.check([-9])
                run.repeat()
            os.remove(disk)
            os.remove(copy)

    def report(self):
        for (campaign, *_), row in list(self.table.items()):
            self.table[campaign, "all", ""] += row
        print("campaign command layout  " + "".join(f"{name:>11}" for name in COLUMNS))
        for key, row in self.table.items():
            print("{:9}{:8}{:8}".format(*key) + "".join(f"{row[name]:11}" for name in COLUMNS))
        return any(row[name] for row in self.table.values() for name in WRONG)


def taken(place, kind):
    all = os.statvfs(place)
    return all.f_files - all.f_ffree if kind == "nr_inodes" else (all.f_blocks - all.f_bfree) * all.f_frsize


def shell(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def mounted(place, *words):
    shell("mount", *words, place)
    try:
        yield
    finally:
        shell("umount", place)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/regstatic")
    campaigns = {"steps": 14, "kills": 42, "errors": 42, "disks": 14, "power": 14}
    for name, count in campaigns.items():
        parser.add_argument(f"--{name}", type=int, default=count, metavar="N", help=f"runs (default: {count})")
    parser.add_argument("--seed", type=int, default=1, help="another choice of system calls and times")
    options = parser.parse_args()
    crash = Crash(options, tempfile.mkdtemp(prefix="regstatic-crash-"))
    for name in campaigns:
        try:
            getattr(crash, name)(getattr(options, name))
        except (FileNotFoundError, subprocess.CalledProcessError) as error:
            # Containers often allow no mounts.
            print(f"SKIPPED: {name}, or a part of it: {error}", flush=True)
    if crash.report():
        sys.exit(f"Something is wrong: see above and {crash.folder}. The seed is {options.seed}.")
    shutil.rmtree(crash.folder)
    print("Nothing is wrong in these runs.")


if __name__ == "__main__":
    main()
