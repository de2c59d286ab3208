#!/bin/sh
# Installs a virtual screen if no password is needed. Without it, tests that need one are skipped.
set -eu

[ "$(uname)" = Linux ] || exit 0
command -v Xvfb >/dev/null && command -v xauth >/dev/null && exit 0

# Try only once: where it cannot be installed, later runs do not wait for it again.
[ ! -e .venv/.xvfb-asked ] || exit 0
touch .venv/.xvfb-asked 2>/dev/null || exit 0  # belongs to another user, who has tried
scripts/apt.sh xvfb xauth || echo "No Xvfb here: the tests on a virtual screen will be skipped"
