#!/usr/bin/env bash
# npm test: every check and every spec. Goes on after a failure; the last line is `N passed, N failed` over all of them.
# Installs what is missing: the locked npm packages, and on Debian, as root, the programs that the specs shoot at.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

passed=0
failed=0

# tell NAME SECONDS STATUS OUTPUT: counts a check, and shows its output when it failed.
tell() {
  if [ "$3" -eq 0 ]; then
    passed=$((passed + 1))
    echo "✔ $1 ($2 s)"
  else
    failed=$((failed + 1))
    printf '✖ %s (%s s)\n%s\n' "$1" "$2" "$4"
  fi
}

# check NAME COMMAND...: runs it and counts it.
check() {
  local name=$1 started=$SECONDS output status
  shift
  output=$("$@" 2>&1 </dev/null)
  status=$?
  tell "$name" "$((SECONDS - started))" "$status" "$output"
}

# check_scripts NAME...: runs the npm scripts of these names beside each other, and counts them in this order.
check_scripts() {
  local folder name started
  folder=$(mktemp -d)
  started=$SECONDS
  for name in "$@"; do
    (
      npm run --silent "$name" >"$folder/$name.output" 2>&1 </dev/null
      status=$?
      echo "$SECONDS $status" >"$folder/$name.end"
    ) &
  done
  wait
  for name in "$@"; do
    local ended=0 status=1
    read -r ended status <"$folder/$name.end"
    tell "${name#check:}" "$((ended - started))" "$status" "$(cat "$folder/$name.output")"
  done
  rm -rf "$folder"
}

has() {
  command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]
}

# The programs that some specs need beside Node.
install_programs() {
  local missing=()
  has nginx || missing+=(nginx)
  has openssl || missing+=(openssl)
  has nats-server || missing+=(nats-server)
  has chromium || has google-chrome || missing+=(chromium)
  has tmux || missing+=(tmux)
  has pgrep || missing+=(procps)
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    # The specs that need these are skipped without them.
    has tinyproxy || missing+=(tinyproxy)
    has squid || missing+=(squid-openssl)
    has prometheus || missing+=(prometheus)
    has influxd || missing+=(influxdb)
  fi
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: ${missing[*]}. Install them (on Debian: sudo apt-get install ${missing[*]}), or run this as root on Debian."
    echo 'The specs that need them fail until then.'
    return 1
  fi
  # RUNLEVEL=1: the packages are installed, but no service is started.
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  apt-get update -q && apt-get install -q -y --no-install-recommends "${missing[@]}"
}

specs() {
  local totals ran=0 broken=1
  totals=$(mktemp)
  SPEC_TOTALS=$totals node scripts/spec.mjs </dev/null
  read -r ran broken <"$totals" || { ran=0; broken=1; }
  rm -f "$totals"
  passed=$((passed + ran))
  failed=$((failed + broken))
}

check 'npm packages' install_if_needed
check 'programs that the specs need' install_programs
check_scripts check:format check:lint check:types check:layers check:docs build
check soak npm run --silent soak -- --rounds 1 --seed 20261127
specs

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
