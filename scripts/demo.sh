#!/usr/bin/env bash
# npm run demo: builds Elpis, starts the bundled target, and shoots at it for some ten seconds.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

elpis=dist/lib/cli/bin.js
config=examples/http-quickstart/load.yaml
phout=phout.log

install_if_needed
echo '> building'
npm run --silent build

said=$(mktemp)
target_pid=
cleanup() {
  if [ -n "$target_pid" ]; then
    kill "$target_pid" 2>/dev/null || true
    wait "$target_pid" 2>/dev/null || true
  fi
  rm -f "$said"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "> node $elpis target --port 0"
node "$elpis" target --port 0 >"$said" 2>&1 </dev/null &
target_pid=$!
address=
for _ in $(seq 100); do
  address=$(sed -n 's|^listening on http://||p' "$said")
  [ -n "$address" ] && break
  kill -0 "$target_pid" 2>/dev/null || break
  sleep 0.1
done
if [ -z "$address" ]; then
  echo 'the target did not start:' >&2
  cat "$said" >&2
  exit 1
fi

report=report.html
echo "> TARGET=$address node $elpis run $config --report $report"
TARGET=$address node "$elpis" run "$config" --report "$report"

echo
echo "One line per shot is in $PWD/$phout ($(wc -l <"$phout") lines, Pandora's phout format). The first three:"
head -n 3 "$phout"
echo
echo "The report, one file for a browser, is $PWD/$report."
