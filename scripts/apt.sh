#!/bin/sh
# usage: scripts/apt.sh PACKAGE...
# Installs Debian packages. Fails if that would need a password, or if apt-get fails.
set -eu

if ! command -v apt-get >/dev/null; then
    exit 1
elif [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    exit 1
fi

echo "Installing with apt-get: $*"
# With a stale list apt-get asks for files that are gone. Continue if one source is broken.
$as_root apt-get -qq update || true
# On a machine that has just started, apt-get may be busy with its own updates: wait for it.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq --yes --no-install-recommends \
    -o DPkg::Lock::Timeout=300 install "$@" </dev/null
