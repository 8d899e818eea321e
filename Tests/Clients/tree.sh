#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
# tree.sh SUITE DIR   Makes DIR a tree of Debian SUITE (trixie or sid) with that release's registry clients.
#
# Needs root and debootstrap; takes about three minutes and 2 GB. A tree that is complete is left as it is:
# remove the folder for newer versions. enter.sh runs programs in it.
set -euo pipefail

usage="usage: tree.sh trixie|sid DIR"
suite=${1:?$usage} dir=${2:?$usage}
clients="docker.io docker-cli containerd podman buildah skopeo oras crun ca-certificates"
case $suite in
  trixie) clients+=" docker-buildx" ;;
  # umoci is for incus, and libcurl4t64 for systemd-pull, which load them when they pull.
  sid) clients+=" docker-buildx crane cosign notation apptainer incus umoci systemd-container libcurl4t64" ;;
  *) echo "$usage" >&2; exit 64 ;;
esac

[ -e "$dir/.complete" ] && exit 0
[ "$(id -u)" = 0 ] || { echo "tree.sh: needs root, to make a tree of another Debian in $dir" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "tree.sh: no debootstrap: apt-get install debootstrap" >&2; exit 1; }

mkdir -p "$(dirname "$dir")"
log=$dir.log
fail() { tail -n 20 "$log" >&2; echo "tree.sh: no tree of $suite; all of it is in $log" >&2; exit 1; }

echo "making $dir, a tree of Debian $suite with its clients" >&2
rm -rf --one-file-system "$dir"
debootstrap --variant=minbase "$suite" "$dir" >"$log" 2>&1 || fail
# No service starts itself.
printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
chmod +x "$dir/usr/sbin/policy-rc.d"
# shellcheck disable=SC2086 # One word for each package.
chroot "$dir" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y --no-install-recommends $clients >>"$log" 2>&1 || fail
chroot "$dir" apt-get clean
touch "$dir/.complete"
