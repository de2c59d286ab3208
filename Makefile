# Sets up, runs and checks Barycenter. Python 3.11 to 3.13 and make are enough to start: scripts/
# installs the rest into .venv, and does nothing if nothing is missing.

.DEFAULT_GOAL := help
.PHONY: help setup run test quick lint package locked bench screenshots lock

PY := .venv/bin/python
RUNTIME := $(if $(filter-out 0,$(GPU)),requirements-gpu.txt,requirements.txt)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo '  GPU=1 installs TensorFlow with CUDA; PYTHON=python3.12 chooses the Python of .venv'

setup: ## install everything, including the tools for tests
	@scripts/libraries.sh
	@scripts/install.sh $(RUNTIME) requirements-dev.txt
	@scripts/xvfb.sh

run: ## open the window; ARGS="cluster --help" runs a command instead
	@scripts/libraries.sh
	@scripts/install.sh $(RUNTIME)
	@$(PY) main.py $(ARGS)

# Without a screen; tests that need an X server start their own. One process for each core, at most
# four: each takes up to 3 GB.
JOBS ?= auto
PYTEST := QT_QPA_PLATFORM=offscreen $(PY) -m pytest --maxprocesses 4 --dist worksteal

test: setup ## run the tests; ARGS="-k kmeans" selects some, JOBS=0 runs them in one process
	@$(PYTEST) -n $(JOBS) $(ARGS)

quick: setup ## run the fast tests, under a minute in all, after each edit
	@$(PYTEST) -n $(JOBS) --hypothesis-profile quick \
		-m "not slow and not window and not distributed" $(ARGS)

lint: setup ## check style and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

package: setup ## build the wheel in build/package
	@scripts/package.sh

locked: ## check that the lock files match pyproject.toml
	@scripts/lock.sh --check

bench: setup ## run every benchmark, compared with the libraries a user would choose instead
	@scripts/install.sh requirements-bench.txt
	@set -e; for file in benchmarks/[!_]*.py; do \
		echo "== $$file"; PYTHONPATH=. $(PY) "$$file"; done

screenshots: setup ## take the screenshots for the README from the real window
	$(PY) docs/screenshots.py

lock: ## rewrite the lock files from pyproject.toml; ARGS=--upgrade takes newer versions
	@scripts/lock.sh $(ARGS)
