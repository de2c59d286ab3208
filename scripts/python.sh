#!/bin/sh
# Prints the Python to create .venv with. If PYTHON is set, it is the only candidate.
set -eu

# TensorFlow has wheels for these versions only.
fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

# A Python named by PYTHON is used or refused, whatever else there is. Its path may contain spaces.
if [ -n "${PYTHON:-}" ]; then
    if ! command -v "$PYTHON" >/dev/null; then
        echo "PYTHON=$PYTHON: there is no such program; name a Python 3.11, 3.12 or 3.13, or leave PYTHON= out" >&2
        exit 1
    elif ! "$PYTHON" -c "$fits" >/dev/null 2>&1; then
        echo "PYTHON=$PYTHON is not Python 3.11, 3.12 or 3.13; name one of these, or leave PYTHON= out" >&2
        exit 1
    fi
    command -v "$PYTHON"
    exit
fi

candidates='python3 python3.13 python3.12 python3.11'

# Debian's python3 lacks ensurepip and cannot create an environment: prefer one that can.
for wish in "$fits; import ensurepip" "$fits"; do
    for python in $candidates; do
        if "$python" -c "$wish" >/dev/null 2>&1; then
            command -v "$python"
            exit
        fi
    done
done
echo "Barycenter needs Python 3.11, 3.12 or 3.13, and none of these is one: $candidates. Install one, or name one: make PYTHON=/path/to/python3" >&2
exit 1
