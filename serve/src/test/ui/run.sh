#!/usr/bin/env bash
# The tests of the Web UI: types, unit tests, and the page in Chromium against a server of this
# checkout, which must be built. Needs the model smollm2:135m, Node with npm, and Chromium.
# `run.sh STEP …` runs single steps of the acceptance test; NEARSIDE_UI_SHOTS is a folder for
# screenshots.
set -euo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -P "$here/../../../.." && pwd)
# The copy that the build made: packages among the sources would look like a change of them.
web=$root/serve/target/web
work=$(mktemp -d)
server=

finish() {
  local status=$?
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  if [ "$status" != 0 ] && [ -s "$work/server.err" ]; then
    echo "--- the server said:" >&2
    cat "$work/server.err" >&2
  fi
  rm -rf "$work"
}
trap finish EXIT

# The launcher's own build, if one is due, makes the copy: so the server comes first.
"$root/nearside" serve --port 0 --ctx 4096 2>"$work/server.err" &
server=$!
for _ in $(seq 1200); do
  url=$(sed -n 's/^listening at \([^ ]*\).*/\1/p' "$work/server.err")
  [ -z "$url" ] || break
  kill -0 "$server" || exit 1
  sleep 0.5
done
echo "server at $url"

rm -rf "$web/test/ui"
mkdir -p "$web/test"
cp -r "$here" "$web/test/ui"
cd "$web/main/ui"
npm ci --silent --no-audit --no-fund
[ $# -gt 0 ] || npm test --silent
NEARSIDE_UI_BASE=$url node "$web/test/ui/acceptance.mjs" "$@"
