#!/bin/sh
# Prints the Python that .venv is made from. PYTHON, where it is set, is the only candidate.
set -eu

# TensorFlow has wheels for these versions only.
fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
candidates=${PYTHON:-python3 python3.13 python3.12 python3.11}

# Debian's python3 comes without ensurepip and cannot make an environment: one that can goes first.
for wish in "$fits; import ensurepip" "$fits"; do
    for python in $candidates; do
        if "$python" -c "$wish" >/dev/null 2>&1; then
            command -v "$python"
            exit
        fi
    done
done
echo "Barycenter needs Python 3.11, 3.12 or 3.13, and none of these is one: $candidates" >&2
exit 1
