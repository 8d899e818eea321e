# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Tables of what was measured, and the ratios that matter."""

import datetime
import itertools
import os
import platform
import statistics
from dataclasses import asdict

import contenders
import measure

MB = 1_000_000
# The contenders in the table of the layers; the first and the last one are compared.
LAYERS_OF = ("regstatic", "gzip-2", "zstd", "skopeo")
FIELDS = ("wall", "cpu", "memory", "output")

# What is compared: how many times as much the first takes as the second.
COMPARED = (
    ("skopeo", "regstatic", FIELDS),
    ("skopeo-chroot", "regstatic", FIELDS),
    ("pigz", "regstatic", ("wall", "cpu", "output")),
    ("none", "openssl", ("wall", "cpu")),
    ("none", "copy", ("wall", "cpu")),
    ("second", "openssl", ("wall", "cpu")),
    ("volume", "openssl", ("wall", "cpu")),
    ("second", "regstatic", ("wall", "cpu")),
    ("pipe", "regstatic", FIELDS),
    ("legacy", "regstatic", FIELDS),
)

# What is asked of servers; the last one of each kind is what the others are compared with.
RATES = ("manifests", "blobs")


def environment(program):
    """What a reader must know to believe a number."""
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": system_name(),
        "kernel": platform.release(),
        "regstatic": contenders.version(program, "--version"),
        "openssl": contenders.version("openssl", "version"),
        "pigz": contenders.version("pigz", "--version"),
    }


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def system_name():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def ratios(entrants):
    """The comparisons for which both sides ran."""
    middles = {entrant.key: measure.median(entrant.runs) for entrant in entrants}
    labels = {entrant.key: entrant.label for entrant in entrants}
    return [
        {
            "of": labels[above],
            "to": labels[below],
            **{field: getattr(middles[above], field) / getattr(middles[below], field)
               for field in fields},
        }
        for above, below, fields in COMPARED
        if above in middles and below in middles
    ]


def document(env, comparison, compared, small, served, pulled, grown):
    """Everything that was measured, for machines; times in seconds, sizes in bytes."""
    entrants = comparison.entrants if comparison else []
    return {
        "environment": env,
        "archive": comparison and asdict_archive(comparison),
        "layers": comparison and layer_table(comparison),
        "contenders": {
            entrant.key: {
                "label": entrant.label,
                "median": asdict(measure.median(entrant.runs)),
                "runs": [asdict(run) for run in entrant.runs],
            }
            for entrant in entrants
        },
        "ratios": compared,
        "leftOut": comparison.left_out if comparison else [],
        "small": {label: asdict(usage) for label, usage in small.items()},
        "pulls": [
            {"label": pull.label, "bytes": pull.size, "runs": [asdict(run) for run in pull.runs]}
            for pull in pulled
        ],
        "growth": [
            {
                "step": growth.step,
                "unit": growth.unit,
                "runs": {str(amount): asdict(usage) for amount, usage in growth.runs.items()},
            }
            for growth in grown
        ],
        "serving": served and {
            "rates": {
                kind: {rate.label: {"median": rate.middle, "runs": rate.runs} for rate in served[kind]}
                for kind in RATES
            },
            "tags": {
                label: {"start": start, "memory": memory}
                for label, (start, memory) in served["tags"].items()
            },
        },
    }


def asdict_archive(comparison):
    files = comparison.files
    return {"bytes": files.modern.stat().st_size, "layers": len(files.layers)}


def print_environment(env):
    print(f"{env['date']}: {env['cpu']}, {env['cores']} cores, {env['memory'] / 1e9:.0f} GB;",
          f"{env['system']}, Linux {env['kernel']}")
    print(", ".join(f"{name} {env[name]}" for name in ("regstatic", "openssl", "pigz")))


def print_comparison(comparison, rounds):
    archive = asdict_archive(comparison)
    print(f"\nAn archive of {archive['bytes'] / MB:.0f} MB, {archive['layers']} layers,",
          f"in the page cache; medians of {rounds} after a warm-up\n")
    rows = []
    for entrant in comparison.entrants:
        walls = [run.wall for run in entrant.runs]
        rows.append((
            entrant.label,
            *cells(measure.median(entrant.runs), FIELDS),
            f"{min(walls):.2f}-{max(walls):.2f}",
        ))
    table(("", "wall s", "CPU s", "peak MB", "output MB", "wall from-to"), rows)
    print_left_out(comparison.left_out)


