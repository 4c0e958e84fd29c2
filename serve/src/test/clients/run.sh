#!/usr/bin/env bash
# Runs unmodified clients against a server of this checkout: all of them, or those named
# (node, python, java). Needs the model smollm2:135m, and what the clients need: Node, Python, Maven.
set -euo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -P "$here/../../../.." && pwd)
work=$(mktemp -d)
server=

finish() {
  local status=$?
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  if [ "$status" != 0 ]; then
    echo "--- the server said:" >&2
    cat "$work/server.err" >&2
  fi
  rm -rf "$work"
}
trap finish EXIT

# A model of its own would have to be pulled again: the home is the user's.
"$root/nearside" serve --port 0 --ctx 4096 2>"$work/server.err" &
server=$!
for _ in $(seq 600); do
  url=$(sed -n 's/^listening at \([^ ]*\).*/\1/p' "$work/server.err")
  [ -z "$url" ] || break
  kill -0 "$server" || exit 1
  sleep 0.5
done
export NEARSIDE_URL=$url
echo "server at $url"

for client in "${@:-node python java}"; do
  for one in $client; do
    echo "--- clients in $one"
    case $one in
      node)
        (cd "$here/node" && npm ci --silent --no-audit --no-fund && npm test --silent)
        ;;
      python)
        python3 -m pip install -q --no-warn-conflicts --disable-pip-version-check --target "$work/python" \
          -r "$here/python/requirements.txt"
        PYTHONPATH=$work/python python3 -m unittest discover -s "$here/python"
        ;;
      java)
        mvn -B -q -f "$here/java/pom.xml" test
        ;;
      *)
        echo "no clients in $one" >&2
        exit 2
        ;;
    esac
  done
done
