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

refuse() {
    echo "$*" >&2
    exit 1
}

# A folder that another user made, root as a rule, cannot be changed: that is said before trying.
check_writable() { # FOLDER WHY
    [ -w "$1" ] || refuse "$(id -un) may not write to $1, and $2; type this, then make again: $(as_root "$3")"
}

# A command for root, as this machine has it.
as_root() {
    if command -v sudo >/dev/null; then echo "sudo $1"; else echo "su -c \"$1\""; fi
}

if ! whole; then
    check_writable "$PWD" ".venv has to be made in it" "chown $(id -un) '$PWD'"
    [ ! -e .venv ] || check_writable "$PWD/.venv" "it has to be made anew" "rm -r '$PWD/.venv'"
    python=$(scripts/python.sh)
    "$python" -c 'import ensurepip' 2>/dev/null || refuse "$python cannot make an environment, for \
it comes without ensurepip (a package of your system, often python3-venv): install that, or name \
another Python: make PYTHON=/path/to/python3"
    echo "Making .venv with $python"
    rm -rf .venv || refuse ".venv has files of another user (see above); type this, then make again: \
$(as_root "rm -r '$PWD/.venv'")"
    mkdir .venv
    touch $unfinished
    "$python" -m venv .venv
    rm $unfinished
fi

for lock; do
    # What was installed is kept beside it: equal files mean that there is nothing to do.
    cmp -s "$lock" ".venv/$lock" && continue
    check_writable "$PWD/.venv" "$lock has to be installed there" "rm -r '$PWD/.venv'"
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
