# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Reads the folder of a site as a registry's client would. It knows docs/site.md, and never runs regstatic."""

import hashlib
import json
import os

OCI, DOCKER = "application/vnd.oci.image.", "application/vnd.docker.distribution.manifest."
KINDS = {"oci-manifest": f"{OCI}manifest.v1+json", "oci-index": f"{OCI}index.v1+json"}
KINDS |= {"docker-manifest": f"{DOCKER}v2+json", "docker-list": f"{DOCKER}list.v2+json"}
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


class Half(Exception):
    """What a client asks for is not there, or not what its name says."""


class Site:
    def __init__(self, folder, portable):
        self.folder, self.portable = os.path.realpath(folder), portable
        self.state, self.half = {}, []  # What can be pulled: name -> digests; and what is half.
        self.attempt(self.json, "v2/index.html")
        for name in (self.attempt(self.json, "v2/_catalog") or {}).get("repositories", []):
            # Clients that have the site as a mirror of Docker Hub ask for library/NAME.
            for alias in [name] if "/" in name else [name, f"library/{name}"]:
                self.attempt(self.repository, alias)
        for file in (self.attempt(os.listdir, f"{self.folder}/manifests/sha256") or []) if portable else []:
            self.attempt(self.whole, "any/name", "sha256:" + file.split(".")[0])
        for entry in (self.attempt(self.json, "index.json") or {}).get("manifests", []):
            name = entry.get("annotations", {}).get("org.opencontainers.image.ref.name", entry["digest"])
            self.attempt(self.whole, None, entry["digest"])
            self.state.setdefault(f"index.json {name}", set()).add(entry["digest"])

    def attempt(self, function, *arguments):
        try:
            return function(*arguments)
        except (Half, OSError) as error:
            self.half.append(str(error))
        except MALFORMED as error:
            self.half.append(f"unexpected document for {arguments}: {error!r}")

    def read(self, path):
        """The path where links lead, and the bytes there."""
        real = os.path.realpath(f"{self.folder}/{path}", strict=True)
        if not real.startswith(f"{self.folder}/"):
            raise Half(f"{path} leads out of the site")
        with open(real, "rb") as file:
            return real, file.read()

    def json(self, path):
        return json.loads(self.read(path)[1])

    def manifest(self, path):
        """The digest and the bytes of a manifest: the name of its file (or of the link's target) has the digest."""
        real, content = self.read(path)
        name, kind = os.path.basename(real).rsplit(".", 1)
        digest = hashlib.sha256(content).hexdigest()
        if name != digest and not (self.portable and name[0] in "_+"):
            raise Half(f"{path}: its bytes have the digest {digest}")
        if json.loads(content).get("mediaType", KINDS[kind]) != KINDS[kind]:
            raise Half(f"{path} is of another kind")
        return "sha256:" + digest, content

    def manifests(self, path):
        """All that a server may send: a tag of a portable site has files of two kinds for a moment."""
        paths = [f"{path}.{kind}" for kind in KINDS] if self.portable else [path]
        if not (paths := [path for path in paths if os.path.lexists(f"{self.folder}/{path}")]):
            raise Half(f"{path} is not there")
        return [self.manifest(path) for path in paths]

    def blob(self, name, descriptor):
        """Of a repository; without a name, of the OCI layout."""
        digest = descriptor["digest"]
        in_layout = name is None or self.portable
        path = "blobs/" + digest.replace(":", "/") if in_layout else f"v2/{name}/blobs/{digest}"
        content = self.read(path)[1]
        if hashlib.sha256(content).hexdigest() != digest[7:] or len(content) != descriptor.get("size", len(content)):
            raise Half(f"{path}: not the bytes of this digest")
        return content

    def whole(self, name, digest):
        """Pulls an image by its digest, with everything below it and everything that refers to it."""
        if name is None:
            document = json.loads(self.blob(None, {"digest": digest}))
        else:
            path = f"manifests/sha256/{digest[7:]}" if self.portable else f"v2/{name}/manifests/{digest}"
            document = json.loads(self.manifests(path)[0][1])
            self.state[f"v2 {name}@{digest}"] = {digest}
        referrers = f"v2/{name}/referrers/{digest}"
        has_referrers = os.path.lexists(f"{self.folder}/{referrers}")
        for child in document.get("manifests", []) + (self.json(referrers)["manifests"] if has_referrers else []):
            self.whole(name, child["digest"])
        for descriptor in [document[key] for key in ["config"] if key in document] + document.get("layers", []):
            self.blob(name, descriptor)

    def repository(self, name):
        tags, folder = self.json(f"v2/{name}/tags/list"), f"v2/{name}/manifests"
        if tags["name"] != name:
            raise Half(f"v2/{name}/tags/list is the list of {tags['name']}")
        for tag in tags["tags"]:
            mark = ("_" if tag == tag.lower() else "+") if self.portable else ""
            for digest, _ in self.manifests(f"{folder}/{mark}{tag}"):
                self.whole(name, digest)
                self.state.setdefault(f"v2 {name}:{tag}", set()).add(digest)
        for file in os.listdir(f"{self.folder}/{folder}"):
            if file.startswith("sha256:"):
                self.whole(name, file)


def half(folder, portable, before, after):
    """What a client can't pull as the old or the new image, as a list of sentences."""
    return wrong(Site(folder, portable), before, after)


def wrong(site, before, after):
    for name in sorted({*site.state, *before, *after}):
        now, old, new = (state.get(name, set()) for state in [site.state, before, after])
        if not now and old and new:
            site.half.append(f"{name} is gone")
        if not now <= old | new:
            site.half.append(f"{name} is {now}, not {old} or {new}")
    return site.half
