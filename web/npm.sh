#!/bin/sh
# Runs the dashboard's npm scripts (`web/npm.sh run build`), with a Node.js that is new enough for its tools: the machine's, or, where
# that is older (Debian 12 has 18), one that npm itself brings into web/.node. `web/npm.sh setup` installs what is missing.
set -eu
cd "$(dirname "$0")"

# The tools ask for this one (vite, @tanstack/react-router).
fits() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

own=.node/node_modules/node/bin
if ! fits node; then
    if [ ! -x "$own/node" ]; then
        printf 'setup: Node.js here is older than 20.19; bringing one for the dashboard\n' >&2
        npm install --loglevel=error --no-audit --no-fund --no-save --prefix .node node@20.19.5
    fi
    PATH="$PWD/$own:$PATH"
    export PATH
fi

# Anew when the lock file is newer than what was installed from it.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    printf 'setup: installing the tools of the dashboard\n' >&2
    npm ci --loglevel=error --no-audit --no-fund
    touch node_modules/.package-lock.json
fi
[ "$1" != setup ] || exit 0
exec npm --silent "$@"
