#!/bin/sh
# Builds the package: a wheel that pipx, uv or pip can install. tests/test_package.py installs one.
set -eu

rm -rf build/package build/lib build/bdist.*
.venv/bin/python -m build --no-isolation --wheel --outdir build/package . >build/package.log 2>&1 || {
    cat build/package.log >&2
    exit 1
}
ls build/package/*.whl
