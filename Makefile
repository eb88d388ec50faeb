# Names people type; the work is in cargo and xtask.

# What `scan` and `bench` look at, and further options for them and for `run`: make scan TARGET=../app ARGS="--severity high"
TARGET ?= examples/shop
ARGS ?=

RAMPART = cargo run --quiet --locked --release --package rampart --

.DEFAULT_GOAL := help
.PHONY: help run scan test setup check-format lint lint-code tidy deny doc-test rule-test sarif unit-test fmt docs bench

help:
	@echo "make run     build, start the platform at http://127.0.0.1:8000, scan the example with it"
	@echo "make test    everything that must hold before a change is merged"
	@echo "make scan    scan TARGET with ARGS, without words around it"
	@echo "make lint    formatting, clippy, conventions, dependencies"
	@echo "make fmt     format the code"
	@echo "make docs    write docs/rules from rules"
	@echo "make bench   beside Semgrep: ARGS=\"--repo NAME=FOLDER --corpus FOLDER\" (docs/operations/performance.md)"

run:
	@sh xtask/setup.sh build
	cargo build --locked --release --package rampart
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
test: setup lint doc-test rule-test sarif unit-test

setup:
	@sh xtask/setup.sh test

lint: check-format tidy lint-code deny

check-format:
	cargo fmt --all --check

lint-code:
	cargo clippy --locked --workspace --all-targets -- --deny warnings

tidy:
	cargo run --quiet --locked --package xtask -- tidy

deny:
	@sh xtask/deny.sh

doc-test:
	cargo test --locked --workspace --doc

rule-test:
	cargo run --quiet --locked --package rampart -- rules test rules

sarif:
	@sh tests/sarif/check.sh examples/shop

unit-test:
	@if cargo nextest --version >/dev/null 2>&1; then \
		echo cargo nextest run --locked --workspace; cargo nextest run --locked --workspace; \
	else \
		echo cargo test --locked --workspace --lib --bins --tests; cargo test --locked --workspace --lib --bins --tests; \
	fi

fmt:
	cargo fmt --all

docs:
	cargo run --quiet --locked --package xtask -- docs

bench:
	cargo build --locked --release --package rampart
	@cargo run --quiet --locked --package xtask -- bench $(ARGS)
