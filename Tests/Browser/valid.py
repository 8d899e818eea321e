#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Says where pages aren't HTML by the rules of its parser: valid.py FILE…"""

import sys

import html5lib

wrong = 0
for name in sys.argv[1:]:
    parser = html5lib.HTMLParser()
    with open(name, "rb") as file:
        parser.parse(file)
    for (line, _), code, _ in parser.errors:
        wrong += 1
        print("%s:%d: %s" % (name, line, code))
sys.exit(wrong > 0)
