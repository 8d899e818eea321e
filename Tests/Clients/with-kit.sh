#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
# with-kit.sh FOLDER KIT ENGINE COMMAND...   Runs a program on a system that a kit's install.sh has set up.
#
# Needs a mount namespace, such as that of enter.sh: /etc, /usr/local and /var/lib are copies that end with
# the program. The first run for an ENGINE keeps what install.sh has changed in FOLDER, for the next runs.
# The name registry.test is that of the machine.
set -eu

saved=$1/$3 kit=$2 engine=$3
shift 3
mount -t tmpfs tmpfs /mnt
for place in etc usr/local var/lib; do
    mkdir -p "/mnt/$place/upper" "/mnt/$place/work"
    lower=/$place
    [ ! -e "$saved/complete" ] || lower=$saved/$place:/$place
    mount -t overlay -o "lowerdir=$lower,upperdir=/mnt/$place/upper,workdir=/mnt/$place/work" overlay "/$place"
done
if [ ! -e "$saved/complete" ]; then
    echo '127.0.0.1 registry.test' >>/etc/hosts
    # --restart makes the system's list of CAs again.
    sh "$kit/install.sh" --no-check --restart "$engine" >/mnt/log 2>&1 || { cat /mnt/log >&2; exit 1; }
    for place in etc usr/local var/lib; do
        mkdir -p "$saved/$place"
        cp -a "/mnt/$place/upper/." "$saved/$place"
    done
    : >"$saved/complete"
fi
exec "$@"
