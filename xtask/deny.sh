#!/bin/sh
# Checks dependencies against deny.toml. What cannot be checked here is said, not passed over.
set -eu
cd "$(dirname "$0")/.."

if ! cargo deny --version >/dev/null 2>&1; then
    echo "WARNING: cargo-deny is not installed: licences, sources and advisories of dependencies were NOT checked" >&2
    exit 0
fi
echo "cargo deny check licenses bans sources"
cargo deny --locked check --hide-inclusion-graph licenses bans sources

# The advisories are a database of their own, which needs the network.
if cargo deny fetch db >/dev/null 2>&1; then
    echo "cargo deny check advisories"
    cargo deny --locked check --hide-inclusion-graph --disable-fetch advisories
else
    echo "WARNING: the database of advisories could not be fetched: dependencies were NOT checked against it" >&2
fi
