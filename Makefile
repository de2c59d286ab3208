# Sets Barycenter up, runs it and checks it. Python 3.11 to 3.13 and make are enough to start from:
# the rest is installed into .venv by scripts/, which does nothing where nothing is missing.

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench screenshots lock

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

# Without a screen; the tests that want an X server start their own.
test: setup ## run the tests; ARGS="-k kmeans" chooses some
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest $(ARGS)

lint: setup ## check style and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: setup ## run every benchmark, beside the libraries a user would take instead
	@scripts/install.sh requirements-bench.txt
	@set -e; for file in benchmarks/[!_]*.py; do \
		echo "== $$file"; PYTHONPATH=. $(PY) "$$file"; done

screenshots: setup ## take the pictures of the README from the real window
	$(PY) docs/screenshots.py

lock: ## write the lock files again from pyproject.toml; ARGS=--upgrade takes newer versions
	@scripts/lock.sh $(ARGS)
