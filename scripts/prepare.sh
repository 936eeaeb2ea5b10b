# Sourced by the other scripts: goes to the root of the project, checks Node, and offers `install_if_needed`.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo 'Node.js 20.19 or later with npm is needed: https://nodejs.org' >&2
  exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
  echo "Node.js 20.19 or later is needed; this is $(node --version)" >&2
  exit 1
fi

# Installs the locked dependencies when there are none, or when they are older than the lock file.
install_if_needed() {
  local installed=node_modules/.package-lock.json
  if [ ! -f "$installed" ] || [ package-lock.json -nt "$installed" ]; then
    npm ci --no-audit --no-fund && touch "$installed"
  fi
}
