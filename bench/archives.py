#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Makes the archives of the benchmark from this machine's own files, as `docker save` would.

Deterministic: the same files give the same bytes. What was made once is used again.
Run by itself, in a process of its own, so that its memory doesn't count as anyone else's.
"""

import argparse
import contextlib
import glob
import hashlib
import io
import json
import os
import platform
import random
import shutil
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

# Each layer's share of the archive in files, in random bytes, and where the files come from.
LAYERS = (
    (0.385, 0.000, ("/usr/lib/*-linux-gnu", "/usr/lib/llvm*", "/usr/lib/gcc*", "/usr/lib")),
    (0.235, 0.000, ("/usr/bin", "/usr/sbin", "/usr/libexec")),
    (0.120, 0.000, ("/usr/share/doc", "/usr/share/locale", "/usr/share")),
    (0.045, 0.000, ("/opt", "/usr/local", "/usr/include")),
    (0.010, 0.000, ("/var/lib/dpkg", "/var/lib/apt")),
    (0.005, 0.200, ("/usr/share/zoneinfo", "/usr/share/perl", "/usr/share/mime")),
)
CREATED = "2026-01-01T00:00:00Z"
MEGABYTE = 1_000_000
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
OCI = "application/vnd.oci.image"


class Hashed:
    """A file that knows the SHA-256 of what was written to it."""

    def __init__(self, path):
        self.file, self.hash = open(path, "wb"), hashlib.sha256()

    def write(self, data):
        self.hash.update(data)
        return self.file.write(data)


class Noise:
    """Bytes that no compressor shortens, always the same."""

    def __init__(self):
        self.source = random.Random(1)

    def read(self, count):
        return self.source.randbytes(count)


def member(name, size=0, kind=tarfile.REGTYPE, mode=0o644):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.mode = size, kind, mode
    return info


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def regular_files(patterns, seen):
    """The files below some folders, each once, in the order of their paths."""
    roots = (root for pattern in patterns for root in sorted(glob.glob(pattern)))
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders.sort()
            for path in (os.path.join(folder, name) for name in sorted(names)):
                if path not in seen and os.path.isfile(path) and not os.path.islink(path):
                    seen.add(path)
                    yield path


def fill(tar, patterns, budget, seen):
    """Adds files until the budget is used; one that is too large for what is left is passed over."""
    for path in regular_files(patterns, seen):
        with contextlib.suppress(PermissionError), open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > budget:
                continue
            tar.addfile(member(path.lstrip("/"), status.st_size, mode=status.st_mode & 0o777), file)
            budget -= status.st_size
        if budget < 4096:
            break


def make_layer(folder, patterns, size, noise, seen):
    """One raw layer, named by its digest; returns its path."""
    output = Hashed(folder / "new")
    with tarfile.open(fileobj=output, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        if noise:
            tar.addfile(member("data/random", noise), Noise())
        fill(tar, patterns, size, seen)
    output.file.close()
    return (folder / "new").rename(folder / output.hash.hexdigest())


class Layer:
    """A raw layer: bytes, or a file that is named by their digest."""

    def __init__(self, content):
        in_memory = isinstance(content, bytes)
        self.content = content
        self.hex = hashlib.sha256(content).hexdigest() if in_memory else content.name
        self.size = len(content) if in_memory else content.stat().st_size

    def add_to(self, tar, name):
        in_memory = isinstance(self.content, bytes)
        with io.BytesIO(self.content) if in_memory else open(self.content, "rb") as file:
            tar.addfile(member(name, self.size), file)


class Image:
    """What an engine knows of an image: its name, its layers, its config."""

    def __init__(self, reference, layers):
        self.reference, self.layers = reference, layers
        self.config = Layer(compact({
            "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
            "config": {"Cmd": ["/bin/sh"], "Env": ["PATH=/usr/sbin:/usr/bin"]},
            "created": CREATED,
            "history": [{"created": CREATED, "comment": reference} for _ in layers],
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.hex}" for layer in layers]},
        }))
        self.listed = [descriptor("layer.v1.tar", layer) for layer in layers]
        self.manifest = Layer(compact({
            "schemaVersion": 2,
            "mediaType": f"{OCI}.manifest.v1+json",
            "config": descriptor("config.v1+json", self.config),
            "layers": self.listed,
        }))


def descriptor(kind, blob, **more):
    return {"mediaType": f"{OCI}.{kind}", "digest": f"sha256:{blob.hex}", "size": blob.size, **more}


def write_modern(path, images):
    """The shape of Docker 25 and later with a graph driver: an OCI layout and `manifest.json`."""
    roots, saved, blobs = [], [], {}
    for image in images:
        roots.append(descriptor("manifest.v1+json", image.manifest, annotations={
            "io.containerd.image.name": f"docker.io/{image.reference}",
            "org.opencontainers.image.ref.name": image.reference.split(":")[1],
        }))
        saved.append({
            "Config": f"blobs/sha256/{image.config.hex}",
            "RepoTags": [image.reference],
            "Layers": [f"blobs/sha256/{layer.hex}" for layer in image.layers],
            "LayerSources": {layer["digest"]: layer for layer in image.listed},
        })
        blobs |= {blob.hex: blob for blob in (image.config, image.manifest, *image.layers)}
    index = {"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json", "manifests": roots}
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for folder in ("blobs", "blobs/sha256"):
            tar.addfile(member(folder, kind=tarfile.DIRTYPE, mode=0o755))
        for _, blob in sorted(blobs.items()):
            blob.add_to(tar, f"blobs/sha256/{blob.hex}")
        Layer(compact(index)).add_to(tar, "index.json")
        Layer(compact(saved)).add_to(tar, "manifest.json")
        Layer(b'{"imageLayoutVersion":"1.0.0"}').add_to(tar, "oci-layout")
        repositories(images, [image.layers[-1].hex for image in images]).add_to(tar, "repositories")


def write_legacy(path, image, references=None):
    """The shape of Docker 1.10 to 24: a folder for each layer, the metadata last."""
    members, parent = {f"{image.config.hex}.json": image.config}, None
    names = references or [image.reference]
    saved = {"Config": f"{image.config.hex}.json", "RepoTags": names, "Layers": []}
    for layer in image.layers:
        name = hashlib.sha256(f"{parent} {layer.hex}".encode()).hexdigest()
        saved["Layers"].append(f"{name}/layer.tar")
        members[f"{name}/VERSION"] = Layer(b"1.0")
        members[f"{name}/json"] = Layer(compact({"id": name} | ({"parent": parent} if parent else {})))
        members[f"{name}/layer.tar"] = layer
        parent = name
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in sorted(members.items()):
            content.add_to(tar, name)
        Layer(compact([saved])).add_to(tar, "manifest.json")
        repositories([image], [parent]).add_to(tar, "repositories")


def write_volume(path, image):
    """The data of a registry that holds the image: `tar cf volume.tar registry`."""
    root = "registry/docker/registry/v2"
    name, tag = image.reference.split(":")
    links = f"{root}/repositories/{name}/_manifests"
    digest = Layer(f"sha256:{image.manifest.hex}".encode())
    members = {
        f"{links}/revisions/sha256/{image.manifest.hex}/link": digest,
        f"{links}/tags/{tag}/current/link": digest,
    }
    for blob in (image.manifest, image.config, *image.layers):
        members[f"{root}/blobs/sha256/{blob.hex[:2]}/{blob.hex}/data"] = blob
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for member_name, content in sorted(members.items()):
            content.add_to(tar, member_name)


def repositories(images, ids):
    found = {}
    for image, id in zip(images, ids):
        name, tag = image.reference.split(":")
        found.setdefault(name, {})[tag] = id
    return Layer(compact(found))


def tiny_layer(text):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        Layer(text.encode()).add_to(tar, "text")
    return Layer(buffer.getvalue())


def make_big(folder, megabytes):
    (folder / "layers").mkdir()
    total, seen, layers = megabytes * MEGABYTE, set(), []
    for share, noise, patterns in LAYERS:
        path = make_layer(folder / "layers", patterns, int(share * total), int(noise * total), seen)
        layers.append(Layer(path))
    image = Image("bench/app:1", layers)
    write_modern(folder / "modern.tar", [image])
    write_legacy(folder / "legacy.tar", image)
    write_volume(folder / "volume.tar", image)


def make_tags(folder, repositories, tags, additions):
    """Many tiny images in one archive: a layer that all have, and one of each image's own."""
    base = tiny_layer("base")

    def images(references):
        return [Image(reference, [base, tiny_layer(reference)]) for reference in references]

    names = [f"team{r // 20}/app{r}:1.{t}" for r in range(repositories) for t in range(tags)]
    write_modern(folder / "tags.tar", images(names))
    for number in range(additions):
        write_modern(folder / f"more{number}.tar", images([f"team0/more:{number}"]))


