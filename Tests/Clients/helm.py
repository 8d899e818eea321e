#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""helm.py http|https oci://HOST/CHART VERSION FOLDER   Pulls a chart by Helm's own library, which PyPI has.

Prints the digest of the chart's manifest, and its versions.
"""

import sys

import helm_python

scheme, chart, version, folder = sys.argv[1:]
is_plain = scheme == "http"
client = helm_python.RegistryClient(plain_http=is_plain)
client.pull(chart, version=version, destination=folder, plain_http=is_plain)
print(client.resolve(f"{chart}:{version}")["digest"], *client.tags(chart))
