#!/usr/bin/env bash
# Makes the archive: program, Java runtime, launcher, service files. Run by `mvn -Pdist package`.
#
#   make.sh LIB OUT VERSION    LIB: the folder of jars; OUT: where the archive goes
set -euo pipefail
lib=$1 out=$2 version=$3
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -P "$here/../../../.." && pwd)
. "$root/cli/src/main/launcher/jdk.sh"
jdk_find || {
  jdk_complain
  exit 1
}

case $(uname -s) in
  Darwin) system=macos ;;
  *) system=$(uname -s | tr '[:upper:]' '[:lower:]') ;;
esac
case $(uname -m) in
  arm64 | aarch64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
name=nearside-$version-$system-$machine
tree=$out/$name
rm -rf "$tree" "$tree.tar.gz"
mkdir -p "$tree/bin"

# What the jars use of the JDK, and what is only looked up by name: the kernels' vectors, other
# alphabets' charsets, and reading file systems in jars.
modules=$("$jdk_home/bin/jdeps" --multi-release "$jdk_major" --ignore-missing-deps \
  --print-module-deps --module-path "$lib" "$lib"/*.jar)
"$jdk_home/bin/jlink" --add-modules "$modules,jdk.incubator.vector,jdk.charsets,jdk.zipfs,jdk.jfr" \
  --output "$tree/runtime" --strip-debug --no-header-files --no-man-pages --compress zip-6

cp -R "$lib" "$tree/lib"
cp "$here/nearside" "$tree/bin/nearside"
mkdir "$tree/launcher"
cp "$root"/cli/src/main/launcher/{jdk.sh,run.sh,train.sh,jvm.options,vector.options} "$tree/launcher/"
cp -R "$here/service" "$tree/service"
cp "$root/LICENSE" "$root/README.md" "$root/CHANGELOG.md" "$tree/"
mkdir "$tree/docs"
cp "$root/docs/deploy.md" "$tree/docs/"
tar -C "$out" -czf "$tree.tar.gz" "$name"
echo "$tree.tar.gz"
