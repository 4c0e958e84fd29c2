#!/usr/bin/env bash
# Decode and prefill against llama.cpp's llama-bench, on random models in real shapes and on the
# GGUF files that are given. Prints what belongs into docs/benchmarks.md.
#
#   tools/bench-vs.sh LLAMA_BENCH FOLDER [MODEL.gguf ...]
#
# FOLDER keeps the random models (3 GB). THREADS (2), RUNS (5) and TESTS (tg128,pp512) come from the
# environment. Means nothing on a machine that does other work: it stops if there is any.
set -euo pipefail

if [ $# -lt 2 ]; then
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
llama_bench=$1
folder=$2
shift 2
root=$(cd "$(dirname "$0")/.." && pwd)

files=("$@")
for pair in qwen2.5-0.5b:Q4_0 qwen2.5-0.5b:Q8_0 llama-3.2-1b:Q4_0 llama-3.2-1b:Q8_0; do
  file=$folder/synth-${pair%%:*}.${pair##*:}.gguf
  [ -f "$file" ] || "$root/nearside" synth "${pair%%:*}" "${pair##*:}" "$file"
  files+=("$file")
done

date -u +%F
git -C "$root" log -1 --format='commit %h'
for file in "${files[@]}"; do
  load=$(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo 0)
  # Our own last measurement still counts into the load of a minute ago.
  if awk -v l="$load" -v t="${THREADS:-2}" 'BEGIN { exit !(l > t + 0.5) }'; then
    echo "the machine is busy: load $load" >&2
    exit 1
  fi
  "$root/nearside" bench "$file" --vs "$llama_bench" --test "${TESTS:-tg128,pp512}" \
    --runs "${RUNS:-5}" --threads "${THREADS:-2}"
done
