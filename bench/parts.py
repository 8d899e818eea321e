# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Three parts of the benchmark: an archive, the start of the program, a site of many tags."""

import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import contenders
import measure

# How many archives there are to add to the site of many tags, one in each round.
MORE = 100

HERE = Path(__file__).resolve().parent


@dataclass
class Setting:
    """What the user asked for."""

    program: str
    work: Path
    rounds: int
    quick: bool
    chroot: Path | None

    def input(self, name, *options):
        """Makes an input in a process of its own, or finds it made."""
        folder = self.work / name
        command = [sys.executable, HERE / "archives.py", folder, *map(str, options)]
        subprocess.run(command, check=True)
        return folder

    def image(self):
        """The large archives, in each shape."""
        megabytes = 100 if self.quick else 1000
        return self.input(f"image-{megabytes}", "--megabytes", megabytes)

    def output(self, name):
        path = self.work / "output" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        measure.remove(path)
        return path


@dataclass
class Comparison:
    files: contenders.Files
    entrants: list
    left_out: list


def compare(setting):
    """One archive, everyone in turn, as often as asked for.

    Each round has an order of its own: what somebody leaves behind, such as free memory, would
    otherwise always fall to the same neighbour.
    """
    files = contenders.Files(setting.work, setting.image())
    peers, missing = contenders.peers(files, setting.chroot)
    entrants = [*contenders.regstatic(setting.program, files), *peers]
    for entrant in entrants:
        if entrant.output:
            setting.output(entrant.output.name)
    progress("warm-up")
    entrants, unable = contenders.warm_up(entrants)
    for number in range(setting.rounds):
        progress(f"round {number + 1} of {setting.rounds}")
        for entrant in random.Random(number).sample(entrants, len(entrants)):
            entrant.runs.append(entrant.run())
    for entrant in entrants:
        measure.remove(entrant.output)
    return Comparison(files, entrants, missing + unable)


def start(setting):
    """How long the program takes to do nothing, and how long a program takes that does nothing."""
    progress("start")

    def middle(*argv):
        return measure.median([measure.run(argv) for _ in range(20)])

    return {"regstatic --version": middle(setting.program, "--version"), "true": middle("true")}


def tags(setting):
    """A site of many tags, each an image of its own; then one more image, and all of them again."""
    progress("tags")
    repositories, each = (50, 10) if setting.quick else (500, 10)
    count = repositories * each
    archives = setting.input(f"tags-{count}", "--tags", repositories, each, MORE)
    site = setting.output("tags")

    def build(archive):
        measure.settle()
        return measure.run([setting.program, "build", str(archives / archive), "-o", str(site)])

    def read(verb):
        return measure.median([measure.run([setting.program, verb, str(site)]) for _ in range(3)])

    found = {
        f"build {count:,} tags in {repositories} repositories": build("tags.tar"),
        "add one more image": measure.median(
            [build(f"more{number}.tar") for number in range(setting.rounds)]
        ),
        "build all again": build("tags.tar"),
        "list": read("list"),
        "verify": read("verify"),
    }
    measure.remove(site)
    return found


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
