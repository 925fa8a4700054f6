# One recipe per thing a person does here. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test check audit format bench run tui clean

help: ## what can be asked of make
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("nbabot needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 demo") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment here; on Debian or Ubuntu run: apt install python3-venv"; exit 1; }

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing nbabot into $(VENV) (the first time takes a minute or two) ..."
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "Installing the test tools into $(VENV) ..."
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@

demo: $(VENV)/.run ## the whole story on a simulated league, in under a minute
	@$(BIN)/nbabot demo

test: $(VENV)/.dev ## the fast tests
	@$(BIN)/python -m pytest -q -n 2 -m "not real_data and not end_to_end"

check: $(VENV)/.dev ## format, lint, types, import contracts, tests: what CI runs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

$(VENV)/.audit: $(BIN)/python constraints.txt
	@$(PIP) pip-audit
	@touch $@

audit: $(VENV)/.dev $(VENV)/.audit ## known vulnerabilities of the dependencies, risky calls in the code
	@$(BIN)/ruff check --select S engine nbabot tui
	@$(BIN)/pip-audit --strict --disable-pip --no-deps --progress-spinner off --requirement constraints.txt \
		|| { echo "Not clean: see above. Where the advisory database could not be asked, nothing is known about any of them."; exit 1; }

format: $(VENV)/.dev ## mend formatting and imports
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## measure every claimed figure and print the tables
	@$(BIN)/python -m bench

run: TOKEN_FILE = $(NBABOT_DISCORD__TOKEN_FILE)$(shell grep -s '^token_file' "$${NBABOT_CONFIG:-config.toml}")
run: $(VENV)/.run ## the bot and the schedule; without a token it posts to this terminal
	@$(BIN)/nbabot run $(if $(DISCORD_TOKEN)$(NBABOT_DISCORD_TOKEN)$(TOKEN_FILE),,--console)

tui: $(VENV)/.run ## the terminal UI
	@$(BIN)/nbabot tui

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
