#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Checks that a server answers for a regstatic site as registry clients need it.

    check.py http://127.0.0.1:5000 --site SITE [--cacert ca.crt] [--tag team/app:1.0 ...]

What is expected comes from the site's content-types.json. One line for each check; exit 1 if one fails.
"""

import argparse
import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import sys
import threading
import time
import warnings
from urllib.parse import quote, urlsplit

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
IMMUTABLE = "public, max-age=31536000, immutable"
ENCODINGS = "zstd, gzip, deflate"  # What containerd sends.
UNKNOWN = "sha256:" + "0123456789abcdef" * 4
DIGEST = re.compile("sha256:[0-9a-f]{64}$")


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    def __getitem__(self, name):
        return self.headers.get(name)

    def json(self):
        return json.loads(self.body.decode())

    def code(self):
        try:
            return self.json()["errors"][0]["code"]
        except (ValueError, LookupError, TypeError):
            return None


class Target:
    def __init__(self, url, cacert):
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]
        self.tls = parts.scheme == "https"
        self.context = ssl.create_default_context(cafile=cacert) if self.tls else None
        if self.tls and not cacert:
            self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE

    def connection(self):
        if self.tls:
            return http.client.HTTPSConnection(self.host, self.port, timeout=20, context=self.context)
        return http.client.HTTPConnection(self.host, self.port, timeout=20)

    def ask(self, method, path, headers=None, body=None, connection=None):
        own = connection or self.connection()
        own.request(method, path, body=body, headers=dict({"Accept-Encoding": ENCODINGS}, **headers or {}))
        response = own.getresponse()
        answer = Answer(response, response.read())
        if not connection:
            own.close()
        return answer

    def socket(self, greet=True):
        plain = socket.create_connection((self.host, self.port), timeout=20)
        return self.context.wrap_socket(plain, server_hostname=self.host) if self.tls and greet else plain

    def raw(self, data):
        """Everything that comes back for these bytes until the server closes, which it may before it read them all."""
        with self.socket() as connection:
            received = b""
            try:
                connection.sendall(data)
                while True:
                    piece = connection.recv(65536)
                    if not piece:
                        return received
                    received += piece
            except OSError:
                return received


PAGE_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}
PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
                               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Checks:
    def __init__(self, target, options):
        self.target, self.options = target, options
        self.ask = target.ask
        self.passed = self.failed = 0
        # Of the conformance suite's checks.
        self.conforming = self.asked = 0
        with open(os.path.join(options.site, "content-types.json")) as file:
            self.resources = json.load(file)
        # What a plain file server finds for /v2/: no client asks for it.
        self.resources.pop("/v2/index.html", None)

    def detail(self, label, good, found=None):
        """What the standard says and no registry client relies on."""
        if not self.options.lenient:
            self.check(label, good, found)

    def check(self, name, good, found=""):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if good and self.options.failures:
            return
        print("%s %s%s" % ("PASS" if good else "FAIL", name, "" if good or found == "" else ": %r" % (found,)))

    def run(self):
        groups = (self.resource_checks, self.tag_checks, self.lists)
        if not self.options.bucket:
            groups += (self.basics, self.missing, self.refused, self.ranges, self.conditions,
                       self.referrers, self.pages, self.traversal, self.connections, self.sequences,
                       self.conformance)
        for group in groups:
            try:
                group()
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.check(group.__name__ + " without an exception", False, error)
        if self.asked:
            print("conformance: %d of %d" % (self.conforming, self.asked))
        print("%d passed, %d failed" % (self.passed, self.failed))

    def paths(self, kind):
        return [path for path in self.resources if "/%s/" % kind in path]

    def manifest(self, tag=False):
        return next(path for path in self.paths("manifests") if tag != bool(DIGEST.search(path)))

    def blob(self):
        return max(self.paths("blobs"), key=lambda path: self.resources[path]["size"])

    # One resource

    def resource_checks(self):
        connection = self.target.connection()
        for path, expected in self.resources.items():
            get = self.ask("GET", path, connection=connection)
            head = self.ask("HEAD", path, connection=connection)
            self.check("%s: GET is whole" % path, get.status == 200 and self.is_whole(get, expected), get.status)
            self.check("%s: HEAD has no body" % path, head.status == 200 and head.body == b"", head.status)
            for method, answer in (("GET", get), ("HEAD", head)):
                self.headers("%s %s" % (method, path), path, expected, answer)
        connection.close()

    def is_whole(self, answer, expected):
        digest = "sha256:" + hashlib.sha256(answer.body).hexdigest()
        return len(answer.body) == expected["size"] and digest == expected["digest"]

    def headers(self, label, path, expected, answer):
        wanted = {"Content-Type": expected["mediaType"], "Content-Length": str(expected["size"]),
                  "Content-Encoding": None}
        if not self.options.bucket:
            wanted["Docker-Distribution-Api-Version"] = "registry/2.0"
        if path != "/v2/index.html":
            wanted["Cache-Control"] = IMMUTABLE if self.is_content(path) else "no-cache"
        if not self.options.bucket and ("/manifests/" in path or "/blobs/" in path):
            if DIGEST.search(path) or not self.options.no_tag_digest:
                wanted["Docker-Content-Digest"] = expected["digest"]
                if not self.options.lenient:
                    wanted["ETag"] = '"%s"' % expected["digest"]
        wrong = {name: answer[name] for name, value in wanted.items() if answer[name] != value}
        self.check(label + ": headers", not wrong, wrong)

    def is_content(self, path):
        return bool(DIGEST.search(path)) and "/referrers/" not in path

    def tag_checks(self):
        for tag in self.options.tag:
            name, _, reference = tag.rpartition(":")
            answer = self.ask("GET", "/v2/%s/manifests/%s" % (name, reference))
            self.check("%s: is there" % tag, answer.status == 200, answer.status)
            if answer.status != 200:
                continue
            digest = "sha256:" + hashlib.sha256(answer.body).hexdigest()
            same = self.ask("GET", "/v2/%s/manifests/%s" % (name, digest))
            self.check("%s: the same by digest" % tag, same.body == answer.body)
            self.check("%s: same type by digest" % tag, same["Content-Type"] == answer["Content-Type"])
            self.check("%s: body names its type" % tag,
                       answer.json().get("mediaType", answer["Content-Type"]) == answer["Content-Type"])
            for child in answer.json().get("manifests", []):
                got = self.ask("GET", "/v2/%s/manifests/%s" % (name, child["digest"]))
                self.check("%s: child %s has its type or is left out" % (tag, child["digest"][:19]),
                           got.status == 404 or got["Content-Type"] == child["mediaType"], got.status)

    # The API

    def basics(self):
        answer = self.ask("GET", "/v2/")
        self.check("/v2/ is 200", answer.status == 200 and answer.body.strip() == b"{}", answer.body)
        self.check("/v2/ is JSON", answer["Content-Type"] == "application/json", answer["Content-Type"])
        self.check("/v2/ names the API", answer["Docker-Distribution-Api-Version"] == "registry/2.0")
        answer = self.ask("GET", "/v2")
        self.detail("/v2 leads to /v2/, on any host and port", answer.status == 301 and answer["Location"] == "/v2/",
                   (answer.status, answer["Location"]))
        path = self.manifest()
        for label, other in (("%3A is a colon", path.replace(":", "%3A")),
                             ("%3a is a colon", path.replace(":", "%3a")),
                             ("?ns= is ignored", path + "?ns=docker.io")):
            answer = self.ask("GET", other)
            self.check(label, answer.status == 200 and self.is_whole(answer, self.resources[path]), answer.status)

    def expect_error(self, method, path, status, codes, **more):
        answer = self.ask(method, path, **more)
        label = "%s %s: %d" % (method, path if len(path) < 90 else path[:87] + "...", status)
        good = answer.status == status and answer["Content-Type"] == "application/json" and \
            answer["Content-Encoding"] is None
        if not (method == "HEAD" and self.options.lenient):
            good = good and answer["Content-Length"] is not None
        if method != "HEAD":
            good = good and answer.code() in codes
        self.check(label, good, (answer.status, answer["Content-Type"], answer.body[:80]))
        if not self.options.no_error_version:
            version = answer["Docker-Distribution-Api-Version"]
            self.check(label + " names the API", version == "registry/2.0", version)
        return answer

    def missing(self):
        name = self.manifest(tag=True).split("/manifests/")[0]
        malformed = {"MANIFEST_UNKNOWN", "BLOB_UNKNOWN", "NAME_UNKNOWN", "DIGEST_INVALID"}
        for method in ("GET", "HEAD"):
            self.expect_error(method, name + "/manifests/no-such-tag", 404, {"MANIFEST_UNKNOWN"})
            self.expect_error(method, name + "/manifests/" + UNKNOWN, 404, {"MANIFEST_UNKNOWN"})
            self.expect_error(method, name + "/blobs/" + UNKNOWN, 404, {"BLOB_UNKNOWN"})
            self.expect_error(method, "/v2/no/such/manifests/latest", 404, {"MANIFEST_UNKNOWN"})
            self.expect_error(method, "/v2/no/such/tags/list", 404, {"NAME_UNKNOWN"})
            self.expect_error(method, "/v2/nothing", 404, {"NAME_UNKNOWN"})
            self.expect_error(method, name + "/blobs/", 404, malformed)
        for digest in ("sha256:0123", UNKNOWN.upper(), "sha512:" + 128 * "a", UNKNOWN + "0", "sha256%3A",
                       UNKNOWN[7:], "sha256:" + 64 * "g"):
            for kind in ("manifests", "blobs", "referrers"):
                self.expect_error("GET", "%s/%s/%s" % (name, kind, digest), 404, malformed)
        for path in self.paths("manifests"):
            tag = path.split("/")[-1]
            for other in {tag.upper(), tag.lower(), tag.swapcase()} - {tag}:
                if not DIGEST.search(path) and path.replace(tag, other) not in self.resources:
                    self.expect_error("GET", path.replace(tag, other), 404, {"MANIFEST_UNKNOWN"})

    def refused(self):
        name = self.manifest(tag=True).split("/manifests/")[0]
        methods = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")
        for method in methods + (() if self.options.no_trace else ("TRACE",)):
            for path in (self.manifest(tag=True), name + "/blobs/uploads/", self.blob(), "/v2/"):
                answer = self.expect_error(method, path, 405, {"UNSUPPORTED"})
                self.check("%s %s: Allow" % (method, path), answer["Allow"] == "GET, HEAD", answer["Allow"])
        for size in (10, 100000, 30000000):
            path = name + "/manifests/new"
            head = "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (path, size)
            answer = self.send_all_then_read(head.encode() + size * b"x")
            self.check("PUT of %d bytes gets its 405" % size, answer.startswith(b"HTTP/1.1 405"), answer[:80])
        head = "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n" % path
        answer = self.first_bytes(head.encode())
        self.check("PUT that waits for 100 gets its 405", answer.startswith(b"HTTP/1.1 405"), answer[:80])
        head = "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" % path
        answer = self.first_bytes(head.encode())
        self.check("chunked POST gets its 405", answer.startswith(b"HTTP/1.1 405"), answer[:80])

    def send_all_then_read(self, data):
        """As the simplest client does it: reads only when all is sent, or can't be."""
        with self.target.socket() as connection:
            try:
                connection.sendall(data)
            except OSError:
                pass
            try:
                return connection.recv(65536)
            except OSError as error:
                return repr(error).encode()

    def first_bytes(self, data):
        with self.target.socket() as connection:
            connection.sendall(data)
            return connection.recv(65536)

    def ranges(self):
        path = self.blob()
        whole = self.ask("GET", path).body
        size = len(whole)
        self.check("Accept-Ranges", self.ask("HEAD", path)["Accept-Ranges"] == "bytes")
        for text, start, stop in (("0-0", 0, 1), ("0-", 0, size), ("1-", 1, size), ("5-9", 5, 10), ("-7", size - 7, size),
                                  ("%d-" % (size - 1), size - 1, size), ("3-%d" % (9 * size), 3, size),
                                  ("-%d" % (9 * size), 0, size)):
            answer = self.ask("GET", path, {"Range": "bytes=" + text})
            wanted = "bytes %d-%d/%d" % (start, stop - 1, size)
            self.check("Range %s: 206" % text, answer.status == 206 and answer["Content-Range"] == wanted
                       and answer.body == whole[start:stop], (answer.status, answer["Content-Range"]))
            self.check("Range %s: headers" % text, answer["Content-Type"] == "application/octet-stream"
                       and answer["Content-Length"] == str(stop - start) and answer["Content-Encoding"] is None
                       and answer["Docker-Content-Digest"] == path.split("/")[-1])
        for text in ("%d-" % size, "%d-" % (10 * size), "-0"):
            answer = self.ask("GET", path, {"Range": "bytes=" + text})
            self.detail("Range %s: 416" % text, answer.status == 416
                       and answer["Content-Range"] == "bytes */%d" % size, (answer.status, answer["Content-Range"]))
        self.several_ranges(path, whole)
        for text in ("lines=1-2", "bytes=x-y", "bytes=-", "bytes", ""):
            answer = self.ask("GET", path, {"Range": text})
            self.check("Range %r is no reason not to answer" % text, answer.status in (200, 416), answer.status)
        for text, status in (('"other"', 200), ("Mon, 01 Jan 2001 00:00:00 GMT", 200), ('"%s"' % path.split("/")[-1], 206)):
            answer = self.ask("GET", path, {"Range": "bytes=1-", "If-Range": text})
            self.detail("If-Range %s" % text, answer.status == status, answer.status)

    def several_ranges(self, path, whole):
        """As podman with enable_partial_images asks; it copes with the whole and with 400, and gives up otherwise."""
        for count in (2, 11, 201, 1024):
            length = 3 if 11 * count <= len(whole) else 1
            wanted = [(length + 8) * index % (len(whole) - length + 1) for index in range(count)]
            wanted = [(start, start + length) for start in wanted]
            # As many digits as in a large layer, so that 1,024 ranges are a header of 20 kB.
            text = ",".join("%09d-%09d" % (start, stop - 1) for start, stop in wanted)
            connection = self.target.connection()
            answer = self.ask("GET", path, {"Range": "bytes=" + text}, connection=connection)
            good = answer.status == 200 and answer.body == whole or answer.status == 400 and len(text) > 8000 \
                or answer.status == 206 and self.are_parts(answer, whole, wanted)
            self.check("%d ranges: each of them, or all of it" % count, good,
                       (answer.status, answer["Content-Type"], len(answer.body)))
            if answer.status != 400:  # A wrong length would spoil the next answer.
                answer = self.ask("HEAD", path, connection=connection)
                self.check("%d ranges: then another request" % count, answer.status == 200, answer.status)
            connection.close()
        size = len(whole)
        answer = self.ask("GET", path, {"Range": "bytes=4-5,%d-,0-1,-0" % size})
        self.detail("ranges that aren't there are left out", answer.status == 200 and answer.body == whole
                    or answer.status == 206 and self.are_parts(answer, whole, [(4, 6), (0, 2)]), answer.body[:300])
        answer = self.ask("GET", path, {"Range": "bytes=%d-,%d-%d" % (size, 2 * size, 3 * size)})
        self.detail("no range is there: 416", answer.status == 416, answer.status)
        answer = self.ask("GET", path, {"Range": "bytes=0-1,5-4,7-8"})
        self.detail("ranges of which one is invalid: all of it", answer.status == 200 and answer.body == whole,
                    answer.status)

    def are_parts(self, answer, whole, wanted):
        """Whether the body has exactly these ranges, in this order."""
        kind = re.fullmatch('multipart/byteranges; *boundary="?([^";]+)"?', answer["Content-Type"])
        if not kind:
            return False
        parts = (b"\r\n" + answer.body).split(b"\r\n--" + kind.group(1).encode())
        # Nginx and others begin with an empty line.
        if parts[0] not in (b"", b"\r\n") or parts[-1].strip() != b"--":
            return False
        found = []
        for part in parts[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            found.append((fields.get(b"content-type"), fields.get(b"content-range"), content))
        return found == [(b"application/octet-stream", b"bytes %d-%d/%d" % (start, stop - 1, len(whole)),
                          whole[start:stop]) for start, stop in wanted]

    def conditions(self):
        if self.options.no_conditions:
            return
        for path in (self.blob(), self.manifest(), self.manifest(tag=True)):
            if self.options.no_tag_digest and not DIGEST.search(path):
                continue
            etag = '"%s"' % self.resources[path]["digest"]
            for given, status in ((etag, 304), ('"x", W/%s' % etag, 304), ('"x"', 200)):
                for method in ("GET", "HEAD"):
                    answer = self.ask(method, path, {"If-None-Match": given})
                    good = answer.status == status and answer["ETag"] == etag and not (status == 304 and answer.body)
                    self.check("%s %s If-None-Match %s" % (method, path, given), good, (answer.status, answer["ETag"]))

    # Lists

    def lists(self):
        for path, key in [("/v2/_catalog", "repositories")] + [(path, "tags") for path in self.paths("tags")]:
            whole = self.ask("GET", path).json()
            self.check("%s is in order" % path, whole[key] == sorted(whole[key]))
            self.check("%s?n=1000 is all of it" % path, self.ask("GET", path + "?n=1000").json() == whole)
            if self.options.no_paging:
                continue
            if not self.options.no_count:
                self.paging(path, key, whole)
            elif key == "tags":
                self.after(path, whole)

    def paging(self, path, key, whole):
        items = whole[key]
        for count in sorted({1, 2, 3, max(1, len(items)), len(items) + 1}):
            pages, following = [], "%s?n=%d" % (path, count)
            while following and len(pages) <= len(items):
                answer = self.ask("GET", following)
                link = re.fullmatch(r'<(/v2/[^>]*)>; *rel="?next"?', answer["Link"] or "")
                pages.append(answer.json()[key])
                following = link and link.group(1)
            wanted = [items[start:start + count] for start in range(0, len(items), count)] or [[]]
            self.check("%s in pages of %d" % (path, count), pages == wanted, pages)
        answer = self.ask("GET", path + "?n=0")
        self.check("%s?n=0 is empty" % path, answer.json()[key] == [] and not answer["Link"], answer.body)
        for text in ("-1", "x", "", "1e3", 5000 * "9"):
            answer = self.ask("GET", "%s?n=%s" % (path, text))
            self.check("%s?n=%s is ignored" % (path, text[:9]), answer.status == 200 and answer.json() == whole)
        for last in items + ["0", "m", "zzzz", "%"]:
            answer = self.ask("GET", "%s?last=%s" % (path, quote(last, safe="")))
            self.check("%s?last=%s" % (path, last), answer.json()[key] == [item for item in items if item > last])

    def after(self, path, whole):
        """What comes after a tag that there is, in small letters; any other is ignored."""
        for last in whole["tags"] + ["0.no-such-tag", "../1", "%"]:
            tags = self.ask("GET", "%s?last=%s" % (path, quote(last, safe=""))).json()["tags"]
            known = last in whole["tags"] and last == last.lower()
            wanted = [tag for tag in whole["tags"] if tag > last or not known]
            self.check("%s?last=%s" % (path, last), tags == wanted, tags)

    def referrers(self):
        for path in self.paths("manifests"):
            name, _, digest = path.partition("/manifests/")
            if DIGEST.match(digest) and "%s/referrers/%s" % (name, digest) not in self.resources:
                self.no_referrers(name, digest)
        self.no_referrers(self.manifest().split("/manifests/")[0], UNKNOWN)

    def no_referrers(self, name, digest):
        answer = self.ask("GET", "%s/referrers/%s" % (name, digest))
        self.check("%s/referrers/%s is empty" % (name, digest), answer.status == 200 and answer["Content-Type"] == INDEX
                   and answer.json().get("manifests") == [] and answer.json().get("mediaType") == INDEX, answer.status)

    # The conformance suite of OCI's distribution-spec

    def conformance(self):
        """What the suite of 2026-07 checks in its read-only mode, by its names, of the repository with most tags."""
        repository = max((path[:-len("/tags/list")] for path in self.paths("tags")),
                         key=lambda name: len(self.references(name, "manifests", False)))
        tags = self.references(repository, "manifests", False)
        digests = self.references(repository, "manifests", True)
        blobs = self.references(repository, "blobs", True)
        self.expect("ping", "GET", "/v2/", {200})
        self.expect("empty/tag list", "GET", repository + "/tags/list", {200, 404})
        self.expect_index("empty/referrers", "%s/referrers/%s" % (repository, UNKNOWN))
        self.conforming_list(repository, tags)
        for kind, area, references in (("by-tag", "manifests", tags), ("by-digest", "manifests", digests),
                                       ("blob", "blobs", blobs)):
            for reference in references:
                path = "%s/%s/%s" % (repository, area, reference)
                self.expect("read-only/head/%s/%s" % (kind, reference), "HEAD", path, {200})
                self.expect("read-only/pull/%s/%s" % (kind, reference), "GET", path, {200})
        for subject in self.references(repository, "referrers", True) or digests[:1]:
            self.expect_index("read-only/referrers", "%s/referrers/%s" % (repository, subject))
        self.expect("missing-manifest/by-digest", "GET", "%s/manifests/%s" % (repository, UNKNOWN), {404})
        self.expect("missing-manifest/by-tag", "GET", repository + "/manifests/missing-tag", {404})
        self.expect("invalid-digest-format/manifest-get", "GET",
                    repository + "/manifests/sha256:baddigeststring", {404, 400})

    def references(self, repository, area, by_digest):
        start = "%s/%s/" % (repository, area)
        found = [path[len(start):] for path in self.resources if path.startswith(start)]
        return [reference for reference in found if bool(DIGEST.match(reference)) == by_digest]

    def conforms(self, name, good, found, known_not_to=False):
        self.asked, self.conforming = self.asked + 1, self.conforming + bool(good)
        self.check("conformance: %s%s" % (name, " is known to fail" if known_not_to else ""),
                   bool(good) != known_not_to, found)

    def expect(self, name, method, path, statuses):
        answer = self.ask(method, path, {"Accept": "%s, %s" % (INDEX, MANIFEST)})
        self.conforms(name, answer.status in statuses, answer.status)

    def expect_index(self, name, path):
        answer = self.ask("GET", path)
        self.conforms(name, answer.status == 200 and answer["Content-Type"] == INDEX
                   and answer.json()["mediaType"] == INDEX and answer.json()["schemaVersion"] == 2, answer.status)

    def conforming_list(self, repository, tags):
        path = repository + "/tags/list"
        listed = self.ask("GET", path).json()["tags"]
        # Where referrers are for clients that met a 404; no tag of the repository's own.
        tags = [tag for tag in tags if not re.fullmatch("sha256-[0-9a-f]{64}", tag)]
        ordered = sorted(listed)
        end = len(ordered) // 2 or 1
        after = self.ask("GET", "%s?last=%s" % (path, ordered[end - 1])).json()["tags"]
        self.conforms("read-only/tag-list", set(tags) <= set(listed) and set(after) == set(ordered[end:]),
                      (listed, after), known_not_to=self.options.no_paging)

    def pages(self):
        pages = {"/": "index.html", "/index.html": "index.html"}
        for folder, _, names in os.walk(os.path.join(self.options.site, "catalogue")):
            files = [os.path.relpath(os.path.join(folder, name), self.options.site) for name in names]
            pages.update(("/" + file, file) for file in files)
        for path, file in sorted(pages.items()):
            with open(os.path.join(self.options.site, file), "rb") as page:
                content = page.read()
            answer = self.ask("GET", path)
            wanted = dict(PAGE_HEADERS, **{"Content-Type": PAGE_TYPES[file.rsplit(".", 1)[1]]})
            found = {name: answer[name] for name in wanted}
            self.check("%s is a page" % path, answer.status == 200 and answer.body == content and found == wanted,
                       (answer.status, found))
            head = self.ask("HEAD", path)
            self.check("%s: HEAD" % path, head.status == 200 and head["Content-Type"] == wanted["Content-Type"],
                       (head.status, head["Content-Type"]))
        folder = os.path.join(self.options.site, "signatures")
        signatures = os.listdir(folder) if os.path.isdir(folder) else []
        folder = os.path.join(self.options.site, "program")
        programs = os.listdir(folder) if os.path.isdir(folder) else []
        for path in ("/no-such.html", "/catalogue/no-such.css", "/catalogue/no-such/_.html", "/catalogue/",
                     "/catalogue/_style.css/", "/content-types.json", "/.hidden.html", "/servers/", "/index.json",
                     "/signatures/", *("/signatures/" + name for name in signatures), "/README.txt", "/readme.txt",
                     "/program/", *("/program/" + name for name in programs)):
            answer = self.ask("GET", path)
            allowed = self.options.normalizes and not path.startswith("/.")
            self.check("%s is not there" % path, answer.status == 404 or allowed, answer.status)

    # What must not be

    def traversal(self):
        deep = "/v2/" + self.manifest(tag=True).split("/")[2]
        for path in ("/../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2f..%2f..%2fetc/passwd",
                     "/.regstatic/lock", "/%2eregstatic/lock", "/v2/.regstatic/tags/list", "/v2/%2e./_catalog",
                     deep + "/../../.regstatic/lock", deep + "/manifests/..", deep + "/manifests/../../_catalog",
                     deep + "/manifests/%2e%2e%2f%2e%2e%2f_catalog", deep + "/manifests/x%00", deep + "%00/tags/list",
                     deep + "/manifests/..%5c..%5c_catalog", "/C:/Windows/win.ini", "/C%3A%5cWindows%5cwin.ini",
                     "/..\\..\\etc\\passwd", deep + "/blobs/../manifests", "/.htaccess", "/catalogue/../.regstatic/lock",
                     deep.upper() + "/tags/list", deep + "//tags/list", deep + "/./tags/list", "/%c0%ae%c0%ae/etc/passwd",
                     "/v2/" + 300 * "a" + "/tags/list", "/v2/con/tags/list", "/v2/nul/manifests/aux", "/nul.txt"):
            data = "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path
            answer = self.target.raw(data.encode("latin-1"))
            status = answer[9:12]
            normalized = self.options.normalizes and status in (b"200", b"301") and b"root:" not in answer
            normalized = normalized or self.options.lenient and status == b"500"
            self.check("%s: nothing there" % path[:60], status in (b"404", b"400", b"403") or normalized, answer[:60])
        for data in (b"GARBAGE\r\n\r\n", b"GET /v2/\r\n\r\n", b"GET /v2/ HTTP/9.9\r\n\r\n", b"\0\1\2\r\n\r\n",
                     b"GET /" + 70000 * b"a" + b" HTTP/1.1\r\n\r\n",
                     b"GET /v2/ HTTP/1.1\r\n" + 200 * b"X-A: b\r\n" + b"\r\n"):
            self.target.raw(data + b"GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.check("lives after malformed requests", self.ask("GET", "/v2/").status == 200)

    def connections(self):
        connection = self.target.connection()
        self.ask("GET", "/v2/", connection=connection)
        first = connection.sock
        for method, path in (("HEAD", self.blob()), ("GET", "/v2/x/manifests/y"), ("DELETE", "/v2/"),
                             ("GET", self.manifest()), ("HEAD", "/v2/x/tags/list"), ("GET", self.blob())):
            self.ask(method, path, connection=connection)
        self.check("one connection for many requests", first is connection.sock)
        connection.close()
        request = "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n"
        both = request % ("/v2/", "") + request % ("/v2/_catalog", "Connection: close\r\n")
        answer = self.target.raw(both.encode())
        self.check("two requests at once", answer.count(b"HTTP/1.1 200") == 2, answer[:80])
        answer = self.target.raw(b"GET /v2/ HTTP/1.0\r\n\r\n")
        self.check("HTTP/1.0", b" 200 " in answer[:20] and answer.endswith(b"{}"), answer[:80])
        silent = [self.target.socket(greet=False) for _ in range(20)]
        started = time.monotonic()
        self.check("silent clients block nobody", self.ask("GET", "/v2/").status == 200
                   and time.monotonic() - started < 5)
        for one in silent:
            one.close()
        if self.target.tls:
            self.old_tls()

    def old_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # That these versions are old is the point.
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        try:
            context.wrap_socket(self.target.socket(greet=False)).close()
            self.check("TLS 1.1 is refused", False)
        except OSError:
            self.check("TLS 1.1 is refused", True)

    def sequences(self):
        """Fifty clients at a time, each reading everything."""
        wrong = []
        threads = [threading.Thread(target=self.read_all, args=(wrong,)) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.check("50 clients in parallel", not wrong, wrong[:3])

    def read_all(self, wrong):
        try:
            connection = self.target.connection()
            for path, expected in self.resources.items():
                if not self.is_whole(self.ask("GET", path, connection=connection), expected):
                    wrong.append(path)
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            wrong.append(repr(error))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--site", required=True, help="folder with content-types.json")
    parser.add_argument("--cacert", help="without it no certificate is checked")
    parser.add_argument("--tag", action="append", default=[], metavar="NAME:TAG", help="more images, with children")
    parser.add_argument("--no-tag-digest", action="store_true", help="no Docker-Content-Digest and ETag on tags")
    parser.add_argument("--bucket", action="store_true", help="an object store: what is there, and its types")
    parser.add_argument("--no-conditions", action="store_true", help="If-None-Match is ignored")
    parser.add_argument("--no-error-version", action="store_true", help="errors don't name the API's version")
    parser.add_argument("--no-trace", action="store_true", help="TRACE is not the site's affair")
    parser.add_argument("--no-paging", action="store_true", help="?n= and ?last= are ignored")
    parser.add_argument("--no-count", action="store_true", help="?n= is ignored, and ?last= but for a tag in small letters")
    parser.add_argument("--normalizes", action="store_true", help="the server resolves .. and // within the site")
    parser.add_argument("--lenient", action="store_true", help="what no client relies on is the server's affair")
    parser.add_argument("--failures", action="store_true", help="print only what failed")
    options = parser.parse_args()
    checks = Checks(Target(options.url, options.cacert), options)
    checks.run()
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
