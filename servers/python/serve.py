#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Serves the regstatic site that contains this file. It needs only python3 (3.6 or later).

    python3 servers/python/serve.py
    python3 servers/python/serve.py --listen 0.0.0.0:443 --cert registry.crt --key registry.key
"""

import argparse
import hashlib
import json
import os
import re
import signal
import socket
import socketserver
import sys
import threading
import time
from collections import OrderedDict
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, unquote

JSON = "application/json"
OCTETS = "application/octet-stream"
INDEX = "application/vnd.oci.image.index.v1+json"
KINDS = {
    "oci-manifest": "application/vnd.oci.image.manifest.v1+json",
    "oci-index": INDEX,
    "docker-manifest": "application/vnd.docker.distribution.manifest.v2+json",
    "docker-list": "application/vnd.docker.distribution.manifest.list.v2+json",
}
PAGE_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}
TEXT = "text/plain; charset=utf-8"
# The pages for browsers contain untrusted text from images, so the policy forbids inline scripts.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
                               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
NO_REFERRERS = b'{"schemaVersion":2,"mediaType":"%s","manifests":[]}' % INDEX.encode()
FOREVER = "public, max-age=31536000, immutable"

# Only paths that match reach the file system, so they have no leading dots, no backslashes and no
# NUL.
COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
NAME = re.compile(r"(?=.{1,255}\Z)%s(?:/%s)*" % (COMPONENT, COMPONENT))
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
PAGE = re.compile(r"/(index\.(html)|catalogue(?:/[a-z0-9_][a-z0-9._-]*)+\.(%s))" % "|".join(PAGE_TYPES))
CLIENT_FILE = re.compile(r"/(clients(?:/[A-Za-z0-9_\[][A-Za-z0-9._\[\]-]*)+)")
MANIFEST_FILE = re.compile(r"manifests/(sha256)/([0-9a-f]{64})\.(%s)" % "|".join(KINDS))
RANGE = re.compile(r"(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))")
MOST_RANGES = 1024  # What podman sends at most.
# Python skips such a line, or all lines that follow it.
UNREADABLE = (FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect)
WINDOWS_DEVICE = re.compile(r"(?:^|/)(?:con|aux|nul|prn|com[0-9]|lpt[0-9])(?:[./]|$)")


class Missing(Exception):
    """The file doesn't exist, or it must not be served."""


