#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Measures regstatic beside the tools that do a part of the same work.

It makes its own input from Debian packages, lets everyone run in turn, and prints medians and
ratios. It judges nothing: slow is not a failure. Memory is that of the largest single process, and
about 15 MB of it is what this program has when it starts one.
"""

import argparse
import json
import sys
from pathlib import Path

import growth
import measure
import medium
import parts
import pulling
import report
import serving
import updates

PARTS = ("archive", "start", "tags", "serving", "pulls", "growth", "medium", "updates")
# These parts take long, so they run only if they are named.
NAMED = ("growth", "medium", "updates")
RELEASE = Path(__file__).resolve().parent.parent / ".build/release/regstatic"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="100 MB and 500 tags: a first look")
    add("--rounds", type=int, default=5, help="how often everyone runs (5)")
    add("--only", choices=PARTS, help=f"one of the parts; {', '.join(NAMED)} take long and run only if they are named")
    add("--chroot", type=Path, metavar="DIR",
        help="another system's tree, whose skopeo takes part too; needs root")
    add("--json", type=Path, metavar="FILE", help="everything that was measured, for machines")
    add("--work", type=Path, default=Path("bench-work"), metavar="DIR",
        help="for inputs, which are kept, and outputs (bench-work)")
    add("--limit", type=int, default=measure.LIMIT, metavar="SECONDS",
        help="how long a command may take before it is left out (900)")
    add("--touch", type=int, default=0, metavar="MB",
        help="free memory to touch before each run, for machines that hand it back to a host (0)")
    add("--program", type=Path, default=RELEASE, metavar="FILE",
        help="the regstatic to measure (the release build)")
    options = parser.parse_args()
    if not 1 <= options.rounds <= parts.MORE:
        parser.error(f"--rounds takes 1 to {parts.MORE}")
    if not options.program.exists():
        parser.error(f"there is no {options.program}: run `make build` first")
    return options


def main():
    options = arguments()
    measure.LIMIT = options.limit
    measure.TOUCH = options.touch * report.MB
    setting = parts.Setting(
        program=str(options.program.resolve()),
        work=options.work.resolve(),
        rounds=options.rounds,
        quick=options.quick,
        chroot=options.chroot,
    )
    wanted = [options.only] if options.only else [part for part in PARTS if part not in NAMED]
    env = report.environment(setting.program)
    comparison = parts.compare(setting) if "archive" in wanted else None
    small = {}
    for name, part in (("start", parts.start), ("tags", parts.tags)):
        if name in wanted:
            small |= part(setting)
    served, missing = serving.measure_all(setting) if "serving" in wanted else (None, [])
    pulled, unpulled = pulling.measure_all(setting) if "pulls" in wanted else ([], [])
    grown = growth.measure_all(setting) if "growth" in wanted else []
    slow, unslowed = medium.measure_all(setting) if "medium" in wanted else ({}, [])
    changed, unchanged = updates.measure_all(setting) if "updates" in wanted else (None, [])
    parts.progress("")
    compared = report.ratios(comparison.entrants) if comparison else []
    report.print_environment(env)
    if comparison:
        report.print_comparison(comparison, setting.rounds)
        report.print_layers(comparison)
        report.print_ratios(compared)
    if small:
        report.print_small(small)
    report.print_serving(served, missing)
    report.print_pulls(pulled, unpulled)
    if grown:
        report.print_growth(grown)
    report.print_medium(slow, unslowed)
    report.print_updates(changed, unchanged)
    if options.json:
        result = report.document(env, comparison, compared, small, served, pulled, grown)
        result |= {"medium": slow, "updates": changed}
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except measure.Failed as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
