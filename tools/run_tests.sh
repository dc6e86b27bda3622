#!/bin/sh
# Run the test suite on a real or virtual screen. Usage: tools/run_tests.sh [PYTEST ARGUMENTS...]
#
# Settings, readings and rescue files go to a temporary folder: a test must never touch
# the napari settings or the readings of the person who runs it.
#
# Without arguments the whole suite is run: the windows on one core, and everything else on another
# at the same time. Each half has a folder and, where it is virtual, a screen of its own.
set -eu

cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

half() {
    own="$scratch/$1"
    shift
    mkdir "$own"
    NAPARI_CONFIG="$own/napari/settings.yaml" FLUORO_ANNOTATOR_STORE="$own/readings.sqlite" \
        XDG_DATA_HOME="$own/data" XDG_STATE_HOME="$own/state" \
        XDG_CONFIG_HOME="$own/config" XDG_CACHE_HOME="$own/cache" \
        tools/display.sh run .venv/bin/python -m pytest -o cache_dir="$scratch/cache" "$@"
}

if [ $# -gt 0 ]; then
    half all "$@"
    exit
fi

echo "The windows are tested at the same time; their report follows at the end."
half windows tests/plugin >"$scratch/windows.log" 2>&1 &
windows=$!
trap 'kill "$windows" 2>/dev/null; exit 130' INT TERM
failed=0
half core --ignore=tests/plugin || failed=1
echo "Waiting for the windows."
wait "$windows" || failed=1
cat "$scratch/windows.log"
exit "$failed"
