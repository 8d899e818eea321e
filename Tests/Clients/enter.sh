#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
# enter.sh DIR COMMAND...   Runs a program in a tree that tree.sh made. Needs root.
#
# The tree becomes the root of a mount namespace: daemons work in it, unlike in a plain chroot, and what
# they mount goes when they end. /tmp and the network, loopback included, are the machine's. The process
# stays the same, so that a signal to it reaches the program.
set -euo pipefail

exec unshare --mount --propagation private sh -c '
  set -e
  tree=$1
  shift
  mount --rbind "$tree" "$tree"
  cd "$tree"
  mount -t proc proc proc
  mount --rbind /sys sys
  mount --rbind /dev dev
  mount -t tmpfs -o mode=755 tmpfs run
  mount --rbind /tmp tmp
  mkdir -p .old
  pivot_root . .old
  cd /
  umount -l /.old
  exec "$@"' enter "$@"
