#!/bin/sh
# usage: scripts/lock.sh [--upgrade | --check]
# Pins every package of pyproject.toml, with hashes, for every platform and Python it allows.
# With --check nothing is written: it fails where the lock files are not those of pyproject.toml.
set -eu

files='requirements.txt requirements-dev.txt requirements-bench.txt requirements-gpu.txt'
folder=
if [ "${1:-}" = --check ]; then
    shift
    folder=build/locked/
    rm -rf "$folder"
    mkdir -p "$folder"
    # shellcheck disable=SC2086  # one word for each file
    cp $files "$folder"  # pinned versions stay, unless pyproject.toml excludes them
fi

python=$(scripts/python.sh)
"$python" -m venv build/lock
build/lock/bin/python -m pip --disable-pip-version-check --quiet install uv

lock() {
    # The lock files name packages and hashes, but no index: each machine configures its own.
    build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url "$@"
}

runtime=${folder}requirements.txt
lock "$@" pyproject.toml --output-file $runtime
# The tools are installed beside the packages of the program, so shared packages have one version.
lock "$@" --group dev --constraint $runtime --output-file ${folder}requirements-dev.txt
lock "$@" --group bench --constraint $runtime --constraint ${folder}requirements-dev.txt \
    --output-file ${folder}requirements-bench.txt
# TensorFlow with CUDA is another package; the one without CUDA must not be installed with it.
trap 'rm -f without-cuda.txt' EXIT  # in this folder, because the lock file names its path
echo "tensorflow-cpu; sys_platform == 'none'" >without-cuda.txt
lock "$@" pyproject.toml --group gpu --override without-cuda.txt --constraint $runtime \
    --output-file ${folder}requirements-gpu.txt
rm -r build/lock

[ -z "$folder" ] && exit 0
# Compare only names and versions: a version may get more files, and so more hashes, later.
pins() { grep -E '^[A-Za-z0-9]' "$1"; }
for file in $files; do
    if [ "$(pins "$file")" != "$(pins "$folder$file")" ]; then
        echo "$file does not match pyproject.toml: make lock writes it again" >&2
        exit 1
    fi
done
rm -r "$folder"
