#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
#
# linked.sh FOLDER: prints what is linked into the static program, a line for each:
#
#   NAME VERSION LICENCES ARCHIVES
#
# VERSION is that of Debian's source package, LICENCES the file with the licence, and ARCHIVES the
# names of the library's files, separated by commas.
set -eu
folder=$1
tree=$(cd "$(dirname "$0")/../.." && pwd)

# line NAME VERSION LICENCES ARCHIVES
line() {
  [ $# = 4 ] && [ -n "$2" ] || { echo "make: no version of $1" >&2; exit 1; }
  echo "$*"
}

# debian PACKAGE ARCHIVES: a library of an installed package of Debian's.
debian() {
  of_package=$(dpkg-query -W -f '${source:Package} ${source:Version}' "$1")
  line "${of_package% *}" "${of_package#* }" "/usr/share/doc/$1/copyright" "$2"
}

# source_package NAME ARCHIVES: a library that libraries.sh built from Debian's source package.
source_package() {
  line "$1" "$(sed -n 's/^Version: //p' "$folder/sources/$1.packed"/*.dsc | head -1)" \
    "$folder/sources/$1/debian/copyright" "$2"
}

gcc=$(basename "$(dirname "$(cc -print-file-name=libstdc++.a)")")
swift=$(dirname "$(dirname "$(readlink -f "$(command -v "${SWIFT:-swift}")")")")

debian libc6-dev libc.a,libm.a,libmvec.a,libpthread.a,libdl.a,crt1.o,crti.o,crtn.o
debian "libstdc++-$gcc-dev" libstdc++.a,libgcc.a,libgcc_eh.a,crtbeginT.o,crtend.o
debian libarchive-dev libarchive.a
debian libbz2-dev libbz2.a
debian libc-ares-dev libcares.a
debian liblz4-dev liblz4.a
debian liblzma-dev liblzma.a
debian libssl-dev libcrypto.a,libssl.a
debian libzstd-dev libzstd.a
debian zlib1g-dev libz.a
source_package curl libcurl.a
source_package libisal libisal.a
line swift \
  "$("${SWIFT:-swift}" --version 2>/dev/null | sed -n 's/.*Swift version \([^ ]*\).*/\1/p')" \
  "$swift/share/swift/LICENSE.txt" swift_static
line swift-argument-parser \
  "$(sed -n 's/.*swift-argument-parser", exact: "\(.*\)".*/\1/p' "$tree/Package.swift")" \
  "$tree/.build/static-build/checkouts/swift-argument-parser/LICENSE.txt" -