def make_layers(folder, count, megabytes):
    """One image whose layers have the same size."""
    (folder / "layers").mkdir()
    size, seen = megabytes * MEGABYTE // count, set()
    paths = [make_layer(folder / "layers", ("/usr/lib", "/usr/bin", "/usr/share"), size, 0, seen)
             for _ in range(count)]
    write_modern(folder / "layers.tar", [Image("bench/app:1", [Layer(path) for path in paths])])


def make_links(folder, count):
    """A registry's data with many links to blobs, as a registry keeps them for each repository."""
    image = Image("bench/app:1", [tiny_layer("base")])
    write_volume(folder / "links.tar", image)
    root = "registry/docker/registry/v2/repositories"
    with tarfile.open(folder / "links.tar", "a", format=tarfile.GNU_FORMAT) as tar:
        for number in range(count):
            digest = hashlib.sha256(str(number).encode()).hexdigest()
            name = f"{root}/bench/app{number // 100}/_layers/sha256/{digest}/link"
            Layer(f"sha256:{digest}".encode()).add_to(tar, name)
        tar.members = []


def large_layer(size):
    """The parts of a raw layer: one file that repeats 64 MiB of this machine's files.

    Compressors look for repeated bytes in a smaller distance.
    """
    block = bytearray()
    for path in regular_files(("/usr/lib",), set()):
        with contextlib.suppress(PermissionError), open(path, "rb") as file:
            block += file.read((64 << 20) - len(block))
        if len(block) == 64 << 20:
            break
    header, end = 512, 1024
    rest = size - header - end
    yield member("data", rest).tobuf()
    while rest:
        part = block[:rest]
        rest -= len(part)
        yield part
    yield bytes(end)


