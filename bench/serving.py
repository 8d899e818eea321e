# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""The fourth part: what nginx makes of a site, beside Docker's registry and beside nginx alone."""

import shutil
import statistics
from dataclasses import dataclass, field

import measure
import parts
import servers

NEEDED = ("nginx", "wrk", "docker-registry", "skopeo")
IMAGE = "team0/app0:1.0"
MANIFESTS = "application/vnd.oci.image.manifest.v1+json"
MANY = 100_000


@dataclass
class Rate:
    """How often a server gives what is asked of it."""

    label: str
    server: servers.Server
    path: str
    runs: list = field(default_factory=list)

    @property
    def middle(self):
        return statistics.median(self.runs)


def measure_all(setting):
    """Everything of this part, or what it lacks."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        return None, [f"serving: {name} is not installed" for name in missing]
    return {"manifests": manifests(setting), "blobs": blobs(setting), "tags": many(setting)}, []


def manifests(setting):
    """One manifest by its tag."""
    site, work = build(setting, 10), setting.output("serving")
    work.mkdir()
    with servers.registry(work) as registry:
        servers.push(site, IMAGE, registry)
    name, tag = IMAGE.split(":")
    path = f"/v2/{name}/manifests/{tag}"
    return rounds(setting, [
        Rate("nginx, a site's configuration", servers.site(site, work), path),
        Rate("docker-registry", servers.registry(work), path),
    ])


def blobs(setting):
    """A large layer by its digest, and the same file from nginx alone."""
    archive = setting.image()
    site, work = setting.output("serving-site"), setting.output("serving")
    work.mkdir()
    measure.run([setting.program, "build", "--compression", "none",
                 str(archive / "modern.tar"), "-o", str(site)])
    sizes = {path.stat().st_size: path for path in (site / "blobs/sha256").iterdir()}
    largest = sizes[max(size for size in sizes if size < 150_000_000)]
    return rounds(setting, [
        Rate("nginx, a site's configuration", servers.site(site, work),
             f"/v2/bench/app/blobs/sha256:{largest.name}"),
        Rate("nginx, a folder of files", servers.files(largest.parent, work), f"/{largest.name}"),
    ])


def rounds(setting, rates):
    """Everyone in turn, alone."""
    seconds = 1 if setting.quick else 5
    for number in range(setting.rounds):
        for rate in rates:
            parts.progress(f"serving, round {number + 1} of {setting.rounds}: {rate.label}")
            with rate.server as server:
                rate.runs.append(servers.load(server.url(rate.path), seconds, accept=MANIFESTS))
    return rates


def many(setting):
    """nginx's start and memory with ten tags, and with very many."""
    found = {}
    for count in (10, MANY // 100 if setting.quick else MANY):
        parts.progress(f"serving {count} tags")
        site, work = build(setting, count), setting.output("serving")
        work.mkdir()
        starts = []
        for _ in range(setting.rounds):
            with servers.site(site, work) as server:
                name = f"/v2/team0/app0/manifests/1.{min(count, 100) - 1}"
                servers.load(server.url(name), 1)
                starts.append((server.start, server.memory()))
        found[f"nginx, {count:,} tags"] = tuple(map(statistics.median, zip(*starts)))
    measure.remove(site)
    measure.remove(work)
    return found


def build(setting, count):
    """A site with one image under so many tags."""
    archives = setting.input(f"names-{count}", "--names", count)
    site = setting.output("serving-site")
    measure.run([setting.program, "build", str(archives / "names.tar"), "-o", str(site)])
    return site
