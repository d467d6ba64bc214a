# The two commands of a newcomer: `make nightly` and `make test`. All set-up is theirs.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .venv-uv/bin/uv
RUN := .venv/bin
export UV_PYTHON_DOWNLOADS = never
export UV_PROJECT_ENVIRONMENT = .venv
# Compiled once here: where Python may not write bytecode, each process would compile all it imports anew.
export UV_COMPILE_BYTECODE = 1

.PHONY: nightly test ui backfill lint types unit bench dictionary clean

nightly: .venv/ready ## run the night on the configured sources (CHOKEPOINT_SOURCES, default samples) and publish
	$(RUN)/chokepoint nightly

test: lint types unit ## everything CI checks

ui: .venv/ready ## open Dagster on http://localhost:3000
	$(RUN)/chokepoint ui

backfill: .venv/ready ## take in months again: make backfill FROM=2022-10 TO=2024-12
	@test -n "$(FROM)" && test -n "$(TO)" || { echo "usage: make backfill FROM=2022-10 TO=2024-12"; exit 2; }
	$(RUN)/chokepoint backfill $(FROM) $(TO)

lint: .venv/ready
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports

types: .venv/ready
	$(RUN)/mypy

unit: .venv/ready
	$(RUN)/pytest

bench: .venv/ready ## measure speed and memory beside other tools, as ratios (installs the group bench)
	$(UV) sync --frozen --quiet --group bench
	$(RUN)/pytest benchmarks -s -o python_files='bench_*.py'

dictionary: .venv/ready ## write docs/data-dictionary.md from the contracts
	$(RUN)/chokepoint dictionary

clean: ## forget environment, state and releases
	rm -rf .venv .venv-uv state lake dbt_like_sql/target dbt_like_sql/logs

.venv/ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	@touch $@

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "$(PYTHON) does not run, or is not Python 3.11 to 3.13: try make PYTHON=/path/to/python3.12 …"; exit 2; }
	$(PYTHON) -m venv .venv-uv
	.venv-uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
