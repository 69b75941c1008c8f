# setup: the virtual environment · test: all checks · demo: the product on invented books
# run: the sidecar on your configuration · bench: the benchmarks as a table · golden: rewrite the golden files
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# What must be covered whole is measured by its own tests: measuring slows all others down.
COVERED := tests/core tests/golden tests/scenarios tests/adapters/csv \
  $(wildcard tests/adapters/*/test_mapping*.py) tests/adapters/exact/test_terms.py

.PHONY: setup test demo run bench golden format lock

setup: $(VENV)/.ready

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	touch $@

test: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/pytest -n 2 -q --cov --cov-report= $(COVERED) $(ARGS)
	$(BIN)/coverage report
	$(BIN)/pytest -n 2 -q $(addprefix --ignore=,$(COVERED)) $(ARGS)

demo: setup
	$(BIN)/maan demo $(ARGS)

run: setup
	$(BIN)/maan run $(ARGS)

bench: setup
	$(BIN)/python benchmarks/run.py $(ARGS)

golden: setup
	$(BIN)/pytest -q tests/golden tests/docs tests/core/policy tests/settings --golden

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Building the wheel needs hatchling alone: its lock is the part of the dev lock that it needs.
lock:
	uv pip compile --generate-hashes --no-emit-index-url --universal --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --generate-hashes --no-emit-index-url --universal --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock
	echo 'hatchling>=1.27' | uv pip compile --generate-hashes --no-emit-index-url --universal --python-version 3.11 --constraint requirements-dev.lock - -o requirements-build.lock
