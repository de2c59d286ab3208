#!/bin/sh
# usage: scripts/lock.sh [--upgrade]
# Pins every package of pyproject.toml, with hashes, for every platform and Python it allows.
set -eu

python=$(scripts/python.sh)
"$python" -m venv build/lock
build/lock/bin/python -m pip --disable-pip-version-check --quiet install uv

lock() {
    # The lock files name packages and hashes; where these come from is each machine's own matter.
    build/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url "$@"
}

lock "$@" --output-file requirements.txt
# The others hold the same versions, so they can be installed into one environment.
lock "$@" --constraint requirements.txt --group dev --output-file requirements-dev.txt
lock "$@" --constraint requirements-dev.txt --group dev --group bench \
    --output-file requirements-bench.txt
lock "$@" --constraint requirements.txt --extra gpu --output-file requirements-gpu.txt
rm -r build/lock
