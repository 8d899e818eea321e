#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
# Fuzzes targets one after the other: run.sh PROGRAM SECONDS TARGET...
set -euo pipefail
program=$1 seconds=$2
cd "$(dirname "$0")/.."
found=.build/fuzz/found
mkdir -p "$found"
# libFuzzer must see the signals of a crash. Leaks aren't looked for: LeakSanitizer doesn't know Swift's
# tagged pointers, so it takes values in constants for lost. -detect_leaks=0 is for each input, and the
# variable for the end of the program.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0

for target in "${@:3}"; do
  # Inputs that reached new code stay for the next run.
  corpus=.build/fuzz/corpus/$target log=.build/fuzz/$target.log
  mkdir -p "$corpus"
  seeds=("Fuzz/Corpus/$target")
  # The built-in templates are seeds as they are.
  [ "$target" = template ] && seeds+=(site-template)
  if FUZZ_TARGET=$target "$program" -max_total_time="$seconds" -timeout=25 -seed="${FUZZ_SEED:-0}" -detect_leaks=0 \
    -print_final_stats=1 -artifact_prefix="$found/$target-" "$corpus" "${seeds[@]}" >"$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "$target: $runs inputs, $(sed -n 's/.* \(cov: [0-9]*\).*/\1/p' "$log" | tail -1)"
  else
    grep -E '^==|Fatal error|runtime error|SUMMARY|^ +#[0-9]+ ' "$log" | head -30 >&2 || true
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
    echo "fuzz: $target failed on ${input:-an unknown input}; the log is $log; to run it again:" >&2
    echo "  FUZZ_TARGET=$target SWIFT_BACKTRACE=enable=no $program ${input:-FILE}" >&2
    exit 1
  fi
done
