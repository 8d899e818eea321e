# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Reads the folder of a site as a registry's client would. It knows docs/site.md, and never runs regstatic."""

import hashlib
import json
import os

KINDS = {
    "oci-manifest": "application/vnd.oci.image.manifest.v1+json",
    "oci-index": "application/vnd.oci.image.index.v1+json",
    "docker-manifest": "application/vnd.docker.distribution.manifest.v2+json",
    "docker-list": "application/vnd.docker.distribution.manifest.list.v2+json",
}


class Half(Exception):
    """What a client asks for is not there, or not what its name says."""


class Site:
    def __init__(self, folder, portable):
        self.folder, self.portable = folder, portable

    def read(self, path):
        try:
            real = os.path.realpath(f"{self.folder}/{path}", strict=True)
            if not real.startswith(os.path.realpath(self.folder) + "/"):
                raise Half(f"{path} leads out of the site")
            with open(real, "rb") as file:
                return real, file.read()
        except OSError as error:
            raise Half(f"{path}: {error.strerror}") from None

    def json(self, path, bytes=None):
        try:
            return json.loads(self.read(path)[1] if bytes is None else bytes)
        except ValueError:
            raise Half(f"{path} is no JSON") from None

    def manifest(self, path):
        """The digest and bytes of a manifest file, whose name has the digest, or a copy of one."""
        real, bytes = self.read(path)
        name, kind = os.path.basename(real).rsplit(".", 1)
        digest = hashlib.sha256(bytes).hexdigest()
        if name[0] not in "_+" and name != digest:
            raise Half(f"{path}: its bytes have the digest {digest}")
        said = self.json(path, bytes).get("mediaType", KINDS[kind])
        if said != KINDS[kind]:
            raise Half(f"{path}: {kind} contains {said}")
        return "sha256:" + digest, bytes

    def list(self, path):
        try:
            return sorted(os.listdir(f"{self.folder}/{path}"))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Half(f"{path}: {error.strerror}") from None

    def by_digest(self, name, digest):
        if not self.portable:
            return self.manifest(f"v2/{name}/manifests/{digest}")
        hexadecimal = digest.removeprefix("sha256:")
        paths = [f"manifests/sha256/{hexadecimal}.{kind}" for kind in KINDS]
        paths = [path for path in paths if os.path.lexists(f"{self.folder}/{path}")]
        if len(paths) != 1:
            raise Half(f"{name}@{digest} has {len(paths)} files")
        return self.manifest(paths[0])

    def by_tag(self, name, tag):
        """All manifests that a server may send: of a portable site, files of two kinds for a moment."""
        folder = f"v2/{name}/manifests"
        if not self.portable:
            return [self.manifest(f"{folder}/{tag}")]
        names = [f"{mark}{tag}.{kind}" for mark in "_+" for kind in KINDS]
        found = [self.manifest(f"{folder}/{file}") for file in names if os.path.lexists(f"{self.folder}/{folder}/{file}")]
        if not found:
            raise Half(f"{name}:{tag} has no file")
        return found

    def blob(self, name, descriptor):
        """Of a repository; without a name, of the OCI layout."""
        digest = descriptor["digest"]
        plain = name is not None and not self.portable
        path = f"v2/{name}/blobs/{digest}" if plain else "blobs/" + digest.replace(":", "/")
        _, bytes = self.read(path)
        if hashlib.sha256(bytes).hexdigest() != digest[7:] or len(bytes) != descriptor.get("size", len(bytes)):
            raise Half(f"{path}: not the bytes of this digest")
        return bytes

    def whole(self, name, digest, bytes=None):
        """Pulls an image by its digest, with everything below it."""
        if name is None:
            bytes = self.blob(None, {"digest": digest})
        else:
            bytes = self.by_digest(name, digest)[1]
        document = self.json(digest, bytes)
        for child in document.get("manifests", []):
            self.whole(name, child["digest"])
        for descriptor in [document[key] for key in ["config"] if key in document] + document.get("layers", []):
            self.blob(name, descriptor)
        if name is not None and not self.portable:
            path = f"v2/{name}/referrers/{digest}"
            if os.path.lexists(f"{self.folder}/{path}"):
                for referrer in self.json(path)["manifests"]:
                    self.whole(name, referrer["digest"])

    def repository(self, name, state):
        for tag in self.json(f"v2/{name}/tags/list")["tags"]:
            for digest, _ in self.by_tag(name, tag):
                self.whole(name, digest)
                state.setdefault(f"v2 {name}:{tag}", set()).add(digest)
        for file in [] if self.portable else self.list(f"v2/{name}/manifests"):
            if file.startswith("sha256:"):
                self.whole(name, file)
                state[f"v2 {name}@{file}"] = {file}

    def state(self):
        """What can be pulled: a dictionary of name -> digests, and a list of what is half."""
        state, half = {}, []

        def attempt(function, *arguments):
            try:
                return function(*arguments)
            except Half as error:
                half.append(str(error))
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
                half.append(f"unexpected document: {error!r}")

        for name in (attempt(self.json, "v2/_catalog") or {}).get("repositories", []):
            # Clients that have the site as a mirror of Docker Hub ask for library/NAME.
            for alias in [name] if "/" in name else [name, f"library/{name}"]:
                attempt(self.repository, alias, state)
        for file in attempt(self.list, "manifests/sha256") or [] if self.portable else []:
            digest = "sha256:" + file.split(".")[0]
            attempt(self.whole, "any/name", digest)
            state[f"v2 any/name@{digest}"] = {digest}
        for entry in (attempt(self.json, "index.json") or {}).get("manifests", []):
            digest = entry["digest"]
            attempt(self.whole, None, digest)
            name = entry.get("annotations", {}).get("org.opencontainers.image.ref.name", digest)
            state.setdefault(f"index.json {name}", set()).add(digest)
        return state, half


def half(folder, portable, before, after):
    """What a client can't pull as the old or the new image, as a list of sentences."""
    now, problems = Site(folder, portable).state()
    for name in sorted({*now, *before, *after}):
        old, new = before.get(name, set()), after.get(name, set())
        digests = now.get(name, set())
        if not digests and old and new:
            problems.append(f"{name} is gone")
        if not digests <= old | new:
            problems.append(f"{name} is {digests}, not {old} or {new}")
    return problems
