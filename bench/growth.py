# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""How the cost grows with the work: tags, layers, the size of a layer, files of a registry's data."""

import subprocess
import sys
from dataclasses import dataclass

import measure
import parts

GIBIBYTE = 1 << 30
# The amounts of work: a first look, and in full.
# The list of images in one archive may have 32 MiB, which is about 44,000 images.
TAGS = (10, 100, 1_000), (10, 1_000, 20_000, 40_000)
LAYERS = (1, 10, 100), (1, 10, 100)
STREAMED = (GIBIBYTE // 8, GIBIBYTE // 2), (GIBIBYTE, 4 * GIBIBYTE, 20 * GIBIBYTE)
# The names in one input may have 64 MiB, which is about 440,000 such files.
LINKS = (100, 1_000), (1_000, 30_000, 300_000, 400_000)


@dataclass
class Growth:
    """What a step took for each amount of work; amounts without a run are left out."""

    step: str
    unit: str
    runs: dict

    def against_line(self, field):
        """How much the last step up cost, compared with a straight line through the origin.

        1 is linear, 2 is twice as much as linear. Fixed costs make it smaller than 1.
        """
        (few, less), (many, more) = list(self.runs.items())[-2:]
        return getattr(more, field) / getattr(less, field) / (many / few)


def measure_all(setting):
    index = 0 if setting.quick else 1
    return [
        *tags(setting, TAGS[index]),
        layers(setting, LAYERS[index]),
        stream(setting, STREAMED[index]),
        links(setting, LINKS[index]),
    ]


def tags(setting, counts):
    """A site of many tags, each an image of its own, ten in a repository."""
    found = {}
    for count in counts:
        parts.progress(f"{count:,} tags")
        archives = setting.input(f"tags-{count}", "--tags", count // 10, 10, 1)
        site = setting.output("growth")

        def run(step, verb, *arguments):
            measure.settle()
            argv = [setting.program, verb, *map(str, arguments)]
            found.setdefault(step, {})[count] = measure.run(argv)

        run("build", "build", archives / "tags.tar", "-o", site)
        run("add one image", "build", archives / "more0.tar", "-o", site)
        run("list", "list", site)
        run("verify", "verify", site)
        run("remove one image", "remove", site, "team0/more:0")
        run("prune", "prune", site, "--now")
        measure.remove(site)
    return [Growth(step, "tags", runs) for step, runs in found.items()]


def layers(setting, counts):
    """The same bytes in more and more layers of one image."""
    found = {}
    for count in counts:
        parts.progress(f"{count} layers")
        megabytes = 20 if setting.quick else 200
        folder = setting.input(f"layers-{count}-{megabytes}", "--layers", count, megabytes)
        found[count] = build(setting, str(folder / "layers.tar"))
    return Growth("build of the same bytes", "layers", found)


def stream(setting, sizes):
    """One large layer through a pipe; the time is that of the slower end of the pipe."""
    found = {}
    for size in sizes:
        parts.progress(f"{size / GIBIBYTE:.1f} GiB through a pipe")
        maker = [sys.executable, parts.HERE / "archives.py", "--stream", str(size)]
        with subprocess.Popen(maker, stdout=subprocess.PIPE) as process:
            found[size] = build(setting, "-", stdin=process.stdout)
            process.stdout.close()
    return Growth("build from a pipe", "bytes in one layer", found)


def links(setting, counts):
    """A registry's data with many small files, of which most belong to no image."""
    found = {}
    for count in counts:
        parts.progress(f"{count:,} files of a registry")
        folder = setting.input(f"links-{count}", "--links", count)
        found[count] = build(setting, str(folder / "links.tar"))
    return Growth("build of a registry's data", "files", found)


def build(setting, source, stdin=subprocess.DEVNULL):
    site = setting.output("growth")
    measure.settle()
    usage = measure.run([setting.program, "build", source, "-o", str(site)], stdin=stdin)
    measure.remove(site)
    return usage
