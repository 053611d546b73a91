# The way in. `make demo` and `make test` need python3 >= 3.11, make and git; nothing needs root but test-live.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MCPB := @anthropic-ai/mcpb@2.1.2

.PHONY: wheel bundle setup demo test test-live clients eval transcript lint format lock docs bench rig-install rig-up rig-down clean

setup: $(VENV)/.ready  ## Put the command at .venv/bin/fivetabs.

$(VENV)/.ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"fivetabs needs Python 3.11 or newer; {sys.executable} is {v[0]}.{v[1]}. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" or 0)'
	@$(PYTHON) -m venv $(VENV) || { echo "python3 could not make a virtual environment (on Debian: apt-get install python3-venv)"; exit 1; }
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## Ask the demo world the two questions through a real client over stdio.
	@$(BIN)/fivetabs demo

test: setup  ## Everything that needs no root: demo and wire rungs, moto, terraform where present.
	$(BIN)/python -m pytest -q

test-live: setup rig-install  ## The live rung: real backends of the rig. Needs root.
	$(BIN)/python -m pytest -q -m live

clients: setup  ## The protocol's conformance suite, the inspector and Claude Code on our server. Needs npm.
	$(BIN)/python -m pytest -q -m conformance tests/conformance

test-stories: setup rig-install  ## Every story on the rig, held to its bars. Needs root.
	$(BIN)/python -m pytest -q -m stories

eval: setup rig-install  ## Tell every story on the rig; writes docs/evals.md. Needs root.
	$(BIN)/python -m tests.stories --write docs/evals.md

transcript: setup rig-install  ## Ask the two questions on the rig; writes docs/transcript.md. Needs root.
	$(BIN)/python -m tests.transcript docs/transcript.md

lint: setup  ## Formatting, linting, types and import contracts.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

docs: setup  ## Write the generated pages anew; a test compares them.
	$(BIN)/python -m tests.docs write

lock: setup  ## Pin and hash every dependency again.
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
		pyproject.toml --group test --group lint --group build -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
		pyproject.toml -o requirements-run.txt

wheel: setup  ## What `uvx` and `pipx run` start: dist/fivetabs-*.whl.
	$(BIN)/hatchling build -t wheel -d dist

bundle: setup  ## dist/fivetabs.mcpb, validated and packed by the bundle's own tool. Needs Node.
	$(BIN)/python -m bundle dist/bundle
	npx --yes $(MCPB) validate dist/bundle/manifest.json
	npx --yes $(MCPB) pack dist/bundle dist/fivetabs.mcpb

rig-install:  ## What the rig needs from Debian. Needs root; quick when all is there.
	bash tests/rig/install.sh

rig-up: setup rig-install  ## Real backends, seeded with the incident; prints the environment to use.
	@$(BIN)/python -m tests.rig up

rig-down: setup
	@$(BIN)/python -m tests.rig down

bench: setup  ## Figures against their floors, of the same run.
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) dist build
