# Names people type; the work is in cargo and xtask.

# What `scan` and `bench` look at, and further options for them and for `run`: make scan TARGET=../app ARGS="--severity high"
TARGET ?= examples/shop
ARGS ?=

# FEATURES=pdf: reports on paper too. Their typesetter takes longer to build than all the rest, so it is asked for.
FEATURES ?=
WITH = $(if $(FEATURES),--features $(FEATURES))

RAMPART = cargo run --quiet --locked --release --package rampart $(WITH) --

# What the tests build, and run.
BUILT = $(abspath $(or $(CARGO_TARGET_DIR),target))/debug
RELEASED = $(abspath $(or $(CARGO_TARGET_DIR),target))/release/rampart

.DEFAULT_GOAL := help
.PHONY: help run scan test setup lint check-format lint-code tidy deny build doc-test rule-test sarif unit-test paper-test web web-check web-test web-measure screenshots fmt docs bench

help:
	@echo "make run     build, start the platform at http://127.0.0.1:8000, scan the example with it"
	@echo "make test    everything that must hold before a change is merged"
	@echo "make scan    scan TARGET with ARGS, without words around it"
	@echo "make lint    formatting, clippy, conventions, dependencies"
	@echo "make fmt     format the code"
	@echo "make docs    write docs/rules from rules"
	@echo "make web-measure  how fast the dashboard opens, filters and scrolls, with 10,000 findings"
	@echo "make screenshots  every page of the dashboard, in both themes, into web/screenshots"
	@echo "make bench   beside Semgrep: ARGS=\"--repo NAME=FOLDER --corpus FOLDER\" (docs/operations/performance.md)"

run:
	@sh xtask/setup.sh build
	@sh web/npm.sh run build
	cargo build --locked --release --package rampart $(WITH)
	@echo
	@echo "To scan code, which needs no server: make scan TARGET=path/to/your/code"
	@echo "  or: cargo install --locked --path crates/rampart && rampart scan path/to/your/code"
	@echo "Starting the platform with examples/shop connected; its data is in ./rampart-data, Ctrl-C stops it."
	@echo "For repositories of your own: make run LOCAL_GIT_ROOTS=folder/above/them, then rampart connect"
	@echo
	@ARGS="$(ARGS)" sh xtask/run.sh $(RAMPART)

scan:
	@$(RAMPART) scan $(TARGET) $(ARGS)

# In this order: what fails fastest first, the tests and their summary last.
test: setup web-check web lint doc-test rule-test sarif unit-test web-test

setup:
	@sh xtask/setup.sh test

lint: check-format lint-code deny tidy

check-format:
	cargo fmt --all --check

lint-code:
	cargo clippy --locked --workspace --all-targets -- --deny warnings

tidy: build
	@$(BUILT)/xtask tidy

deny:
	@sh xtask/deny.sh

# Documents for paper. No part of `make test`: building the typesetter takes longer than all of it.
paper-test:
	cargo test --locked --release --package rampart-reports --features pdf --tests

doc-test:
	cargo test --locked --workspace --doc

# Programs and tests together: by themselves they would want other features of what they depend on, and all of that anew.
build:
	cargo build --locked --workspace --bins --tests

rule-test: build
	$(BUILT)/rampart rules test rules

sarif: build
	@sh tests/sarif/check.sh $(BUILT)/rampart examples/shop

unit-test:
	@if cargo nextest --version >/dev/null 2>&1; then \
		echo cargo nextest run --locked --workspace; cargo nextest run --locked --workspace; \
	else \
		echo cargo test --locked --workspace --lib --bins --tests; cargo test --locked --workspace --lib --bins --tests; \
	fi

# The dashboard's files, which the program then carries.
web:
	@sh web/npm.sh run build

web-check:
	@sh web/npm.sh run types
	@sh web/npm.sh run lint
	@sh web/npm.sh run unit

# In a browser, against the program.
web-test: build
	@RAMPART=$(BUILT)/rampart sh web/npm.sh run api -- --check
	@RAMPART=$(BUILT)/rampart sh web/npm.sh run browser

screenshots: web build
	@RAMPART=$(BUILT)/rampart sh web/npm.sh run screenshots

# Of the program as people run it.
web-measure: web
	cargo build --locked --release --package rampart $(WITH)
	@RAMPART=$(RELEASED) sh web/npm.sh run measure

fmt:
	cargo fmt --all
	@[ ! -d web/node_modules ] || sh web/npm.sh run format

docs:
	cargo run --quiet --locked --package xtask -- docs

bench:
	cargo build --locked --release --package rampart $(WITH)
	@cargo run --quiet --locked --package xtask -- bench $(ARGS)
