#!/usr/bin/env bash
# npm test: every check and every spec. Goes on after a failure; the last line is `N passed, N failed` over all of them.
# Installs what is missing: the locked npm packages, and on Debian, as root, the programs that the specs shoot at.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

passed=0
failed=0

# check NAME COMMAND...: runs it, shows its output only when it fails, and counts it.
check() {
  local name=$1 started=$SECONDS output
  shift
  if output=$("$@" 2>&1 </dev/null); then
    passed=$((passed + 1))
    echo "✔ $name ($((SECONDS - started)) s)"
  else
    failed=$((failed + 1))
    printf '✖ %s (%s s)\n%s\n' "$name" "$((SECONDS - started))" "$output"
  fi
}

has() {
  command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]
}

# The programs that some specs need beside Node.
install_programs() {
  local missing=()
  has nginx || missing+=(nginx)
  has openssl || missing+=(openssl)
  has tmux || missing+=(tmux)
  has pgrep || missing+=(procps)
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    # The specs that need these are skipped without them.
    has tinyproxy || missing+=(tinyproxy)
    has squid || missing+=(squid-openssl)
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
check 'nginx, openssl, tmux and proxies' install_programs
check format npm run --silent check:format
check lint npm run --silent check:lint
check types npm run --silent check:types
check layers npm run --silent check:layers
check docs npm run --silent check:docs
check build npm run --silent build
check soak npm run --silent soak -- --rounds 1 --seed 20261127
specs

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
