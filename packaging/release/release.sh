#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
#
# release.sh STATIC FOLDER: makes the files of a release from the static program.
#
# STATIC is the folder of `make static`: regstatic and THIRD-PARTY. FOLDER gets the program with its
# documents (.tar.gz), packages (.deb, .rpm), an image (-image.tar), a list of what is in the program
# (.spdx.json), and SHA256SUMS, with the signature SHA256SUMS.sig if KEY names a key for ssh-keygen.
#
# The same program gives the same files: all times are that of the newest entry of packaging/debian/changelog,
# and no file has the owner, mask, folder or host of this machine.
set -eu
umask 022
export LC_ALL=C TZ=UTC
static=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

program=$static/regstatic
version=$("$program" --version)
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l "$tree/packaging/debian/changelog" -STimestamp)
export SOURCE_DATE_EPOCH
machine=$(uname -m)
case $machine in
    x86_64) architecture=amd64 ;;
    aarch64) architecture=arm64 ;;
    *) architecture=$machine ;;
esac
name=regstatic-$version-linux-$architecture
rm -f "$folder"/*

# archive FOLDER: prints the tar of a folder
archive() {
    (cd "$1" && tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=go=u-w \
        --mtime="@$SOURCE_DATE_EPOCH" -cf - -- *)
}

# ---- The program, its manual, completions and documents, as they are installed below /usr ----

make -s -C "$tree" install-files program="$program" STRIP= DESTDIR="$work/root" PREFIX=/usr
documents=$work/root/usr/share/doc/regstatic
mkdir -p "$documents"
cp -r "$tree/README.md" "$tree/CHANGELOG.md" "$tree/LICENSE" "$static/THIRD-PARTY" "$tree/docs" "$documents"
gzip -9n "$work/root/usr/share/man/man1"/*.1

mkdir "$work/$name"
cp -r "$work/root/usr/." "$work/$name"
mv "$work/$name/bin/regstatic" "$work/$name/share/doc/regstatic/"* "$work/$name"
rmdir "$work/$name/bin" "$work/$name/share/doc/regstatic" "$work/$name/share/doc"
mkdir "$work/tar"
mv "$work/$name" "$work/tar"
archive "$work/tar" | gzip -9n >"$folder/$name.tar.gz"

# ---- Packages ----

"$here/deb.sh" "$work/root" "$version" "$architecture" "$folder"

# rpm's own names of folders and hosts aren't in the package.
rpmbuild --quiet -bb --target "$machine" --define "_topdir $work/rpm" --define "_rpmdir $folder" \
    --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
    --define "regstatic_version $version" --define "regstatic_root $work/root" "$here/regstatic.spec"

# ---- An image with the program and nothing else ----

mkdir -p "$work/image/tmp" "$work/saved"
cp "$program" "$tree/LICENSE" "$static/THIRD-PARTY" "$work/image"
chmod 1777 "$work/image/tmp"
archive "$work/image" >"$work/saved/layer.tar"
layer=$(sha256sum <"$work/saved/layer.tar" | cut -d ' ' -f 1)
date=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
sed -e "s/@ARCHITECTURE@/$architecture/" -e "s/@LAYER@/$layer/" -e "s/@DATE@/$date/" -e "s/@VERSION@/$version/" \
    "$here/image.json" >"$work/saved/config.json"
echo "[{\"Config\":\"config.json\",\"RepoTags\":[\"regstatic:$version\"],\"Layers\":[\"layer.tar\"]}]" \
    >"$work/saved/manifest.json"
tar -C "$work/saved" -cf - config.json layer.tar manifest.json | "$program" build -q - -o "$work/site"
"$program" export -q "$work/site" "regstatic:$version" -o "$folder/$name-image.tar"

# ---- Contents, checksums, signature ----

"$program" --version --verbose | sed -n 's/^  //p' | "$here/sbom.py" "$program" "$version" "$date" \
    >"$folder/$name.spdx.json"
cd "$folder"
sha256sum -- * >"$work/SHA256SUMS"
mv "$work/SHA256SUMS" .
[ -z "${KEY:-}" ] || ssh-keygen -q -Y sign -n file -f "$KEY" SHA256SUMS
ls -l "$folder"
