# `make` sets everything up and produces the notebooks and charts; `make help` lists the rest.

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV ?= .venv
# Set PYTHON to choose an interpreter; otherwise the first of these that runs and is new enough.
PYTHONS := $(if $(PYTHON),$(PYTHON),python3 python3.13 python3.12 python3.11 python)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# A lock names everything. If pip looked for dependencies as well, it would meet releases newer than
# the locked ones, which have no hash, and stop.
LOCKED := install --no-deps --require-hashes
WORKERS ?= auto
COVERAGE ?= --cov --cov-report=term
SELECT ?=
PYTEST := $(BIN)/python -m pytest

.PHONY: help run refresh test unit notebooks check full bench golden faults mutations real lock clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.ready ## notebooks and charts into build/ (the default)
	@$(BIN)/sendstats run

refresh: $(VENV)/.ready ## rebuild data/processed and the notebooks; print what moved
	@$(BIN)/sendstats refresh

test: unit notebooks ## all tests, then every notebook strictly against its stored output

unit: $(VENV)/.ready-dev ## the tests, with branch coverage
	@echo "tests with $$($(BIN)/python --version)"
	@$(PYTEST) -n $(WORKERS) $(COVERAGE) $(SELECT)

notebooks: $(VENV)/.ready-dev ## every committed notebook against its stored output
	@echo "notebooks, every output compared"
	@$(PYTEST) --nbval -n $(WORKERS) --dist loadfile --nbval-kernel-startup-timeout=180 \
	    --nbval-cell-timeout=300 -p no:cacheprovider notebooks

check: $(VENV)/.ready-dev ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python tests/measure.py

full: $(VENV)/.ready-dev ## the tests, sampled ones in full
	@$(PYTEST) -n $(WORKERS) -m "slow or not slow" --hypothesis-profile=full
	@$(MAKE) mutations

bench: $(VENV)/.ready-dev ## time and memory of the main job
	@$(BIN)/python tests/bench.py

golden: $(VENV)/.ready-dev ## rewrite golden files and notebooks; review the difference
	@$(BIN)/sendstats refresh --notebooks
	@$(PYTEST) -n 0 --golden tests

faults: $(VENV)/.ready-dev ## print what a fetch makes of each kind of fault
	@PYTHONPATH=tests $(BIN)/python -m standin.kinds

mutations: $(VENV)/.ready-dev ## print what becomes of raw files that are spoilt on purpose
	@PYTHONPATH=tests $(BIN)/python -m mutations

real: $(VENV)/.ready-dev ## the whole flow on real releases (needs ../shared beside the checkout)
	@$(BIN)/python tests/real/stage.py

lock: ## resolve the locks again (needs uv; no index address is written)
	@uv pip compile pyproject.toml $(LOCK) --extra notebooks --group build -o requirements.lock
	@uv pip compile pyproject.toml $(LOCK) --extra notebooks --group build --group test \
	    --constraint requirements.lock -o requirements-dev.lock

LOCK := --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-find-links --no-annotate --custom-compile-command "make lock" $(UPGRADE)

clean: ## delete what make produced, the environment included
	rm -rf build dist $(VENV) .pytest_cache .mypy_cache .ruff_cache .coverage .hypothesis

# A stamp is the last thing written, so an interrupted set-up is done again from the start.
$(VENV)/.python:
	@for name in $(PYTHONS); do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	    echo "no Python 3.11 or newer found (tried: $(PYTHONS)); install one or set PYTHON=path" >&2; exit 1; \
	fi; \
	echo "environment: $(VENV) with $$found ($$("$$found" --version))"; \
	rm -rf $(VENV); "$$found" -m venv $(VENV); touch $@

$(VENV)/.ready: $(VENV)/.python requirements.lock pyproject.toml
	@if [ ! -f $(VENV)/.ready-dev ]; then echo "installing requirements.lock (a few minutes the first time)"; fi
	@$(PIP) $(LOCKED) -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --no-index -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	@echo "installing requirements-dev.lock"
	@$(PIP) $(LOCKED) -r requirements-dev.lock
	@$(PIP) check
	@touch $@
