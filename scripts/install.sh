#!/bin/sh
# usage: scripts/install.sh LOCK...
# Installs lock files into .venv, and makes .venv first where it is not there or not whole.
set -eu

# Left behind only where a run was killed halfway: then nothing in .venv is trusted.
unfinished=.venv/.unfinished

whole() {
    [ ! -e $unfinished ] && .venv/bin/python -c '
import sys, pip
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

if ! whole; then
    python=$(scripts/python.sh)
    echo "Making .venv with $python"
    rm -rf .venv
    mkdir .venv
    touch $unfinished
    "$python" -m venv .venv
    rm $unfinished
fi

for lock; do
    # What was installed is kept beside it: equal files mean that there is nothing to do.
    cmp -s "$lock" ".venv/$lock" && continue
    echo "Installing $lock into .venv; the first time this fetches hundreds of megabytes"
    touch $unfinished
    # Wheels only: nobody is asked for a compiler.
    if .venv/bin/python -m pip --disable-pip-version-check --no-input install \
        --only-binary :all: --require-hashes -r "$lock"; then
        cp "$lock" ".venv/$lock"
        rm $unfinished
    else
        rm $unfinished
        echo "pip could not install $lock (its reason is above); make goes on from here next time" >&2
        exit 1
    fi
done