class Site:
    """The files of a site, without a cache, because a tag may move between any two requests.

    In a plain site, tags and digests are links, and each repository has links to its own content. A portable site
    has no links, so a tag is a copy of the manifest, and all repositories share one store.
    """

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def resolve(self, path):
        """Resolves a path within the site; refuses to leave the site or to enter a hidden folder."""
        if os.name == "nt" and WINDOWS_DEVICE.search(path.lower()):
            raise Missing
        root = os.path.realpath(self.folder)
        try:
            inside = os.path.relpath(os.path.realpath(os.path.join(root, path)), root)
        except ValueError:  # Another drive.
            raise Missing
        if any(part.startswith(".") for part in inside.split(os.sep)):
            raise Missing
        return inside.replace(os.sep, "/")

    def open(self, path):
        file = self.path(self.resolve(path))
        try:
            if os.path.isfile(file):
                return open(file, "rb")
        except (FileNotFoundError, PermissionError):
            pass
        raise Missing

    def read(self, *paths):
        """The bytes of the first of these files that exists."""
        for path in paths:
            try:
                with self.open(path) as file:
                    return file.read()
            except Missing:
                continue
        raise Missing

    def manifest(self, name, reference):
        """Media type, digest and bytes, which match even if the tag moves meanwhile."""
        path = "v2/%s/manifests/%s" % (name, reference)
        linked = MANIFEST_FILE.fullmatch(self.resolve(path))
        if not linked:
            return self.portable_manifest(name, reference)
        if not self.has_case(path):
            raise Missing
        return KINDS[linked.group(3)], "%s:%s" % linked.group(1, 2), self.read(linked.group())

    def portable_manifest(self, name, reference):
        # The prefixes distinguish V1 from v1, because the file system may ignore case.
        prefix = "_" if reference == reference.lower() else "+"
        stem = "v2/%s/manifests/%s" % (name, prefix + reference)
        if DIGEST.fullmatch(reference):
            stem = self.store(name, "manifests") + reference[7:]
        # Try all kinds twice, because a tag may move to a kind that was already tried.
        for kind in 2 * list(KINDS):
            try:
                content = self.read(stem + "." + kind)
            except Missing:
                continue
            if "+" not in stem or self.has_case(stem + "." + kind):
                return KINDS[kind], "sha256:" + hashlib.sha256(content).hexdigest(), content
        raise Missing

    def blob(self, name, digest):
        try:
            return self.open("v2/%s/blobs/%s" % (name, digest))
        except Missing:
            return self.open(self.store(name, "blobs") + digest[7:])

    def store(self, name, kind):
        """The folder that a portable site's repositories share."""
        folders = [os.path.isdir(self.path("v2", name, part)) for part in ("blobs", "manifests", "tags")]
        if folders[0] or not any(folders):
            raise Missing
        return kind + "/sha256/"

    def referrers(self, name, digest):
        folder = "v2/%s/referrers/" % name
        return self.read(folder + digest, folder + digest[7:] + ".oci-index")

    def has_case(self, path):
        """Whether a file has exactly this name; a file system that ignores case also finds v1 for V1."""
        folder, name = os.path.split(self.path(path))
        return not os.path.exists(self.path("V2")) or name in os.listdir(folder)

    def example(self):
        """An image to pull, found among the first few repositories."""
        for name in json.loads(self.read("v2/_catalog").decode())["repositories"][:20]:
            for tag in json.loads(self.read("v2/%s/tags/list" % name).decode())["tags"]:
                return "%s:%s" % (name, tag)
        return "NAME:TAG"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # 0.9 would mean answers without headers.
    timeout = 60  # Seconds that a client may be silent.
    wbufsize = 1 << 16  # Send headers and a small body in one packet.
    disable_nagle_algorithm = True
    has_body = False

    # What to answer

    def do_GET(self):
        path, _, query = self.path.partition("?")
        path = unquote(path)
        try:
            self.route(path, query)
        except Missing:
            self.fail_missing(path)

    do_HEAD = do_GET

    def route(self, path, query):
        page = PAGE.fullmatch("/index.html" if path == "/" else path)
        if page:
            media_type = PAGE_TYPES[page.group(2) or page.group(3)]
            self.send_content(media_type, self.server.site.open(page.group(1)), more=PAGE_HEADERS)
        elif CLIENT_FILE.fullmatch(path):
            self.send_content(TEXT, self.server.site.open(path[1:]))
        elif path == "/v2":
            self.send(301, {"Location": "/v2/"})
        elif path in ("/v2/", "/v2/index.html"):
            self.send_content(JSON, b"{}")
        elif path == "/v2/_catalog":
            self.send_list(path, "repositories", query)
        elif path.startswith("/v2/") and path.count("/") > 3:
            self.route_repository(path, query)
        else:
            raise Missing

    def route_repository(self, path, query):
        name, kind, reference = path[4:].rsplit("/", 2)
        is_digest = DIGEST.fullmatch(reference)
        if not NAME.fullmatch(name):
            raise Missing
        if kind == "manifests" and (is_digest or TAG.fullmatch(reference)):
            self.send_manifest(name, reference, FOREVER if is_digest else "no-cache")
        elif kind == "blobs" and is_digest:
            self.send_content(OCTETS, self.server.site.blob(name, reference), reference, FOREVER)
        elif kind == "referrers" and is_digest:
            self.send_referrers(name, reference)
        elif (kind, reference) == ("tags", "list"):
            self.send_list(path, "tags", query)
        else:
            raise Missing

    def send_manifest(self, name, reference, cache):
        media_type, digest, content = self.server.site.manifest(name, reference)
        self.send_content(media_type, content, digest, cache)

    def fail_missing(self, path):
        thing = {"manifests": "manifest", "blobs": "blob"}.get(("//" + path).split("/")[-2])
        if thing:
            self.fail(404, thing.upper() + "_UNKNOWN", "this registry has no such " + thing)
        else:
            self.fail(404, "NAME_UNKNOWN", "this registry has no such repository")

    def send_referrers(self, name, digest):
        # A digest without referrers gets an empty list, not an error.
        try:
            content = self.server.site.referrers(name, digest)
        except Missing:
            content = NO_REFERRERS
        self.send_content(INDEX, content)

    def send_list(self, path, key, query):
        content, headers = self.server.site.read(path[1:]), {}
        asked = parse_qs(query, keep_blank_values=True)
        count, last = asked.get("n", [""])[0], asked.get("last", [""])[0]
        count = int(count) if re.fullmatch("[0-9]{1,18}", count) else None
        if count is not None or last:
            document = json.loads(content.decode())
            items = [item for item in document[key] if item > last]
            document[key] = items[:count]
            content = json.dumps(document, separators=(",", ":")).encode()
            if count and count < len(items):
                page = "%s?n=%d&last=%s" % (path, count, quote(items[count - 1], safe=""))
                headers["Link"] = '<%s>; rel="next"' % page
        self.send_content(JSON, content, more=headers)

    # How to answer

    def send_content(self, media_type, content, digest=None, cache="no-cache", more=None):
        """Sends bytes or an open file: the whole content, ranges, or only the status 304 if it is unchanged."""
        headers = dict(more or {}, **{"Content-Type": media_type, "Cache-Control": cache})
        headers["Accept-Ranges"] = "bytes"
        if digest:
            headers.update({"Docker-Content-Digest": digest, "ETag": '"%s"' % digest})
        if isinstance(content, bytes):
            return self.send_range(headers, content, len(content))
        with content:
            self.send_range(headers, content, os.fstat(content.fileno()).st_size)

    def send_range(self, headers, content, size):
        etag = headers.get("ETag")
        known = self.headers.get("If-None-Match", "")
        ranges = self.asked_ranges(size, etag)
        if etag and (known.strip() == "*" or etag in re.findall('"[^"]*"', known)):
            self.send(304, headers)
        elif ranges is None:
            self.send(200, headers, (content, 0, size))
        elif not ranges:
            self.fail(416, "SIZE_INVALID", "no such range", {"Content-Range": "bytes */%d" % size})
        elif len(ranges) == 1:
            headers["Content-Range"] = "bytes %d-%d/%d" % (ranges[0][0], ranges[0][1] - 1, size)
            self.send(206, headers, (content,) + ranges[0])
        else:
            self.send_parts(headers, content, size, ranges)

    def send_parts(self, headers, content, size, ranges):
        """Sends each range as it was asked for; podman fails if ranges are joined or left out."""
        boundary = os.urandom(16).hex()
        pieces = []
        for start, stop in ranges:
            head = "\r\n--%s\r\nContent-Type: %s\r\nContent-Range: bytes %d-%d/%d\r\n\r\n" % (
                boundary, headers["Content-Type"], start, stop - 1, size)
            pieces += [(head.encode(), 0, len(head)), (content, start, stop)]
        end = "\r\n--%s--\r\n" % boundary
        headers["Content-Type"] = "multipart/byteranges; boundary=" + boundary
        self.send(206, headers, *pieces, (end.encode(), 0, len(end)))

    def asked_ranges(self, size, etag):
        """Start and stop of each requested range that the content has, or None to send everything."""
        unit, _, asked = self.headers.get("Range", "").partition("=")
        if unit.lower() != "bytes" or self.command != "GET" or self.headers.get("If-Range", etag) != etag:
            return None
        asked = [RANGE.fullmatch(one.strip(" \t")) for one in asked.split(",")]
        if not all(asked) or len(asked) > MOST_RANGES:
            return None
        ranges = []
        for one in asked:
            first, last, suffix = [number and int(number) for number in one.groups()]
            if suffix is not None:
                first = max(0, size - suffix)
            elif last is not None and last < first:
                return None
            if first < size:
                ranges.append((first, size if last is None else min(last + 1, size)))
        return ranges

    def fail(self, status, code, message, headers=None):
        content = json.dumps({"errors": [{"code": code, "message": message}]}, separators=(",", ":"))
        headers = dict(headers or {}, **{"Content-Type": JSON, "Cache-Control": "no-cache"})
        self.send(status, headers, (content.encode(), 0, len(content)))

    def send(self, status, headers, *pieces):
        """Each piece of the body is bytes or an open file, its start and its stop."""
        length = sum(stop - start for _, start, stop in pieces)
        self.send_headers(status, headers, length)
        for piece in pieces if self.command != "HEAD" else ():
            if not self.send_piece(*piece):
                self.close_connection = True  # The file has shrunk, so the client must not wait for more.
                break
        self.wfile.flush()
        request = ascii(self.requestline)[1:-1]  # Escape control characters, which a terminal would obey.
        self.server.log('%s "%s" %d %d' % (self.client_address[0], request, status, length))

    def send_headers(self, status, headers, length):
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def send_piece(self, content, start, stop):
        """Whether all of it was sent."""
        if isinstance(content, bytes):
            self.wfile.write(content[start:stop])
            return True
        if stop - start < self.wbufsize:  # One of many ranges, which may share a packet.
            content.seek(start)
            return self.wfile.write(content.read(stop - start)) == stop - start
        self.wfile.flush()
        # This uses os.sendfile. Under TLS, or if os.sendfile is missing, it copies the bytes.
        return self.connection.sendfile(content, start, stop - start) == stop - start

    # Rules of HTTP

    def handle(self):
        if hasattr(self.connection, "do_handshake"):
            self.connection.do_handshake()  # Here, because the thread that accepts connections must never wait.
        super().handle()
        if self.has_body:
            self.linger()

    def handle_one_request(self):
        self.server.waiting[self.connection] = True
        super().handle_one_request()

    def parse_request(self):
        if not super().parse_request():
            return False
        self.server.waiting.pop(self.connection, None)
        lengths = {length.strip(" \t") for length in self.headers.get_all("Content-Length", ["0"])}
        self.has_body = lengths != {"0"} or "Transfer-Encoding" in self.headers
        self.close_connection |= self.has_body
        # A proxy in front may read such a header differently, and take a part of the body for a request.
        if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths.pop()) or \
                any(isinstance(defect, UNREADABLE) for defect in self.headers.defects):
            self.has_body = True  # It may have one.
            self.send_error(400)
            return False
        return True

    def linger(self):
        """Reads the rest of the body, because closing earlier would send a reset that can overtake the answer."""
        deadline = time.monotonic() + 30
        try:
            self.connection.settimeout(5)
            self.connection.shutdown(socket.SHUT_WR)
            while time.monotonic() < deadline and self.connection.recv(1 << 16):
                pass
        except OSError:
            pass

    def handle_expect_100(self):
        return True  # Don't ask for the body, so that the client gets its answer at once.

    def send_error(self, code, message=None, explain=None):
        if code == 501:  # A method without a do_ function.
            self.fail(405, "UNSUPPORTED", "this registry is read-only", {"Allow": "GET, HEAD"})
        else:
            self.close_connection = True
            self.fail(code, "UNSUPPORTED", "this is not a request of HTTP/1.1")

    def log_message(self, *_):
        pass  # The base class would report connections that were idle for too long.


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = os.name != "nt"  # On Windows it would let two servers share the port.

    most_connections = 512

    def __init__(self, address, site, tls, quiet):
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.site, self.tls, self.quiet = site, tls, quiet
        self.places = threading.BoundedSemaphore(self.most_connections)
        self.waiting = OrderedDict()  # Connections that have no request yet, or no next one.
        super().__init__(address, Handler)

    def get_request(self):
        connection, address = super().get_request()
        if self.tls:
            connection = self.tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request, client_address):
        if not self.places.acquire(blocking=False):
            self.drop_waiting()
            while not self.places.acquire(timeout=1):
                self.drop_waiting()
        self.waiting[request] = True
        try:
            super().process_request(request, client_address)
        except RuntimeError as error:  # The system has no more threads.
            self.leave(request)
            raise OSError(str(error))

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.leave(request)

    def leave(self, request):
        self.waiting.pop(request, None)
        self.places.release()

    def drop_waiting(self):
        """Ends the connection that has been silent for the longest, so that silent clients block nobody."""
        try:
            # SSLSocket's own shutdown would interfere with the connection's thread.
            socket.socket.shutdown(self.waiting.popitem(last=False)[0], socket.SHUT_RDWR)
        except (KeyError, OSError):
            pass  # None is silent, or it has just ended.

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            return super().handle_error(request, client_address)
        self.log("%s failed: %s" % (client_address[0], error))  # Usually, the client has closed the connection.

    def log(self, line):
        if not self.quiet:
            say("%s %s" % (time.strftime("%Y-%m-%dT%H:%M:%S%z"), line))


