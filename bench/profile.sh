#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
# Says what share of regstatic's CPU time is hashing, compressing, the kernel's (reading and writing),
# and everything else. With perf where it works, else with valgrind, which counts instructions.
#
#   bench/profile.sh [OPTION OF build]…      such as --compression none
#   MEGABYTES=100 PROFILER=valgrind bench/profile.sh
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=${REGSTATIC:-$here/../.build/release/regstatic}
work=${WORK:-$here/../bench-work}
[ -x "$program" ] || { echo "profile: no $program: run \`make build\` first" >&2; exit 1; }
mkdir -p "$work"
scratch=$(mktemp -d "$work/profile.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

archive() { # MEGABYTES
  "$here/archives.py" "$work/archive-$1" --megabytes "$1"
  echo "$work/archive-$1/modern.tar"
}

# Reads lines of weight, tab, object, tab, symbol; prints shares. In the program itself, names that
# Swift did not mangle are those of the compressor, which is C.
shares() {
  awk -F '\t' '
    function part(object, symbol) {
      if (object ~ /libcrypto/) return "hashing (libcrypto)"
      if (object ~ /libzstd/) return "compressing (libzstd)"
      if (object ~ /libisal/) return "checksum of gzip (libisal)"
      if (object ~ /libarchive/) return "reading tar (libarchive)"
      if (object ~ /kernel|^\[/) return "kernel: reading, writing, memory"
      if (object ~ /regstatic/ && symbol ~ /^rs_/) return "compressing (CDeflate)"
      if (object ~ /regstatic/) return "regstatic itself"
      return "C and Swift runtime"
    }
    { sum[part($2, $3)] += $1; total += $1 }
    END {
      if (!total) { print "profile: nothing was sampled" > "/dev/stderr"; exit 1 }
      for (name in sum) printf "%5.1f %%  %s\n", 100 * sum[name] / total, name
    }' "$1" | sort -rn
  echo
  echo "the most expensive functions"
  awk -F '\t' '
    { symbol = $3 ~ /^0x/ ? "(without a name)" : $3; sum[$2 "\t" symbol] += $1; total += $1 }
    END { for (name in sum) printf "%5.1f %%\t%s\n", 100 * sum[name] / total, name }' "$1" |
    sort -rn | sed -n '1,12p' | expand -t 10,32
}

with_perf() {
  local input
  input=$(archive "${MEGABYTES:-1000}")
  perf record -q -F 997 -o "$scratch/data" -- \
    "$program" build "$input" -o "$scratch/site" -q "$@"
  perf report -i "$scratch/data" --stdio --no-children -q -s dso,symbol -F period,dso,symbol \
    -t '|' 2>/dev/null |
    awk -F '|' 'NF >= 3 {
      for (i = 1; i <= 3; i++) gsub(/^ +| +$/, "", $i)
      sub(/^\[[.k]\] /, "", $3)
      print $1 "\t" $2 "\t" $3
    }' >"$scratch/lines"
  echo "CPU time by perf, $input $*"
}

with_valgrind() {
  local input
  input=$(archive "${MEGABYTES:-100}")
  # Older valgrinds give up on the debugging data that today's compilers write.
  strip --strip-debug -o "$scratch/regstatic" "$program"
  valgrind -q --tool=callgrind --callgrind-out-file="$scratch/data" \
    "$scratch/regstatic" build "$input" -o "$scratch/site" -q "$@"
  # 1,234 (12.3%)  file:function [object]
  callgrind_annotate --threshold=100 "$scratch/data" |
    awk '/^ *[0-9,]+ .*\[[^]]*\]$/ {
      weight = $1; gsub(/,/, "", weight)
      object = $NF; gsub(/^\[|\]$/, "", object); sub(/.*\//, "", object)
      symbol = $0; sub(/ \[[^]]*\]$/, "", symbol); sub(/^[^:]*:/, "", symbol)
      print weight "\t" object "\t" symbol
    }' >"$scratch/lines"
  echo "Instructions by valgrind, $input $*"
  echo "(valgrind's processor has no SHA instructions: hashing counts for more than it takes)"
}

if [ "${PROFILER:-perf}" = perf ] && perf record -q -o "$scratch/try" true >/dev/null 2>&1; then
  with_perf "$@"
elif command -v valgrind >/dev/null; then
  with_valgrind "$@"
else
  echo "profile: neither perf works nor is valgrind here: apt-get install linux-perf valgrind" >&2
  exit 1
fi
shares "$scratch/lines"
