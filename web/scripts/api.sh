#!/bin/sh
# Writes the types of the API from what the program says of itself; with --check, says whether they are what is there.
# The program is $RAMPART, or the one that cargo builds.
set -eu
cd "$(dirname "$0")/.."
document=$(mktemp --suffix .json)
trap 'rm -f "$document" "$document.ts"' EXIT
if [ -n "${RAMPART:-}" ]; then
    "$RAMPART" openapi >"$document"
else
    cargo run --quiet --locked --package rampart -- openapi >"$document"
fi
npx --no-install openapi-typescript "$document" --output "$document.ts" >/dev/null
if [ "${1:-}" = --check ]; then
    diff -q "$document.ts" src/api/schema.d.ts >/dev/null || {
        echo "error: web/src/api/schema.d.ts is not what the program's OpenAPI document says" >&2
        echo "hint: cd web && npm run api, and look at what the pages make of the change" >&2
        exit 1
    }
else
    cp "$document.ts" src/api/schema.d.ts
fi
