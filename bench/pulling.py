# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""What a pull costs a node, by the compression of the layers.

All images have the same content and come from the same nginx, so only the compression differs.
"""

import json
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import contenders
import measure
import parts
import servers

NEEDED = ("nginx", "podman", "skopeo")
IMAGE = "bench/app:1"


@dataclass
class Pull:
    """A site, and the runs of a client that pulls its image."""

    label: str
    site: Path
    # The compressed size of the layers in bytes.
    size: int
    runs: list = field(default_factory=list)


def layers_size(site):
    index = json.loads((site / "index.json").read_text(encoding="utf-8"))
    digest = index["manifests"][0]["digest"].split(":")[1]
    manifest = json.loads((site / "blobs/sha256" / digest).read_text(encoding="utf-8"))
    return sum(layer["size"] for layer in manifest["layers"])


def measure_all(setting):
    """The pulls in turn, each into an empty store; or the programs that are missing."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        return [], [f"pulls: {name} is not installed" for name in missing]
    archive = setting.image() / "modern.tar"
    pulls = list(sites(setting, archive))
    for number in range(-1, setting.rounds):
        for pull in random.Random(number).sample(pulls, len(pulls)):
            parts.progress(f"pulls, round {number + 1} of {setting.rounds}: {pull.label}")
            usage = run(setting, pull)
            # The first round only warms up.
            if number >= 0:
                pull.runs.append(usage)
    for pull in pulls:
        measure.remove(pull.site)
    return pulls, []


def sites(setting, archive):
    layout = setting.output("pulls-skopeo")
    argv = ["skopeo", "--insecure-policy", "copy", "-q", f"docker-archive:{archive}", f"oci:{layout}:{IMAGE}"]
    measure.run(argv)
    number = contenders.version("skopeo", "--version")
    kinds = [
        (f"gzip of skopeo {number}", layout, ()),
        ("regstatic (gzip, default)", archive, ()),
        ("regstatic --level 2", archive, ("--level", "2")),
        ("regstatic --compression zstd", archive, ("--compression", "zstd")),
    ]
    for count, (label, source, options) in enumerate(kinds):
        site = setting.output(f"pulls-{count}")
        measure.run([setting.program, "build", str(source), "-o", str(site), *options])
        yield Pull(label, site, layers_size(site))
    measure.remove(layout)


def run(setting, pull):
    store, work = setting.output("pulls-store"), setting.output("pulls-work")
    store.mkdir()
    work.mkdir()
    policy = work / "policy.json"
    policy.write_text('{"default":[{"type":"insecureAcceptAnything"}]}', encoding="utf-8")
    with servers.site(pull.site, work) as server:
        measure.settle()
        usage = measure.run([
            "podman", "--root", str(store / "root"), "--runroot", str(store / "run"),
            "--tmpdir", str(store / "tmp"), "--storage-driver", "overlay",
            "--events-backend", "none", "--cgroup-manager", "cgroupfs",
            "pull", "-q", "--tls-verify=false", "--signature-policy", str(policy),
            f"127.0.0.1:{server.port}/{IMAGE}",
        ])
    measure.remove(store)
    measure.remove(work)
    return usage
