#!/bin/sh
# Scans a folder and holds the SARIF that comes out to the validator of its standard's makers: check.sh PROGRAM FOLDER
set -eu
cd "$(dirname "$0")/../.."
program=$1
target=$2
validator=tests/sarif/node_modules/.bin/sarif-multitool

if [ ! -x "$validator" ]; then
    echo "WARNING: the SARIF validator is not installed: SARIF output was NOT validated" >&2
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$program" scan "$target" --format sarif --output "$folder/scan.sarif" --quiet
# The validator's exit code does not depend on what it finds.
"$validator" validate "$folder/scan.sarif" --output "$folder/verdict.sarif" >"$folder/verdict.txt" 2>&1 || {
    cat "$folder/verdict.txt" >&2
    exit 1
}
if ! grep -q "Analysis completed successfully" "$folder/verdict.txt" || grep -q ": error " "$folder/verdict.txt"; then
    cat "$folder/verdict.txt" >&2
    echo "error: the SARIF of a scan of $target is not valid" >&2
    exit 1
fi
echo "sarif: the report of $target is valid"
grep ": warning " "$folder/verdict.txt" || true
