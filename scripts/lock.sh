#!/bin/sh
# usage: scripts/lock.sh [--upgrade | --check]
# Pins every package of pyproject.toml, with hashes, for every platform and Python it allows.
# With --check nothing is written: it fails where the lock files are not those of pyproject.toml.
set -eu

files='requirements.txt requirements-dev.txt requirements-bench.txt requirements-gpu.txt'
folder=.
if [ "${1:-}" = --check ]; then
    shift
    folder=build/locked
    rm -rf $folder
    mkdir -p $folder
    # shellcheck disable=SC2086  # one word a file
    cp $files $folder  # what is pinned stays, unless pyproject.toml does not allow it
fi

python=$(scripts/python.sh)
"$python" -m venv build/lock
build/lock/bin/python -m pip --disable-pip-version-check --quiet install uv

lock() {
    # The lock files name packages and hashes; where these come from is each machine's own matter.
    build/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url "$@"
}

lock "$@" --output-file $folder/requirements.txt
# The others hold the same versions, so they can be installed into one environment.
lock "$@" --constraint $folder/requirements.txt --group dev --output-file $folder/requirements-dev.txt
lock "$@" --constraint $folder/requirements-dev.txt --group dev --group bench \
    --output-file $folder/requirements-bench.txt
lock "$@" --constraint $folder/requirements.txt --extra gpu --output-file $folder/requirements-gpu.txt
rm -r build/lock

[ $folder = . ] && exit
# Names and versions only: a version may get more files, and so hashes, after it was pinned.
pins() { grep -E '^[A-Za-z0-9]' "$1"; }
for file in $files; do
    if [ "$(pins "$file")" != "$(pins $folder/"$file")" ]; then
        echo "$file does not fit pyproject.toml: make lock writes it anew" >&2
        exit 1
    fi
done
rm -r $folder
