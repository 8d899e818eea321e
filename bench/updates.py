# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Clients that pull from nginx while the site changes: whether each answer is whole and right.

Builds add an image, move a tag, remove an image, prune, and mirror, one after the other. Each client
reads a manifest by its tag, waits a moment, and reads the manifest by its digest and all blobs. Every
byte is hashed. An answer is broken if it isn't 200, or has another digest. Only a tag that the runs
add and remove may be absent.
"""

import contextlib
import hashlib
import http.client
import itertools
import json
import multiprocessing
import random
import shutil
import threading
import time

import measure
import parts
import servers

PROCESSES, THREADS, BUILDS = 4, 50, 50
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def measure_all(setting):
    """The number of answers, of pulls and of broken answers, and the first of these."""
    if not shutil.which("nginx"):
        return None, ["updates: nginx is not installed"]
    images = setting.input("tags-500", "--tags", 50, 10, 100)
    moving = [setting.input(f"layers-{count}-20", "--layers", count, 20) / "layers.tar" for count in (1, 10)]
    site, work = setting.output("updates"), setting.output("updates-work")
    work.mkdir()
    regstatic(setting, "build", images / "tags.tar", moving[0], "-o", site)
    index = json.loads((site / "index.json").read_text(encoding="utf-8"))
    stable = [entry["annotations"]["org.opencontainers.image.ref.name"] for entry in index["manifests"]]
    with servers.site(site, work) as server, clients(server.port, stable) as results:
        for number, run in zip(range(BUILDS), itertools.cycle(range(5))):
            parts.progress(f"updates, run {number + 1} of {BUILDS}")
            more = f"more{number // 5}"
            regstatic(setting, *(
                ("build", images / f"{more}.tar", "-o", site),
                ("build", moving[(number // 5 + 1) % 2], "-o", site),
                ("remove", site, f"team0/more:{number // 5}"),
                ("prune", site),
                ("build", images / "tags.tar", moving[number // 5 % 2], "-o", site, "--mirror", "--yes"),
            )[run])
    for folder in (site, work):
        measure.remove(folder)
    answers, pulls, broken = results.total()
    return {"runs": BUILDS, "clients": PROCESSES * THREADS, "answers": answers, "pulls": pulls,
            "broken": len(broken), "examples": sorted(broken)[:5]}, []


def regstatic(setting, *words):
    measure.run([setting.program, *map(str, words), "-q"])


class Results:
    """The sums of all client processes."""

    def __init__(self):
        self.queue, self.stopped = multiprocessing.Queue(), multiprocessing.Event()
        self.found = []

    def total(self):
        answers, pulls, broken = zip(*self.found)
        return sum(answers), sum(pulls), list(itertools.chain(*broken))


@contextlib.contextmanager
def clients(port, stable):
    """Runs the clients until the end of the `with`."""
    results = Results()
    processes = [multiprocessing.Process(target=work, args=(results, port, stable, seed))
                 for seed in range(PROCESSES)]
    for process in processes:
        process.start()
    try:
        yield results
    finally:
        results.stopped.set()
        results.found = [results.queue.get() for _ in processes]
        for process in processes:
            process.join()


def work(results, port, stable, seed):
    pullers = [Puller(port, stable, results.stopped, seed * THREADS + number) for number in range(THREADS)]
    threads = [threading.Thread(target=puller.run) for puller in pullers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.queue.put((sum(puller.answers for puller in pullers), sum(puller.pulls for puller in pullers),
                       [fault for puller in pullers for fault in puller.broken]))


class Puller:
    """A client that pulls one image after the other."""

    def __init__(self, port, stable, stopped, seed):
        self.port, self.stable, self.stopped = port, stable, stopped
        self.random = random.Random(seed)
        self.answers, self.pulls, self.broken = 0, 0, []

    def run(self):
        while not self.stopped.is_set():
            volatile = self.random.random() < 0.1
            name = f"team0/more:{self.random.randrange(BUILDS // 5)}" if volatile else self.random.choice(self.stable)
            try:
                self.pull(name, volatile)
                self.pulls += 1
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.broken.append(f"{name}: {error!r}")

    def pull(self, name, volatile):
        repository, tag = name.rsplit(":", 1)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            body = self.get(connection, f"/v2/{repository}/manifests/{tag}", optional=volatile)
            if body is None:
                return
            time.sleep(self.random.random() * 0.5)
            digest = hashlib.sha256(body).hexdigest()
            self.get(connection, f"/v2/{repository}/manifests/sha256:{digest}", digest)
            manifest = json.loads(body)
            for blob in (manifest["config"], *manifest["layers"]):
                self.get(connection, f"/v2/{repository}/blobs/{blob['digest']}", blob["digest"].split(":")[1])

    def get(self, connection, path, digest=None, optional=False):
        connection.request("GET", path, headers={"Accept": MANIFEST})
        answer = connection.getresponse()
        body = answer.read()
        self.answers += 1
        if optional and answer.status == 404:
            return None
        if answer.status != 200:
            raise ValueError(f"{path}: {answer.status}")
        if digest and hashlib.sha256(body).hexdigest() != digest:
            raise ValueError(f"{path}: another digest")
        return body
