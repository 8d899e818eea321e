#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Measures patches between raw layers beside xdelta3, zstd --patch-from and casync.

It makes pairs of an old and a new layer (see delta_pairs.py), builds the program that makes patches, and
prints for each tool the size of the patch, CPU seconds and memory. Memory is anonymous memory, such as heap,
and, in a column of its own, all memory with the pages of mapped files, which the system can drop at any time.
"""

import argparse
import filecmp
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import delta_pairs
import measure

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = ROOT / ".build/bench"
TOOL = SCRATCH / "release/patch-tool"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("pairs", nargs="*", metavar="PAIR", help=f"some of {', '.join(delta_pairs.PAIRS)}; all without it")
    add("--threads", type=int, default=1, help="threads of ours (1)")
    add("--quick", action="store_true", help="only ours and zstd -3")
    add("--work", type=Path, default=Path("bench-work/deltas"), metavar="DIR", help="pairs and patches (5 to 10 GB)")
    options = parser.parse_args()
    for pair in options.pairs:
        if pair not in delta_pairs.PAIRS:
            parser.error(f"no pair is named {pair}")
    return options


def build():
    environment = {**os.environ, "REGSTATIC_BENCH": "1"}
    command = ["swift", "build", "-q", "-c", "release", "--scratch-path", SCRATCH, "--product", "patch-tool"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def tools(old, new, patch, made, options):
    """For each tool, its name, and the commands that make and apply a patch."""
    memory = "--memory=2048MB"
    yield (
        "regstatic",
        [TOOL, "make", options.threads, new, patch, old],
        [TOOL, "apply", patch, made, old],
    )
    for level in (3,) if options.quick else (3, 9):
        yield (
            f"zstd -{level} --patch-from",
            ["zstd", "-q", "-f", f"-{level}", "--long=31", f"--patch-from={old}", new, "-o", patch],
            ["zstd", "-q", "-f", "-d", "--long=31", memory, f"--patch-from={old}", patch, "-o", made],
        )
    if not options.quick:
        yield (
            "xdelta3 -9",
            ["xdelta3", "-f", "-9", "-e", "-B", 2**31 - 1, "-s", old, new, patch],
            ["xdelta3", "-f", "-d", "-B", 2**31 - 1, "-s", old, patch, made],
        )


class Peak(threading.Thread):
    """Looks at the anonymous memory of a process every few milliseconds."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.anonymous = process, 0

    def run(self):
        while True:
            try:
                with open(f"/proc/{self.process}/status") as status:
                    rows = dict(row.split(":", 1) for row in status if ":" in row)
            except OSError:
                return
            if "RssAnon" not in rows:
                return
            self.anonymous = max(self.anonymous, int(rows["RssAnon"].split()[0]) * 1024)
            time.sleep(0.005)


def run(argv):
    """Runs a command; returns CPU seconds, anonymous memory and all memory."""
    process = subprocess.Popen([str(word) for word in argv], stdout=subprocess.DEVNULL)
    peak = Peak(process.pid)
    peak.start()
    status, used = measure.wait(process)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise measure.Failed(f"{argv[0]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, peak.anonymous, used.ru_maxrss * 1024


def chunks(old, new, made, work):
    """casync has no patches: a receiver that has the old layer gets the index and the chunks that are new."""
    store, index = work / "chunks", work / "new.caibx"
    for path in (store, made):
        measure.remove(str(path))
    make = ["casync", "make", f"--store={store}"]
    run([*make, work / "old.caibx", old])
    before = stored(store)
    cost = run([*make, index, new])
    size = stored(store) - before + index.stat().st_size
    again = run(["casync", "extract", f"--store={store}", f"--seed={old}", index, made])
    measure.remove(str(store))
    return size, cost, again


def stored(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def megabytes(count):
    return f"{count / 1e6:,.0f}"


def compare(pair, options):
    old, new = delta_pairs.make(pair, str(options.work))
    patch, made = options.work / "patch", options.work / "made"

    def patched(make, apply):
        cost = run(make)
        return os.path.getsize(patch), cost, run(apply)

    runs = [(name, lambda words=words: patched(*words)) for name, *words in tools(old, new, patch, made, options)]
    if not options.quick:
        runs.append(("casync, new chunks", lambda: chunks(old, new, made, options.work)))
    for name, measured in runs:
        try:
            # The files are in the page cache for everyone.
            subprocess.run(["cat", old, new], stdout=subprocess.DEVNULL, check=True)
            size, (cpu, anonymous, memory), again = measured()
            exact = "yes" if filecmp.cmp(made, new, shallow=False) else "NO"
        except (measure.Failed, OSError) as error:
            print(f"| {pair} | {name} | {error} |", flush=True)
            continue
        row = [pair, name, f"{size:,}", f"{cpu:.1f}", megabytes(anonymous), megabytes(memory)]
        row += [f"{again[0]:.1f}", megabytes(again[1]), exact]
        print("| " + " | ".join(row) + " |", flush=True)
    for path in (patch, made):
        measure.remove(str(path))


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    build()
    print("| pair | tool | patch, bytes | make: CPU s | MB | with files | apply: CPU s | MB | exact |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for pair in options.pairs or delta_pairs.PAIRS:
        compare(pair, options)


if __name__ == "__main__":
    sys.exit(main())
