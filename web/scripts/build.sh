#!/bin/sh
# Builds into dist, whose folder stays: cargo watches it, and notices what is new in it.
set -eu
cd "$(dirname "$0")/.."
rm -rf dist/assets dist/.vite dist/index.html dist/mark.svg
npx --no-install vite build --logLevel warn
node scripts/budget.mjs