def say(line):
    try:
        sys.stderr.write(line + "\n")  # Write only once, or the lines of several threads would mix.
        sys.stderr.flush()
    except OSError:
        pass  # Continue even if nobody reads the log.


def tls_context(certificate, key):
    import ssl  # Not every python3 has this module.

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if hasattr(ssl, "TLSVersion"):
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    else:  # Python 3.6.
        context.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
    context.load_cert_chain(certificate, key)
    return context


def address(text):
    host, _, port = text.rpartition(":")
    if not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        raise argparse.ArgumentTypeError("%r is not HOST:PORT" % text)
    return host.strip("[]"), int(port)


def arguments():
    home = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    parser = argparse.ArgumentParser(description="Serves a regstatic site.")
    parser.add_argument("--listen", metavar="HOST:PORT", type=address, default="127.0.0.1:5000",
                        help="default: 127.0.0.1:5000; 0.0.0.0:5000 for other machines")
    parser.add_argument("--cert", metavar="FILE", help="certificate (PEM), for HTTPS")
    parser.add_argument("--key", metavar="FILE", help="its private key (PEM)")
    parser.add_argument("--site", metavar="FOLDER", default=home, help="default: the one it lies in")
    parser.add_argument("--quiet", action="store_true", help="no line for each request")
    options = parser.parse_args()
    if bool(options.cert) != bool(options.key):
        parser.error("--cert and --key go together")
    return options


def introduction(server):
    host, port = server.server_address[:2]
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    place = "%s:%d" % ("[%s]" % host if ":" in host else host, port)
    return "serving %s at %s://%s - try: docker pull %s/%s" % (
        os.path.realpath(server.site.folder), "https" if server.tls else "http", place, place,
        server.site.example())


def start(options):
    try:
        tls = tls_context(options.cert, options.key) if options.cert else None
    except OSError as error:
        sys.exit("serve.py: %s, %s: %s" % (options.cert, options.key, error))
    try:
        return Server(options.listen, Site(options.site), tls, options.quiet)
    except OSError as error:
        sys.exit("serve.py: %s:%d: %s" % (options.listen + (error.strerror or error,)))


def main():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))  # Exit at once, because no work needs to be finished.
    options = arguments()
    server = start(options)
    try:
        say(introduction(server))
    except (Missing, ValueError, LookupError):
        sys.exit("serve.py: %s is not a site" % os.path.realpath(options.site))
    server.serve_forever()


if __name__ == "__main__":
    main()
