# Sets Barycenter up, runs it and checks it. Python 3.11 to 3.13 and make are enough to start from:
# the rest is installed into .venv by scripts/, which does nothing where nothing is missing.

.DEFAULT_GOAL := help
.PHONY: help setup run test quick lint package locked bench screenshots lock

PY := .venv/bin/python
RUNTIME := $(if $(filter-out 0,$(GPU)),requirements-gpu.txt,requirements.txt)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo '  GPU=1 takes TensorFlow with CUDA; PYTHON=python3.12 chooses what .venv is made from'

setup: ## install everything, the tools for tests included
	@scripts/libraries.sh
	@scripts/install.sh $(RUNTIME) requirements-dev.txt
	@scripts/xvfb.sh

run: ## open the window; ARGS="cluster --help" runs a command instead
	@scripts/libraries.sh
	@scripts/install.sh $(RUNTIME)
	@$(PY) main.py $(ARGS)

# Without a screen; the tests that want an X server start their own. A process for each core, four
# at most: each takes up to 3 GB.
JOBS ?= auto
PYTEST := QT_QPA_PLATFORM=offscreen $(PY) -m pytest --maxprocesses 4 --dist worksteal

test: setup ## run the tests; ARGS="-k kmeans" chooses some, JOBS=0 runs them in one process
	@$(PYTEST) -n $(JOBS) $(ARGS)

quick: setup ## run the tests that take less than a minute together, for after each edit
	@$(PYTEST) -n $(JOBS) --hypothesis-profile quick \
		-m "not slow and not window and not distributed" $(ARGS)

lint: setup ## check style and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

package: setup ## build the package, and try it where it is installed
	@scripts/package.sh

locked: ## check that the lock files are those of pyproject.toml
	@scripts/lock.sh --check

bench: setup ## run every benchmark, beside the libraries a user would take instead
	@scripts/install.sh requirements-bench.txt
	@set -e; for file in benchmarks/[!_]*.py; do \
		echo "== $$file"; PYTHONPATH=. $(PY) "$$file"; done

screenshots: setup ## take the pictures of the README from the real window
	$(PY) docs/screenshots.py

lock: ## write the lock files again from pyproject.toml; ARGS=--upgrade takes newer versions
	@scripts/lock.sh $(ARGS)
