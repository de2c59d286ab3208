#!/bin/sh
# Installs what pip cannot: the system libraries that Qt needs, and Debian's venv.
set -eu

# If PYTHON names an unsuitable Python, refuse it before anything is installed.
[ -z "${PYTHON:-}" ] || scripts/python.sh >/dev/null

# macOS has everything that Qt needs.
[ "$(uname)" = Linux ] || exit 0

python=.venv/bin/python
"$python" -c 'import pip' 2>/dev/null || python=$(scripts/python.sh)

# Ask the loader, not the package manager: that works on every distribution, and is fast.
# The package of fontconfig also installs a font.
missing=$("$python" -c '
import ctypes, sys
for line in sys.stdin.read().splitlines():
    try:
        ctypes.CDLL(line.split()[0])
    except OSError:
        print(line)
' <<'END'
libglib-2.0.so.0 libglib2.0-0
libEGL.so.1 libegl1
libGL.so.1 libgl1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libxkbcommon.so.0 libxkbcommon0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
END
)

# Debian's python3 alone cannot create an environment.
if [ "$python" != .venv/bin/python ] && ! "$python" -c 'import ensurepip' 2>/dev/null; then
    missing="$missing
ensurepip $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi

names=$(echo "$missing" | awk 'NF { printf "%s ", $1 }')
packages=$(echo "$missing" | awk 'NF { printf " %s", $2 }')
[ -n "$names" ] || exit 0

if ! command -v apt-get >/dev/null; then
    # install.sh says what to do if an environment cannot be created.
    names=$(echo "$names" | sed 's/ensurepip *//')
    [ -z "$names" ] || echo "Continuing without these, which the window may need (see docs/installing.md): $names" >&2
    exit 0
fi
# shellcheck disable=SC2086  # one word for each package
scripts/apt.sh $packages && exit 0

command="apt-get update && apt-get install$packages"
if [ "$(id -u)" = 0 ]; then
    :
elif command -v sudo >/dev/null; then
    command="sudo apt-get update && sudo apt-get install$packages"
else
    command="su -c '$command'"
fi
echo "Some system packages are missing; please type this, then make again: $command" >&2
exit 1
