#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Measures bundles between two versions of an image: their size, and the commands that make and apply them.

Each pair of layers (see delta_pairs.py) becomes two images of one layer. The peer is `regstatic build` of the
new image, which is what the other site would have to do with the whole archive.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import archives
import delta_pairs
import measure

RELEASE = Path(__file__).resolve().parent.parent / ".build/release/regstatic"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("pairs", nargs="*", metavar="PAIR", help=f"some of {', '.join(delta_pairs.PAIRS)}; all without it")
    add("--work", type=Path, default=Path("bench-work/deltas"), metavar="DIR", help="pairs and sites (5 to 10 GB)")
    add("--program", type=Path, default=RELEASE, metavar="FILE", help="the regstatic to measure (the release build)")
    add("--touch", type=int, default=0, metavar="MB",
        help="free memory to touch before each run, for machines that hand it back to a host (0)")
    return parser.parse_args()


def archive(layer, tag, folder):
    """The archive of an image of one raw layer."""
    with open(layer, "rb") as file:
        named = folder / hashlib.file_digest(file, "sha256").hexdigest()
    named.symlink_to(Path(layer).resolve())
    path = folder / f"{tag}.tar"
    archives.write_legacy(path, archives.Image(f"team/app:{tag}", [archives.Layer(named)]))
    named.unlink()
    return path


def compare(pair, options):
    old, new = delta_pairs.make(pair, str(options.work))
    folder = options.work / "bundles"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    far, home, bundle = folder / "far", folder / "home", folder / "trip.bundle"

    def run(*words):
        measure.settle()
        return measure.run([str(options.program), *map(str, words)])

    first = archive(old, "1", folder)
    for site in (far, home):
        run("build", first, "-o", site)
    first.unlink()
    built = run("build", archive(new, "2", folder), "-o", home)
    created = run("bundle", "create", home, "--have", far, "-o", bundle)
    applied = run("bundle", "apply", bundle, far, "--no-receipt")
    if subprocess.run(["diff", "-r", "--no-dereference", "-x", ".regstatic", far, home], check=False).returncode != 0:
        raise measure.Failed(f"{pair}: the sites differ")
    layer = max(path.stat().st_size for path in (far / "blobs/sha256").iterdir())
    row = [
        pair, f"{Path(new).stat().st_size / 1e6:,.0f} / {layer / 1e6:,.0f}", f"{bundle.stat().st_size:,}",
        *(f"{usage.cpu:.1f}" for usage in (created, applied, built)), f"{applied.cpu / built.cpu:.2f}",
        f"{applied.memory / 1e6:.0f}",
    ]
    print("| " + " | ".join(row) + " |", flush=True)
    shutil.rmtree(folder)


def main():
    options = arguments()
    measure.TOUCH = options.touch * 1_000_000
    options.work.mkdir(parents=True, exist_ok=True)
    print("| pair | raw / layer MB | bundle, bytes | create: CPU s | apply: CPU s | build | apply / build | MB |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for pair in options.pairs or delta_pairs.PAIRS:
        try:
            compare(pair, options)
        except measure.Failed as error:
            print(f"| {pair} | {error} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
