#!/bin/sh
# Prepare everything a make target needs. Usage: tools/setup.sh demo|test|tools
#
# Finds a Python 3.11 or newer and hands over to environment.py beside this file, which
# checks the system packages, makes .venv and installs into it. Set PYTHON to choose another one.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    is_new_enough "$PYTHON" && exec "$PYTHON" "$here/environment.py" "$@"
    echo "PYTHON is set to $PYTHON, which is not a Python 3.11 or newer. Set it to one, or unset it." >&2
    exit 2
fi

for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
    is_new_enough "$candidate" && exec "$candidate" "$here/environment.py" "$@"
done

cat >&2 <<'MESSAGE'
No Python 3.11 or newer was found. Install one and repeat the command:
    Debian 12, Ubuntu 24.04 or newer:  apt-get install python3 python3-venv
    macOS, Windows, other systems:     the installer of the Python project, or your package manager
If it has an unusual name, say so:  make demo PYTHON=/path/to/python3
MESSAGE
exit 2