def stream(size):
    """Writes an archive of an older Docker with one layer of this size to standard output.

    The config comes after the layer, so that the layer needs to be made only once.
    """
    hashed = hashlib.sha256()
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        tar.fileobj.write(member("layer/layer.tar", size).tobuf())
        for part in large_layer(size):
            hashed.update(part)
            tar.fileobj.write(part)
        config = Image("bench/large:1", [SimpleNamespace(hex=hashed.hexdigest(), size=size)]).config
        config.add_to(tar, f"{config.hex}.json")
        saved = {"Config": f"{config.hex}.json", "RepoTags": ["bench/large:1"],
                 "Layers": ["layer/layer.tar"]}
        Layer(compact([saved])).add_to(tar, "manifest.json")


def make_names(folder, count):
    """One tiny image under many names, up to a hundred tags in a repository."""
    names = [f"team{n // 2000}/app{n // 100}:1.{n % 100}" for n in range(count)]
    write_legacy(folder / "names.tar", Image(names[0], [tiny_layer("base")]), names)


def cached(folder, make, *arguments):
    """Makes a folder as a whole or not at all."""
    if folder.exists():
        return
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    make(unfinished, *arguments)
    unfinished.rename(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="where to put them, or find them")
    parser.add_argument("--megabytes", type=int, help="images with six layers, of this size")
    parser.add_argument("--tags", type=int, nargs=3, metavar=("REPOSITORIES", "TAGS", "MORE"),
                        help="tiny images, and some archives with one more")
    parser.add_argument("--layers", type=int, nargs=2, metavar=("COUNT", "MEGABYTES"),
                        help="an image with so many layers, of this size together")
    parser.add_argument("--links", type=int, help="a registry's data with so many small files")
    parser.add_argument("--stream", type=int, metavar="BYTES",
                        help="write an image with one layer of this size, a multiple of 512, to standard output")
    parser.add_argument("--names", type=int, help="one tiny image under so many names")
    options = parser.parse_args()
    if options.stream:
        stream(options.stream)
    elif options.layers:
        cached(options.folder, make_layers, *options.layers)
    elif options.links:
        cached(options.folder, make_links, options.links)
    elif options.megabytes:
        cached(options.folder, make_big, options.megabytes)
    elif options.names:
        cached(options.folder, make_names, options.names)
    else:
        cached(options.folder, make_tags, *options.tags)


if __name__ == "__main__":
    main()
