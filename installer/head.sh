#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
#
# Sets up the engines of this machine, so that they pull from the registry of this kit, and checks that they
# can. This script is the same in every kit; kit.txt lists the files of this one and their places.
#
# What it changes, as root:
#   - It copies the files of this folder to the places in kit.txt, all below /etc or
#     /usr/local/share/ca-certificates.
#   - It merges the settings of the kit into daemon.json or registries.yaml if the machine has such a file.
#   - With --write-config, it sets config_path in containerd's configuration.
#   - With --restart, it reloads or restarts engines. It never restarts Docker unless live-restore is on.
#   - It records all of this in /var/lib/regstatic/clients, so that --uninstall can take it back.
# It doesn't change a file that somebody else wrote, or changed since. If one file of an engine is in the way,
# it changes no file of that engine.
#
# The parts: options; the files of an engine and their record; merging; processes and services; the request
# to the registry; one part for each engine, with plan_ENGINE and check_ENGINE; the loop over the engines.
set -eu
umask 022
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

usage() {
    cat <<'END'
Usage: sh install.sh [OPTION]... [ENGINE]...

Sets up the engines of this machine to pull from the registry of this kit, and checks them. Run it as root.
Run it again after the kit has changed: it replaces its own files.

Engines: docker, containerd, podman (also buildah, skopeo, CRI-O), k3s, rke2;
  kubernetes  containerd or CRI-O, whichever this node has, with all that a kubelet needs
  system      the system's list of CAs, for curl, crane, oras and helm
Without names: every engine that it finds.

  --restart         reloads or restarts the engines that need it; Docker is restarted only with live-restore
  --write-config    sets config_path in containerd's configuration if it isn't set
  --check IMAGE     also pulls IMAGE with each engine, such as --check docker.io/library/nginx:alpine
  --no-check        doesn't ask the registry, such as on a machine without its network
  --uninstall       takes back all that it wrote for the engines; without names, for all
  --dry-run         shows what it would do, and changes nothing
  --help            shows this text

Environment: DESTDIR=FOLDER  installs below FOLDER, such as the mounted root of a new machine

Exit status: 0 all engines are ready; 1 an engine isn't, and the output says what is missing; 64 wrong usage
END
}

refuse() {
    echo "install.sh: $1" >&2
    exit "${2:-1}"
}

root=${DESTDIR:-}
root=${root%/}
restart='' write_config='' image='' asks=yes uninstall='' dry_run='' names=''
while [ $# -gt 0 ]; do
    case $1 in
        --restart) restart=yes ;;
        --write-config) write_config=yes ;;
        --check)
            [ $# -gt 1 ] || refuse "--check needs an image" 64
            image=$2
            shift
            ;;
        --check=?*) image=${1#*=} ;;
        --no-check) asks= ;;
        --uninstall) uninstall=yes ;;
        --dry-run) dry_run=yes ;;
        -h | --help)
            usage
            exit
            ;;
        docker | containerd | podman | k3s | rke2 | kubernetes | system) names="$names $1" ;;
        -*) refuse "unknown option: $1; see sh install.sh --help" 64 ;;
        *) refuse "unknown engine: $1; see sh install.sh --help" 64 ;;
    esac
    shift
done
case $root in '' | /*) ;; *) root=$PWD/$root ;; esac
case $image in -*) refuse "not an image: $image" 64 ;; esac
if [ -n "$root" ]; then
    # A folder isn't a running machine.
    [ -z "$image$restart" ] || refuse "--check and --restart work only without DESTDIR" 64
    asks=
    [ -d "$root" ] || mkdir -p "$root"
fi
cd -- "$(dirname -- "$0")"
kit=$PWD
[ -r kit.txt ] || refuse "no kit.txt in $kit; copy the whole folder of the kit"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# setting NAME: the values of a setting of the kit, one a line
setting() { sed -n "s/^$1 //p" kit.txt; }

registry=$(setting registry)
url=$(setting url)
authority=$(setting authority)
mirrors=$(setting mirror | sed 's/=.*//' | sort -u)
