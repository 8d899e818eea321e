#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
#
# Our compressor beside others, on one core, over files such as the layers that bench.py makes:
# compressors.sh FILE…  Needs libisal-dev, libdeflate-dev and zlib1g-dev.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
encoder=$here/../Sources/CDeflate
program=$(mktemp)
trap 'rm -f "$program"' EXIT

[ $# -gt 0 ] || { echo "usage: compressors.sh FILE…" >&2; exit 64; }
"${CC:-clang}" -O3 -I"$encoder/include" -I"$encoder" -o "$program" \
  "$here/compressors.c" "$encoder"/*.c -lisal -ldeflate -lz
"$program" "$@"
