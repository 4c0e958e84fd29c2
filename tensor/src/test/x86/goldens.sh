#!/usr/bin/env bash
# Has GNU as (Debian package binutils) assemble the samples of the assembler's tests, and writes
# their bytes to tensor/src/test/resources/x86/goldens.txt. Run after `mvn -pl tensor -am
# test-compile`, from any folder.
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp target/classes:target/test-classes:../base/target/classes \
  dev.nearside.tensor.kernel.x86.Samples "$work/texts"
{
  echo '.intel_syntax noprefix'
  cat "$work/texts"
} >"$work/all.s"
as --64 --listing-lhs-width=8 -al="$work/listing" -o "$work/all.o" "$work/all.s"
mkdir -p src/test/resources/x86
python3 - "$work/texts" "$work/listing" >src/test/resources/x86/goldens.txt <<'PY'
import re
import sys

texts = open(sys.argv[1]).read().splitlines()
found = {}
for line in open(sys.argv[2]):
    match = re.match(r" *(\d+)(?: [0-9a-f?]{4})? +((?:[0-9A-F]{2})+(?: (?:[0-9A-F]{2})+)*)\s", line)
    if match:
        found.setdefault(int(match[1]), []).append(match[2].replace(" ", ""))
print("# Assembled by GNU as from what Samples writes; see goldens.sh.")
for number, text in enumerate(texts, 2):
    print(f"{text}\t{''.join(found[number])}")
PY
