#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
#
# samples/demo.sh REGSTATIC   From a saved image to a pull, on this machine; `make demo` calls it.
# Needs nginx, and one of skopeo, podman and docker. At a terminal the server runs until Enter.
set -euo pipefail
regstatic=$1
cd -- "$(dirname -- "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

# As root, nginx serves as somebody else, who has to be able to enter every folder on the way.
site=demo-site
if [ "$(id -u)" = 0 ] && ! setpriv --reuid 65534 --clear-groups test -x "$PWD"; then
  folder=$(mktemp -d /tmp/regstatic-demo.XXXXXX)
  chmod 755 "$folder"
  site=$folder/site
fi

step() { printf '\n$ %s\n' "${*/#$regstatic/regstatic}"; }
run() { step "$@"; "$@"; }

rm -rf -- "$site"
run "$regstatic" build samples/hello.tar -o "$site"
run "$regstatic" list "$site"
run "$regstatic" verify "$site"

# The first free port from 5000 on.
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port=5000
while answers "$port"; do port=$((port + 1)); done

step "$regstatic" serve "$site" --listen "127.0.0.1:$port" "&"
"$regstatic" serve "$site" --listen "127.0.0.1:$port" 2>"$site.log" &
server=$!
trap 'kill "$server" 2>/dev/null && wait "$server" || true' EXIT
for _ in $(seq 100); do
  answers "$port" && break
  kill -0 "$server" 2>/dev/null || { cat "$site.log" >&2; exit 5; }
  sleep 0.1
done

image=localhost:$port/zoo/hello:3
if command -v skopeo >/dev/null; then
  rm -rf -- "$site-pulled"
  run skopeo --insecure-policy copy --src-tls-verify=false "docker://$image" "dir:$site-pulled"
elif command -v podman >/dev/null; then
  run podman pull --tls-verify=false "$image"
elif docker info >/dev/null 2>&1; then
  run docker pull "$image"
else
  echo "demo.sh: no skopeo, no podman, no docker that answers" >&2
  exit 1
fi
printf '\nPulled %s. In a browser: http://localhost:%s/\n' "$image" "$port"
if [ -t 0 ]; then
  printf 'Enter ends the server. '
  read -r _ || true
fi
echo "The site stays in $site; what the server was asked is in $site.log."
