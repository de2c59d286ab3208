#!/bin/sh
# Installs a virtual screen where that takes no password. Without it the tests that want one skip.
set -eu

[ "$(uname)" = Linux ] || exit 0
command -v Xvfb >/dev/null && command -v xauth >/dev/null && exit 0

# Asked once: a machine that cannot have it is not kept waiting each time.
[ ! -e .venv/.xvfb-asked ] || exit 0
touch .venv/.xvfb-asked 2>/dev/null || exit 0  # another user's, who was asked
scripts/apt.sh xvfb xauth || echo "No Xvfb here: the tests on a virtual screen will be skipped"
