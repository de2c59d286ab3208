#!/bin/sh
# Builds the wheel, installs it into an empty folder, and runs it from another folder.
set -eu

python=$PWD/.venv/bin/python
rm -rf build/package build/installed build/lib build/bdist.*
"$python" -m build --no-isolation --wheel --outdir build/package . >build/package.log 2>&1 || {
    cat build/package.log >&2
    exit 1
}
"$python" -m pip --disable-pip-version-check --quiet install --no-deps --target build/installed \
    build/package/*.whl
ls build/package
cd build/installed
# -P keeps the current folder off the import path, as for a user who installed the wheel.
export PYTHONPATH=$PWD
cd /
"$python" -P -m main spell --model plain "K AE1 T"
"$python" -P -m main cluster iris -k 3 --json >/dev/null
