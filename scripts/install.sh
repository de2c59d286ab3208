#!/bin/sh
# usage: scripts/install.sh LOCK...
# Installs lock files into .venv. Creates .venv first if it is missing or incomplete.
set -eu

# Left behind only if a run was killed halfway: then nothing in .venv is trusted.
unfinished=.venv/.unfinished

is_complete() {
    [ ! -e $unfinished ] && .venv/bin/python -c '
import sys, pip
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

refuse() {
    echo "$*" >&2
    exit 1
}

# A folder that belongs to another user, usually root, cannot be changed: say so before trying.
check_writable() { # FOLDER WHY
    [ -w "$1" ] || refuse "$(id -un) may not write to $1, and $2; type this, then make again: $(as_root "$3")"
}

# A command as root, with the tool that this machine has.
as_root() {
    if command -v sudo >/dev/null; then echo "sudo $1"; else echo "su -c \"$1\""; fi
}

if ! is_complete; then
    check_writable "$PWD" ".venv has to be created in it" "chown $(id -un) '$PWD'"
    [ ! -e .venv ] || check_writable "$PWD/.venv" "it has to be created again" "rm -r '$PWD/.venv'"
    python=$(scripts/python.sh)
    "$python" -c 'import ensurepip' 2>/dev/null || refuse "$python cannot create an environment, because \
it lacks ensurepip (a package of your system, often python3-venv): install that, or name \
another Python: make PYTHON=/path/to/python3"
    echo "Creating .venv with $python"
    rm -rf .venv || refuse ".venv contains files of another user (see above); type this, then make again: \
$(as_root "rm -r '$PWD/.venv'")"
    mkdir .venv
    touch $unfinished
    "$python" -m venv .venv
    rm $unfinished
fi

# TensorFlow with CUDA and TensorFlow without it are two packages that install the same files, so one
# has to be removed before the other is installed.
drop_other_tensorflow() { # LOCK
    case $1 in
    requirements.txt) [ "$(uname -sm)" = 'Linux x86_64' ] || return 0; other=tensorflow ;;
    requirements-gpu.txt) other=tensorflow-cpu ;;
    *) return 0 ;;
    esac
    .venv/bin/python -m pip --quiet show "$other" >/dev/null 2>&1 || return 0
    rm -f .venv/requirements-gpu.txt
    .venv/bin/python -m pip --quiet uninstall --yes tensorflow tensorflow-cpu
}

for lock; do
    # A copy of the installed lock file is kept in .venv: if both are equal, there is nothing to do.
    cmp -s "$lock" ".venv/$lock" && continue
    check_writable "$PWD/.venv" "$lock has to be installed there" "rm -r '$PWD/.venv'"
    echo "Installing $lock into .venv; the first time this downloads hundreds of megabytes"
    touch $unfinished
    drop_other_tensorflow "$lock"
    # Only wheels, so that no compiler is needed.
    if .venv/bin/python -m pip --disable-pip-version-check --no-input install \
        --only-binary :all: --require-hashes -r "$lock"; then
        cp "$lock" ".venv/$lock"
        rm $unfinished
    else
        rm $unfinished
        echo "pip could not install $lock (see the reason above); the next make continues from here" >&2
        exit 1
    fi
done
