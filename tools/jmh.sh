#!/usr/bin/env bash
# Builds and runs the microbenchmarks of the kernels (JMH), with JMH's own options:
#
#   tools/jmh.sh [REGEXP] [-p NAME=VALUE,...] [OPTIONS]
#
#   tools/jmh.sh Product -p type=Q4_0,Q8_0 -p tokens=1 -p threads=2
#   tools/jmh.sh Attention -p name=vector
#   tools/jmh.sh -l                         what there is
#
# The first run fetches JMH. Means nothing on a machine that does other work.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
build=(mvn -B -q -Pjmh -DskipTests -pl bench -am package)
"${build[@]}" -o >/dev/null 2>&1 || "${build[@]}"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" --add-modules jdk.incubator.vector \
  --enable-native-access=ALL-UNNAMED -cp "bench/target/classes:bench/target/lib/*" \
  org.openjdk.jmh.Main "$@"
