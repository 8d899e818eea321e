#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
#
# deb.sh ROOT VERSION ARCHITECTURE FOLDER: makes a Debian package of the files below ROOT. The static program
# needs no other package, so it installs on every release of Debian and Ubuntu.
set -eu
root=$1 version=$2 architecture=$3 folder=$4
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root" "$work/deb"
documents=$work/deb/usr/share/doc/regstatic
# Names that Debian's policy asks for.
mv "$documents/CHANGELOG.md" "$documents/changelog"
gzip -9n "$documents/changelog"
cp "$here/../debian/copyright" "$documents/copyright"
rm "$documents/LICENSE"
mkdir -p "$work/deb/usr/share/zsh/vendor-completions"
mv "$work/deb/usr/share/zsh/site-functions/_regstatic" "$work/deb/usr/share/zsh/vendor-completions"
rmdir "$work/deb/usr/share/zsh/site-functions"
size=$(cd "$work/deb" && find usr -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
mkdir "$work/deb/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" "$here/control" \
    >"$work/deb/DEBIAN/control"
(cd "$work/deb" && find usr -type f | sort | xargs md5sum) >"$work/deb/DEBIAN/md5sums"
dpkg-deb --root-owner-group -Zxz --build "$work/deb" "$folder/regstatic_${version}_$architecture.deb" >/dev/null
