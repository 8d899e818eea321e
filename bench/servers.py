# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Servers to measure: nginx with a site's own configuration, nginx alone, Docker's registry."""

import contextlib
import http.client
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import measure

PLAIN = """
daemon off;
worker_processes auto;
error_log stderr;
pid {work}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {work}/nginx-body;
    proxy_temp_path {work}/nginx-proxy;
    fastcgi_temp_path {work}/nginx-fastcgi;
    uwsgi_temp_path {work}/nginx-uwsgi;
    scgi_temp_path {work}/nginx-scgi;
    server {{
        listen 127.0.0.1:{port};
        root {root};
    }}
}}
"""

# As quick as it can be: descriptors in memory, no log, no health checks.
REGISTRY = """
version: 0.1
log: {{ level: error, accesslog: {{ disabled: true }} }}
storage:
  cache: {{ blobdescriptor: inmemory }}
  filesystem: {{ rootdirectory: {work}/registry }}
http: {{ addr: "127.0.0.1:{port}" }}
"""


class Server:
    """A server that answers, until the end of a `with`."""

    def __init__(self, argv, port):
        self.argv, self.port = [str(word) for word in argv], port

    def __enter__(self):
        begun = time.monotonic()
        self.process = subprocess.Popen(
            self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - begun > 30:
                self.__exit__()
                raise measure.Failed(f"{self.argv[0]} doesn't answer")
            time.sleep(0.001)
        self.start = time.monotonic() - begun
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return True
        return False

    def memory(self):
        """Bytes that it and its children hold, shared ones by their share."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        rollups = [Path(f"/proc/{one}/smaps_rollup").read_text("ascii") for one in [pid, *children]]
        return sum(int(re.search(r"^Pss: +(\d+) kB", text, re.M)[1]) * 1024 for text in rollups)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def site(folder, work):
    """nginx with the configuration that a site brings; only the port and what it writes differ."""
    port = free_port()
    own = work / "nginx-site"
    measure.remove(own)
    shutil.copytree(folder / "servers/nginx", own)
    text = (own / "http.conf").read_text(encoding="utf-8")
    for old, new in (("listen 5000", f"listen 127.0.0.1:{port}"), ("/var/run/regstatic-", f"{own}/")):
        if old not in text:
            raise measure.Failed(f"the site's http.conf has no {old}")
        text = text.replace(old, new)
    (own / "http.conf").write_text(text, encoding="utf-8")
    return Server(["nginx", "-p", folder, "-c", own / "http.conf"], port)


def files(folder, work):
    """nginx with nothing but a folder."""
    port = free_port()
    path = work / "plain.conf"
    path.write_text(PLAIN.format(work=work, port=port, root=folder), encoding="utf-8")
    return Server(["nginx", "-p", work, "-c", path], port)


def registry(work):
    """Docker's registry with what was pushed into `work`."""
    port = free_port()
    path = work / "registry.yml"
    path.write_text(REGISTRY.format(work=work, port=port), encoding="utf-8")
    return Server(["docker-registry", "serve", path], port)


def push(folder, name, server):
    """An image of a site into a registry; a site is an OCI layout."""
    argv = ["skopeo", "--insecure-policy", "copy", "-q", "--dest-tls-verify=false",
            f"oci:{folder}:{name}", f"docker://127.0.0.1:{server.port}/{name}"]
    measure.run(argv)


def load(url, seconds, *, accept="*/*"):
    """What one URL gives to 16 connections: whole answers in a second."""
    argv = ["wrk", "-t", "1", "-c", "16", "-d", f"{seconds}s", "-H", f"Accept: {accept}", url]
    said = subprocess.run(argv, capture_output=True, text=True, check=False)
    rate = re.search(r"Requests/sec: +([\d.]+)", said.stdout)
    if said.returncode or not rate or "Non-2xx" in said.stdout:
        raise measure.Failed(f"wrk {url}: {said.stdout}{said.stderr}")
    return float(rate[1])