def layer_table(comparison):
    """The sizes of the layers that each contender made, and their sums."""
    listed = comparison.files.listed
    makers = [entrant for entrant in comparison.entrants if entrant.key in LAYERS_OF and entrant.layers]
    columns = [[layer["bytes"] for layer in listed], *(maker.layers for maker in makers)]
    kept = [not layer["compressed"] for layer in listed]
    rows = [(layer["name"], *sizes) for layer, sizes in zip(listed, zip(*columns))]
    rows.append(("all", *(sum(column) for column in columns)))
    rows.append(("without what is compressed already",
                 *(sum(itertools.compress(column, kept)) for column in columns)))
    return ("layer", "raw", *(maker.label for maker in makers)), rows


def print_layers(comparison):
    header, rows = layer_table(comparison)
    print()
    table((*header, "first : last"), [
        (name, *(f"{size / MB:.1f}" for size in sizes), f"{sizes[1] / sizes[-1]:.3f}")
        for name, *sizes in rows
    ])


def print_left_out(texts):
    for text in texts:
        print(f"left out: {text}")


def print_ratios(found):
    print()
    rows = [
        (f"{ratio['of']} : {ratio['to']}",
         *(f"{ratio[field]:.2f}" if field in ratio else "-" for field in FIELDS))
        for ratio in found
    ]
    table(("ratio", "wall", "CPU", "memory", "output"), rows)


def print_small(found):
    print()
    rows = [(label, f"{usage.wall * 1000:.1f}", f"{usage.cpu * 1000:.1f}", f"{usage.memory / MB:.0f}")
            for label, usage in found.items()]
    table(("", "wall ms", "CPU ms", "peak MB"), rows)


def print_serving(served, missing):
    print_left_out(missing)
    if not served:
        return
    print()
    rows = [
        (f"{kind}: {rate.label}", f"{rate.middle:.{0 if rate.middle > 100 else 1}f}", f"{rate.middle / served[kind][-1].middle:.2f}")
        for kind in RATES
        for rate in served[kind]
    ]
    table(("", "answers/s", "ratio"), rows)
    print()
    rows = [(label, f"{start * 1000:.0f}", f"{memory / MB:.1f}")
            for label, (start, memory) in served["tags"].items()]
    table(("", "start ms", "memory MB"), rows)


def print_pulls(found, missing):
    """Each compression beside skopeo's, which is the first."""
    print_left_out(missing)
    if not found:
        return
    print()
    first = measure.median(found[0].runs)
    rows = []
    for pull in found:
        middle = measure.median(pull.runs)
        rows.append((
            pull.label,
            *cells(middle, ("wall", "cpu", "memory")),
            f"{pull.size / MB:.0f}",
            *(f"{ratio:.2f}" for ratio in (
                middle.wall / first.wall, middle.cpu / first.cpu, pull.size / found[0].size)),
        ))
    table(("podman pull", "wall s", "CPU s", "peak MB", "layers MB", "wall", "CPU", "size"), rows)


def print_growth(found):
    """A table for each unit: CPU time and memory for each amount, and the straight line."""
    for unit in dict.fromkeys(growth.unit for growth in found):
        rows = [growth for growth in found if growth.unit == unit]
        amounts = list(rows[0].runs)
        print()
        table(
            (unit, *(f"{amount:,}" for amount in amounts), "line", "MB", "line"),
            [
                (
                    growth.step,
                    *(f"{usage.cpu:.2f}" for usage in growth.runs.values()),
                    f"{growth.against_line('cpu'):.2f}",
                    f"{growth.runs[amounts[-1]].memory / MB:.0f}",
                    f"{growth.against_line('memory'):.2f}",
                )
                for growth in rows
            ],
        )
    print("\nCPU seconds for each amount of work, and the memory of the largest; line: the last step up,",
          "as a multiple of a straight line")


def print_medium(found, missing):
    """Wall times on a slow medium; the ratio is that of the medians."""
    print_left_out(missing)
    if not found:
        return
    print()
    rows = []
    for step, run in found.items():
        copied, built = statistics.median(run["cp"]), statistics.median(run["build"])
        rows.append((step, str(run["files"]), f"{run['bytes'] / MB:.1f}", f"{copied:.2f}", f"{built:.2f}",
                     f"{built / copied:.2f}"))
    table(("on a slow medium", "files", "MB", "cp s", "build s", "ratio"), rows)


def print_updates(found, missing):
    print_left_out(missing)
    if not found:
        return
    print(f"\n{found['clients']} clients, while {found['runs']} runs changed the site: {found['pulls']:,} pulls,",
          f"{found['answers']:,} answers, {found['broken']} broken")
    for text in found["examples"]:
        print(f"  {text}")


def cells(usage, fields):
    values = asdict(usage)
    for field in fields:
        size = field in ("memory", "output")
        yield ("-" if not values[field] else f"{values[field] / MB:.0f}") if size else f"{values[field]:.2f}"


def table(header, rows):
    """Columns in line: the first to the left, numbers to the right."""
    rows = [header, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    for row in rows:
        numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))
        print("  ".join([row[0].ljust(widths[0]), *numbers]))
