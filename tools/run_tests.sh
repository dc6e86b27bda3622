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

echo "Everything but the windows is tested at the same time; its report follows at the end."
half core --ignore=tests/plugin >"$scratch/core.log" 2>&1 &
core=$!
failed=0
half plugin tests/plugin || failed=1
wait "$core" || failed=1
cat "$scratch/core.log"
exit "$failed"
