#!/bin/sh
# Installs what a build (`setup.sh build`) or the tests (`setup.sh test`) need and this machine lacks, with the ordinary clients.
# Does nothing where everything is there.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-test}

say() { printf 'setup: %s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs Debian packages; elsewhere says what to install.
packages() {
    if ! have apt-get; then
        say "missing: $*. Install them with this system's package manager and try again."
        return 1
    fi
    say "installing $*"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

missing=
# The grammars are C; the linker is named in .cargo/config.toml.
have cc || missing="$missing build-essential"
have ld.lld || [ "$(uname -sm)" != "Linux x86_64" ] || missing="$missing lld"
# The platform fetches repositories with it.
have git || missing="$missing git"
# The tests start servers of their own from it; setpriv takes root's rights from them.
if [ "$purpose" = test ] && ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
    # The package would set up and start a database for the whole machine, which nobody asked for.
    if have apt-get && [ ! -e /etc/postgresql-common ]; then
        as_root mkdir -p /etc/postgresql-common/createcluster.d
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.d/rampart.conf >/dev/null
    fi
    missing="$missing postgresql"
fi
# And from this one.
if [ "$purpose" = test ] && ! have redis-server; then
    # As above: no server for the whole machine.
    if have apt-get && [ ! -e /etc/systemd/system/redis-server.service ]; then
        as_root mkdir -p /etc/systemd/system
        as_root ln -s /dev/null /etc/systemd/system/redis-server.service
    fi
    missing="$missing redis-server"
fi
# The pages of the dashboard are tested in it.
[ "$purpose" = build ] || have chromium || [ -n "${CHROMIUM:-}" ] || missing="$missing chromium"
# They make keys with it, as the sign-in providers have them.
[ "$purpose" = build ] || have openssl || missing="$missing openssl"
[ "$purpose" = build ] || have setpriv || missing="$missing util-linux"
# They see with it in which order the program writes.
[ "$purpose" = build ] || have strace || missing="$missing strace"
# shellcheck disable=SC2086
[ -z "$missing" ] || packages $missing

if ! have cargo; then
    say "cargo is missing. Install Rust with rustup, then try again."
    exit 1
fi
# The dashboard: its tools, at the versions of web/package-lock.json.
if have npm || packages nodejs npm; then
    sh web/npm.sh setup
else
    say "npm is missing. Install Node.js 20 or newer, then try again."
    exit 1
fi
[ "$purpose" = test ] || exit 0

cargo fmt --version >/dev/null 2>&1 || { say "adding rustfmt"; rustup component add rustfmt; }
cargo clippy --version >/dev/null 2>&1 || { say "adding clippy"; rustup component add clippy; }

# Licences, sources and advisories of dependencies. Unoptimised it compiles in half the time and still answers in a second.
if ! cargo deny --version >/dev/null 2>&1; then
    say "installing cargo-deny, once; this takes a few minutes"
    cargo install cargo-deny --version 0.20.2 --locked --debug --quiet ||
        say "WARNING: cargo-deny could not be installed; dependencies will not be checked"
fi

# The validator of SARIF, at the version of tests/sarif/package-lock.json.
if have npm || packages nodejs npm; then
    if [ ! -x tests/sarif/node_modules/.bin/sarif-multitool ]; then
        say "installing the SARIF validator"
        (cd tests/sarif && npm ci --loglevel=error --no-audit --no-fund) ||
            say "WARNING: the SARIF validator could not be installed; SARIF output will not be validated"
    fi
    # The client of /socket.io/, at the version of tests/socketio/package-lock.json. Tests fail without it.
    if [ ! -d tests/socketio/node_modules/socket.io-client ]; then
        say "installing the Socket.IO client"
        (cd tests/socketio && npm ci --loglevel=error --no-audit --no-fund)
    fi
    # GitHub's description of its API with the validators that hold calls and answers to it, and payloads of its webhooks, at the
    # versions of tests/github/package-lock.json. Tests fail without them.
    if [ ! -d tests/github/node_modules/@octokit/openapi ]; then
        say "installing GitHub's descriptions of its API and its webhooks"
        (cd tests/github && npm ci --loglevel=error --no-audit --no-fund)
    fi
else
    say "WARNING: npm is missing; SARIF output will not be validated"
fi

# A server that speaks S3, at the version of tests/s3/requirements.txt, in a folder of its own.
if [ ! -x tests/s3/.venv/bin/moto_server ]; then
    have python3 || packages python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || packages python3-venv
    say "installing the S3 server of the tests"
    python3 -m venv tests/s3/.venv && tests/s3/.venv/bin/pip install --quiet --disable-pip-version-check -r tests/s3/requirements.txt
fi

cargo nextest --version >/dev/null 2>&1 || say "cargo-nextest is not installed; using cargo test, which runs the same tests"
