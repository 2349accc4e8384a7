# On Record. `make chat` sets up everything and serves the page; `make test` sets up and tests.
# The index lies in .onrecord/ of this folder unless ONRECORD_HOME says otherwise.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
ONRECORD_HOME ?= $(CURDIR)/.onrecord
export ONRECORD_HOME
# nothing phones home
export ANONYMIZED_TELEMETRY := False
export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE := 1
export DO_NOT_TRACK := 1

.PHONY: help setup chat browser ask index test check format lint types eval judge gate bench scale clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: $(VENV)/installed ## environment, dependencies and the models

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[local,entailment,dev]'
	$(BIN)/python -W ignore::RuntimeWarning -m rag.weights
	$(BIN)/python -W ignore -m rag.relevance
	$(BIN)/python -W ignore -m rag.encoders
	touch $@

chat: setup ## index the bundled corpus and serve the page; `onrecord chat` talks in the terminal
	-$(BIN)/onrecord index
	$(BIN)/onrecord serve --engine local

ask: setup ## answer once: make ask Q="what did Lavrov say about Afghan helicopters"
	@$(BIN)/onrecord ask "$(Q)"

index: setup ## bring the index in step with its folders
	$(BIN)/onrecord index

browser: ## Chromium for the tests of the page; installed where this may (root on Debian)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
		|| { echo "no chromium on PATH and no right to install it; as root: apt-get install chromium"; exit 1; }

test: setup browser ## all tests, real models and browser included
	$(BIN)/python -m pytest

check: format lint types test ## formatting, lint, types and tests

format: setup ## fails where a file is not formatted; `ruff format .` mends it
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

eval: setup ## all questions with quotes and local; tables here, reports in evals/results
	for engine in quotes local; do $(BIN)/onrecord eval --engine $$engine || exit 1; done

judge: setup ## how often the judge of support is right on the labelled pairs
	$(BIN)/python -m evals.judging

gate: setup ## fails where an answer got worse than evals/baseline.json by more than noise
	$(BIN)/python -m evals.gate --engine quotes
	$(BIN)/python -m evals.gate --engine local --set test --sample 16

bench: setup ## speed and quality beside plain llama-index, its citation engine and dense-only search
	$(BIN)/python -m evals.speed
	$(BIN)/python -m evals.bench

scale: setup ## search as the index grows: make scale TEXTS=folder-of-txt-files
	$(BIN)/python -m evals.scale "$(TEXTS)"

clean: ## remove environment and index
	rm -rf $(VENV) .onrecord
