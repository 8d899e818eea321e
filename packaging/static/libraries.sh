#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
#
# libraries.sh FOLDER: gets the libraries of the static program that Debian's packages lack, and
# tells Swift's package manager about them all.
#
#   FOLDER/lib         libisal.a and libcurl.a, built from Debian's source packages
#   FOLDER/pkgconfig   .pc files that name only what the program needs
#   FOLDER/include     linked.h: the versions of everything that is linked
#   FOLDER/sources     the source packages
#
# Needs the packages that `make static` installs, but not root. Sources come from where the machine's
# packages come from, or from the mirror DEBIAN_MIRROR; apt's own lists and settings are left alone.
set -eu
[ $# = 1 ] || { sed -n '/^# libraries/,/^#$/s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
# As Debian builds its packages, but without debug information.
cflags='-O2 -g0 -fstack-protector-strong -D_FORTIFY_SOURCE=2'

fail() { echo "make: $1" >&2; exit 1; }
failed() { tail -20 "$folder/$1.log" >&2; fail "$1 can't be built: see $folder/$1.log"; }

# Calls apt-get with lists and a cache of our own.
apt() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::SourceList="$folder/apt/debian.sources" \
    -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$folder/apt/lists" \
    -o Dir::Cache="$folder/apt/cache" "$@"
}

# repository NAME SUITE: prints the address of one of Debian's two repositories.
repository() {
  if [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "$DEBIAN_MIRROR/$1"
  else
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
      awk -v name="/$1/$" -v suite="$2" '$1 ~ name && $2 == suite { print $1; exit }'
  fi
}

# Writes where the sources of this Debian release are.
write_sources_list() {
  . /etc/os-release
  [ "$ID" = debian ] || fail "the static program is built from Debian's packages, and this is $ID"
  mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
  : >"$folder/apt/debian.sources"
  for part in "debian $VERSION_CODENAME" "debian-security $VERSION_CODENAME-security"; do
    place=$(repository "${part% *}" "${part#* }")
    [ -n "$place" ] || fail "apt knows no ${part#* }; name a mirror that has it: DEBIAN_MIRROR=http://MIRROR"
    printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' \
      "$place" "${part#* }" /usr/share/keyrings/debian-archive-keyring.gpg >>"$folder/apt/debian.sources"
  done
}

# source_of NAME: unpacks the newest source package into sources/NAME.
source_of() {
  rm -rf "$folder/sources/$1" && mkdir -p "$folder/sources/$1.packed"
  (cd "$folder/sources/$1.packed" && rm -f ./* && apt source --download-only "$1")
  dpkg-source --no-check -x "$folder/sources/$1.packed"/*.dsc "$folder/sources/$1" >/dev/null
}

# Only the reader of gzip and its CRC. Assembler on x86-64 is nasm's; on aarch64 it is the compiler's.
build_isal() {
  (cd "$folder/sources/libisal" &&
    make -s -f Makefile.unx lib units='crc igzip' DEBUG= DEBUG_nasm= CC="${CC:-cc} $cflags") \
    >"$folder/libisal.log" 2>&1 || failed libisal
  cp "$folder/sources/libisal/bin/isa-l.a" "$folder/lib/libisal.a"
}

# HTTP, TLS and proxies. c-ares looks up names, because the C library would load modules for that.
build_curl() {
  without=
  for part in alt-svc cookies dict doh file ftp gopher hsts imap ldap ldaps libcurl-option manual \
    mime mqtt netrc ntlm ntlm-wb openssl-auto-load-config pop3 progress-meter rtsp smb smtp \
    socketpair telnet tftp tls-srp unix-sockets websockets shared dependency-tracking \
    maintainer-mode; do
    without="$without --disable-$part"
  done
  for part in brotli ca-bundle ca-path gssapi libgsasl libidn2 libpsl librtmp libssh2 nghttp2 zlib zstd; do
    without="$without --without-$part"
  done
  (cd "$folder/sources/curl" &&
    ./configure --quiet --enable-static --with-openssl --enable-ares $without CFLAGS="$cflags" &&
    make -s -C lib libcurl.la) >"$folder/curl.log" 2>&1 || failed curl
  cp "$folder/sources/curl/lib/.libs/libcurl.a" "$folder/lib/libcurl.a"
}

# describe NAME LIBS: a .pc file for Swift's package manager.
describe() {
  printf 'Name: %s\nDescription: %s of the static program\nVersion: 1\nLibs: %s\n' "$1" "$1" "$2" \
    >"$folder/pkgconfig/$1.pc"
}

mkdir -p "$folder/lib" "$folder/pkgconfig" "$folder/include" "$folder/sources"
if ! [ -e "$folder/lib/libisal.a" ] || ! [ -e "$folder/lib/libcurl.a" ]; then
  write_sources_list
  apt update || fail "apt has no lists of the source packages; see above"
  source_of libisal
  source_of curl
  build_isal
  build_curl
fi
# libarchive's own .pc file also names nettle, libacl and libxml2, which tar doesn't need.
describe libarchive '-larchive -llzma -lzstd -llz4 -lbz2 -lz'
describe libcrypto -lcrypto
describe libisal "-L$folder/lib -lisal"
describe libzstd -lzstd
"$here/linked.sh" "$folder" >"$folder/linked.txt"
{
  echo '/* What is linked into the static program; see packaging/static/linked.sh. */'
  sed 's/^\([^ ]*\) \([^ ]*\) .*/"\1 \2\\n"/' "$folder/linked.txt"
} >"$folder/include/linked.h.new"
# An unchanged file keeps its time, so that nothing is compiled again.
cmp -s "$folder/include/linked.h.new" "$folder/include/linked.h" ||
  mv "$folder/include/linked.h.new" "$folder/include/linked.h"
rm -f "$folder/include/linked.h.new"
