# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Who takes part: regstatic in all its ways, and the tools that do a part of the same work."""

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import measure

GZIP_LEVELS = (1, 2, 3)
DEFAULT_GZIP_LEVEL = 1


@dataclass
class Contender:
    key: str
    label: str
    argv: list
    output: Path | None = None
    # Whether a run finds what the run before it made.
    keeps: bool = False
    # Whether the benchmark is worthless without it.
    needed: bool = False
    runs: list = field(default_factory=list)
    # The sizes of the layers it made, if it makes an image.
    layers: list = field(default_factory=list)

    def run(self):
        if not self.keeps:
            measure.remove(self.output)
        measure.settle()
        usage = measure.run([str(word) for word in self.argv], self.output)
        self.layers = self.layers or layer_sizes(self.output)
        if not self.keeps:
            measure.remove(self.output)
        return usage


def layer_sizes(output):
    """The sizes of the layers of the image in a folder; nothing if it has none."""
    index = output and output / "index.json"
    if not index or not index.exists():
        return []
    digest = json.loads(index.read_bytes())["manifests"][0]["digest"]
    manifest = output / "blobs" / digest.replace(":", "/")
    return [layer["size"] for layer in json.loads(manifest.read_bytes())["layers"]]


@dataclass
class Files:
    """Where the input is, and where the output goes."""

    work: Path
    archive: Path

    @property
    def modern(self):
        return self.archive / "modern.tar"

    @property
    def legacy(self):
        return self.archive / "legacy.tar"

    @property
    def volume(self):
        return self.archive / "volume.tar"

    @property
    def layers(self):
        return sorted((self.archive / "layers").iterdir())

    @property
    def listed(self):
        """Each layer's name, size, and whether its files are compressed already."""
        return json.loads((self.archive / "layers.json").read_bytes())

    def output(self, key):
        return self.work / "output" / key


def regstatic(program, files):
    """regstatic's own contenders: each compression, a second build, a pipe, the older archive."""

    def build(key, label, *options, source=files.modern, **more):
        output = files.output(key)
        argv = [program, "build", source, "-o", output, *options]
        return Contender(key, f"regstatic {label}", argv, output, **more)

    yield build("regstatic", "(gzip, default)", needed=True)
    for level in GZIP_LEVELS:
        if level != DEFAULT_GZIP_LEVEL:
            yield build(f"gzip-{level}", f"--level {level}", "--level", level)
    yield build("zstd", "--compression zstd", "--compression", "zstd")
    yield build("none", "--compression none", "--compression", "none")
    yield build("second", "second build, nothing new", keeps=True)
    yield build("legacy", "of a Docker 1.10-24 archive", source=files.legacy)
    yield build("volume", "of a registry's data", source=files.volume)
    yield piped(program, files)


def piped(program, files):
    output = files.output("pipe")
    script = 'cat "$1" | "$2" build - -o "$3"'
    argv = ["sh", "-c", script, "sh", files.modern, program, output]
    return Contender("pipe", "regstatic from a pipe", argv, output)


def skopeo(files):
    output = files.output("skopeo")
    argv = ["skopeo", *skopeo_copy(files.modern, output)]
    return Contender("skopeo", f"skopeo {version('skopeo', '--version')}", argv, output)


def skopeo_copy(archive, output):
    return ["--insecure-policy", "copy", "-q", f"docker-archive:{archive}", f"oci:{output}:1"]


def skopeo_in(tree, files):
    """Another system's skopeo: its tree sees the work folder as /mnt, in mounts of its own."""
    number = version("chroot", tree, "skopeo", "--version")
    inside = Path("/mnt")
    output = files.output("skopeo-chroot")
    copy = skopeo_copy(
        inside / files.modern.relative_to(files.work), inside / output.relative_to(files.work)
    )
    script = (
        'mount --bind "$1" "$2/mnt" && mount --bind /proc "$2/proc" && tree=$2 && shift 2'
        ' && exec chroot "$tree" skopeo "$@"'
    )
    argv = ["unshare", "--mount", "sh", "-c", script, "sh", files.work, tree, *copy]
    return Contender("skopeo-chroot", f"skopeo {number} (chroot)", argv, output)


def pigz(files):
    output = files.output("pigz")
    script = (
        'mkdir "$1" && output=$1 && shift'
        ' && for layer; do pigz -6 -n -c "$layer" >"$output/${layer##*/}" || exit; done'
    )
    return Contender("pigz", "pigz -6 of the layers", ["sh", "-c", script, "sh", output, *files.layers], output)


def openssl(files):
    argv = ["openssl", "dgst", "-sha256", files.modern]
    return Contender("openssl", "openssl dgst -sha256", argv)


def copy(files):
    output = files.output("copy")
    return Contender("copy", "cp", ["cp", files.modern, output], output)


def peers(files, tree):
    """The peers that are here, and the names of those that are not."""
    makers = {"skopeo": skopeo, "pigz": pigz, "openssl": openssl, "cp": copy}
    found = [make(files) for name, make in makers.items() if shutil.which(name)]
    missing = [f"{name}: not installed" for name in makers if not shutil.which(name)]
    if tree and (tree / "usr/bin/skopeo").exists():
        found.insert(1, skopeo_in(tree.resolve(), files))
    elif tree:
        missing.append(f"skopeo in {tree}: not there")
    return found, missing


def version(*argv):
    """The number in what a tool says of itself."""
    if not shutil.which(str(argv[0])):
        return "missing"
    said = subprocess.run(
        [str(word) for word in argv], capture_output=True, text=True, check=False
    )
    words = (said.stdout + said.stderr).split()
    return next((word.strip(",") for word in words if word[0].isdigit()), "of unknown version")


def warm_up(contenders):
    """Lets each run once; those that can't are left out and named."""
    able, unable = [], []
    for contender in contenders:
        try:
            contender.run()
            able.append(contender)
        except (measure.Failed, OSError) as error:
            if contender.needed:
                raise
            unable.append(f"{contender.label}: {error}")
    return able, unable
