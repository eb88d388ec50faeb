#!/bin/sh
# `make run`: starts the platform, and connects the example application to it. The arguments are how to start the program.
#
# The example is a folder of this repository, not a repository of its own: a copy is made one, below the data folder, so that commits
# to it disturb nobody.
set -eu
cd "$(dirname "$0")/.."
data=${DATA_DIR:-rampart-data}
examples=$data/examples
shop=$examples/shop

# Whatever git is set up to do here is nobody's business there.
in_shop() {
    GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 git -C "$shop" \
        -c user.name=Example -c user.email=example@example.com "$@"
}

prepare() {
    [ -d "$shop/.git" ] && return
    mkdir -p "$examples"
    cp -R examples/shop "$examples/"
    in_shop init --quiet --initial-branch=main
    in_shop add --all
    in_shop commit --quiet --message "The example application"
}

# With the server up: the first account, unless there is one, and the example.
first_steps() {
    "$@" account --email "${RAMPART_EMAIL:-admin@example.com}" || return
    "$@" connect "$shop" --wait || return
    echo
    echo "Commit to $shop, and the commit is scanned by itself. Ctrl-C stops the platform."
}

prepare
LOCAL_GIT_ROOTS=${LOCAL_GIT_ROOTS:-$(cd "$examples" && pwd)}
export LOCAL_GIT_ROOTS
first_steps "$@" &
# shellcheck disable=SC2086
exec "$@" serve ${ARGS:-}
