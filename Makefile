# Everything there is to run. `make` alone lists it. Needs only Python 3.11 (or newer) and make:
# the first call makes .venv and installs what that target needs, by hash, from requirements/.

PYTHON  ?= $(shell command -v python3.11 || command -v python3)
JOBS    ?= 2
HOURS   ?= 8
SYSTEM  ?= yes
ARGS    ?=

BIN     := .venv/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
PYTEST  := $(BIN)/python -m pytest
INSTALL  = $(PIP) install --require-hashes --requirement
SELF     = $(PIP) install --no-build-isolation --no-deps --editable .
BENCHES  = $(sort $(filter-out bench/_%,$(wildcard bench/*.py)))

.DEFAULT_GOAL := help
.PHONY: help demo run test proof night soak bench check format venv venv-dev system clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' Makefile

demo: .venv/run  ## real days of alerts on a live map; ARGS="--speed max" and so on
	@$(BIN)/tocsin demo $(ARGS)

run: .venv/run  ## the server, with ./tocsin.toml where there is one
	@$(BIN)/tocsin serve $(ARGS)

check: .venv/dev  ## lint, format, types, architecture: under a minute
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: .venv/dev system  ## what every change passes: under 15 minutes
	$(PYTEST) -n $(JOBS) --dist loadfile -m "not proof and not night and not soak" $(ARGS)

proof: .venv/dev system  ## the promises of RELIABILITY at their PR counts: under an hour
	$(PYTEST) -m proof $(ARGS)

night: .venv/dev system  ## every property with a hundred times the examples, and what takes hours
	$(PYTEST) -n $(JOBS) --dist loadfile --timeout 14400 --hypothesis-profile night \
	  -m "not soak" $(ARGS)

soak: .venv/dev system  ## properties and promises again and again with new seeds; HOURS=8
	@end=$$(( $$(date +%s) + $(HOURS) * 3600 )); round=0; \
	while [ $$(date +%s) -lt $$end ]; do \
	  round=$$((round + 1)); echo "round $$round"; \
	  $(PYTEST) --timeout 14400 --hypothesis-profile night -m "not night" $(ARGS) || exit 1; \
	done

bench: .venv/dev system  ## speed, as ratios to a peer in the same run
	@set -e; for script in $(BENCHES); do \
	  name=$$(basename $$script .py); [ $$name = __init__ ] && continue; \
	  echo "== bench.$$name"; $(BIN)/python -m bench.$$name $(ARGS); \
	done

format: .venv/dev  ## put the code in the form that `make check` asks for
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

venv: .venv/run  ## only install what `make demo` and `make run` need

venv-dev: .venv/dev  ## only install what the other targets need

clean:  ## remove everything that make made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- what the above needs; each is done once --------------------------------------------------------

.venv/bin/python:
	@[ -n "$(PYTHON)" ] && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }

.venv/run: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing into .venv (once) ..."
	@$(INSTALL) requirements/run.txt
	@$(SELF)
	@touch $@

.venv/dev: requirements/dev.txt pyproject.toml | .venv/bin/python
	@echo "Installing into .venv, tools for development too (once) ..."
	@$(INSTALL) requirements/dev.txt
	@$(SELF)
	@touch $@ .venv/run

system: .venv/dev
	@[ "$(SYSTEM)" = no ] || tools/install-system
