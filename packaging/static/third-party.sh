#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
#
# third-party.sh FOLDER MAP: prints the licences of everything in the static program.
#
# FOLDER is that of libraries.sh, MAP the linker's map. Fails if the map has a library that
# FOLDER/linked.txt lacks.
set -eu
folder=$1 map=$2
here=$(cd "$(dirname "$0")" && pwd)
licences=/usr/share/common-licenses

# The libraries that the linker took something from.
used() { grep -oE '[^ (]+\.a\(' "$map" | sed 's/($//' | sort -u; }

check() {
  used | while read -r archive; do
    case $archive in
      */swift_static/*) name=swift_static ;;
      */libm-*.a) name=libm.a ;;
      *) name=${archive##*/} ;;
    esac
    cut -d ' ' -f 4 "$folder/linked.txt" | tr , '\n' | grep -qxF "$name" ||
      { echo "make: $archive is linked, but packaging/static/linked.sh doesn't name it" >&2; exit 1; }
  done
}

heading() { printf '\n%s\n%s\n\n' "$1" "$(echo "$1" | sed 's/./=/g')"; }

check
cat "$here/THIRD-PARTY.head"
echo
cut -d ' ' -f 1,2 "$folder/linked.txt" | sed 's/^/  /'
while read -r name version file _; do
  [ -s "$file" ] || { echo "make: $file, the licence of $name, is missing" >&2; exit 1; }
  heading "$name $version"
  cat "$file"
done <"$folder/linked.txt"
# The texts name files of Debian's, which other systems lack.
cut -d ' ' -f 3 "$folder/linked.txt" | xargs grep -ohE "$licences/[A-Za-z0-9.-]+[A-Za-z0-9]" |
  xargs readlink -f | sort -u | while read -r file; do
  heading "$file"
  cat "$file"
done
