# What there is to do here. `make` alone says so too. Needs python3 (3.11 or newer, with venv) and make; the rest comes by itself.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-mediawiki test-imap check format bench docs messages lock clean

PYTHON ?= python3
# A virtual environment that the caller is in must not leak into ours, and compiled modules are kept: starting
# without them takes three times as long.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
BASE := $(PYTHON) -m tools.environment base
DEV := $(PYTHON) -m tools.environment dev

help: ## Say what there is
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: ## Install everything needed to work on Harken into .venv
	@$(DEV)

demo: ## Serve the sample process at an address of this machine
	@$(BASE)
	@$(BIN)/harken demo $(ARGS)

test: ## Run the whole suite: SQLite, PostgreSQL, core, browser. ARGS="-k word" narrows it, WITHOUT="browser postgres" leaves parts out
	@$(DEV)
	@$(BIN)/python -m tools.suite --without "$(WITHOUT)" -- $(ARGS)

test-mediawiki: ## Import from a real MediaWiki (Debian's, on a port of this machine) and post there; no part of `make test`
	@$(DEV)
	@$(BIN)/python -m tools.suite --only mediawiki -- $(ARGS)

test-imap: ## Poll a real mailbox (Debian's Dovecot, on a port of this machine); no part of `make test`
	@$(DEV)
	@$(BIN)/python -m tools.suite --only imap -- $(ARGS)

check: ## Formatting, linting, types, room contracts, migrations, tracked files: silent when all is well
	@$(DEV)
	@$(BIN)/python -m tools.check

format: ## Put code into its one form and mend what can be mended
	@$(DEV)
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

bench: ## Measure. ONLY=name for one, JSON=1 for one line of JSON
	@$(DEV)
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(JSON),--json)

docs: ## Build the documentation into build/docs, warnings are errors
	@$(DEV)
	@$(BIN)/python -m tools.command_help
	@$(BIN)/sphinx-build -W --keep-going -q -b html -d build/doctrees docs build/docs
	@echo "build/docs/index.html"

messages: ## Bring the translations of the interface up to date with the source
	@$(DEV)
	@$(BIN)/python -m tools.messages

lock: ## Make requirements/*.txt anew from pyproject.toml. ARGS=--upgrade takes newer versions
	@$(DEV)
	@$(BIN)/python -m tools.lock $(ARGS)
	@$(DEV)

clean: ## Remove what was built and cached; keeps .venv and var/
	@rm -rf build dist htmlcov .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis .coverage .coverage.*
