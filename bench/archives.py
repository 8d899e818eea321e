#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Makes the archives of the benchmark from Debian packages, as `docker save` would.

Deterministic: the same versions of the packages give the same bytes. `apt-get download` gets them.
What was made once is used again.
Run by itself, in a process of its own, so that its memory doesn't count as anyone else's.
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

# The layers, as images have them: a name, the share of the archive, whether its files are compressed
# already, Debian packages, and where the files are in those. Of each folder, files are taken in the
# order of their paths until the share is full.
LAYERS = (
    ("system", 0.17, False, """base-files bash coreutils dash libc6 libc-bin perl-base
        perl-modules-5.36 libperl5.36 dpkg apt libapt-pkg6.0 libstdc++6 libssl3 openssl
        ca-certificates tzdata libsystemd0 util-linux libgnutls30 libdb5.3 curl libcurl4 git libicu72
        libxml2 libsqlite3-0 gawk""", (".",)),
    ("python", 0.12, False, """python3.11-minimal libpython3.11-minimal libpython3.11-stdlib
        libpython3.11 python3-django python3-numpy python3-cryptography python3-sqlalchemy
        python3-requests python3-pil python3-lxml python3-babel python3-pandas
        python3-pandas-lib""", (".",)),
    ("jvm", 0.21, False, "openjdk-17-jre-headless", ("usr/lib/jvm",)),
    ("go", 0.28, False, "containerd docker.io podman prometheus etcd-server runc", ("usr",)),
    ("text", 0.14, False, "locales node-typescript libjs-mathjax git-man vim-runtime",
     ("usr/share/i18n", "usr/share")),
    ("compressed", 0.08, True, """libspring-core-java libtomcat9-java libjackson2-databind-java
        libguava-java libnetty-java libbcprov-java gnome-backgrounds fonts-noto-color-emoji
        fonts-font-awesome""", ("usr/share/java", "usr/share/backgrounds", "usr/share/fonts")),
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


def member(name, size=0, kind=tarfile.REGTYPE, mode=0o644):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.mode = size, kind, mode
    return info


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def fetch_packages(folder):
    """The files of each layer's packages, in a folder with the layer's name."""
    for name, _, _, packages, _ in LAYERS:
        archives, files = folder / f"{name}.debs", folder / name
        archives.mkdir()
        command = ["apt-get", "-q", "download", *packages.split()]
        subprocess.run(command, cwd=archives, check=True, stdout=subprocess.DEVNULL)
        for package in sorted(archives.iterdir()):
            subprocess.run(["dpkg-deb", "-x", package, files], check=True)
        with open(folder / "packages.txt", "a", encoding="utf-8") as listing:
            listing.writelines(f"{package.name}\n" for package in sorted(archives.iterdir()))
        shutil.rmtree(archives)


def regular_files(roots):
    """The files below some folders, each once, in the order of their paths."""
    seen = set()
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders.sort()
            for path in (os.path.join(folder, name) for name in sorted(names)):
                if os.path.isfile(path) and not os.path.islink(path):
                    status = os.stat(path)
                    if status.st_ino not in seen:
                        seen.add(status.st_ino)
                        yield path


def fill(tar, tree, folders, budget):
    """Adds files until the budget is used; one that is too large for what is left is passed over."""
    for path in regular_files([tree / folder for folder in folders]):
        with contextlib.suppress(PermissionError), open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > budget:
                continue
            name = os.path.relpath(path, tree)
            tar.addfile(member(name, status.st_size, mode=status.st_mode & 0o777), file)
            budget -= status.st_size
        if budget < 4096:
            break


def make_layer(folder, tree, folders, size):
    """One raw layer, named by its digest; returns its path."""
    output = Hashed(folder / "new")
    with tarfile.open(fileobj=output, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        fill(tar, tree, folders, size)
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
    packages = folder.parent / "packages"
    cached(packages, fetch_packages)
    layers, listed = [], []
    for name, share, compressed, _, folders in LAYERS:
        size = int(share * megabytes * MEGABYTE)
        layer = Layer(make_layer(folder / "layers", packages / name, folders, size))
        layers.append(layer)
        listed.append({"name": name, "bytes": layer.size, "compressed": compressed})
    (folder / "layers.json").write_bytes(compact(listed))
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


def machine_files(size):
    """The first bytes of this machine's libraries, or fewer if it has fewer."""
    content = bytearray()
    for path in regular_files(["/usr/lib"]):
        with contextlib.suppress(PermissionError), open(path, "rb") as file:
            content += file.read(size - len(content))
        if len(content) == size:
            break
    return content


def make_layers(folder, count, megabytes):
    """One image whose layers have the same size, and together the same content for each count."""
    content = machine_files(megabytes * MEGABYTE)
    size = len(content) // count
    layers = []
    for number in range(count):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            Layer(bytes(content[number * size:(number + 1) * size])).add_to(tar, "data")
        layers.append(Layer(buffer.getvalue()))
    write_modern(folder / "layers.tar", [Image("bench/app:1", layers)])


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
    block = machine_files(64 << 20)
    header, end = 512, 1024
    rest = size - header - end
    # One block, also for sizes of 8 GiB and more, which need a second header in other formats.
    yield member("data", rest).tobuf(tarfile.GNU_FORMAT)
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
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", bufsize=2 << 20, format=tarfile.PAX_FORMAT) as tar:
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
