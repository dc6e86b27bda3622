#!/bin/sh
# Run the test suite on a real or virtual screen. Usage: tools/run_tests.sh [PYTEST ARGUMENTS...]
#
# Settings, readings and rescue files go to a temporary folder: a test must never touch
# the napari settings or the readings of the person who runs it.
set -eu

cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

export NAPARI_CONFIG="$scratch/napari/settings.yaml"
export FLUORO_ANNOTATOR_STORE="$scratch/readings.sqlite"
export XDG_DATA_HOME="$scratch/data" XDG_STATE_HOME="$scratch/state"
export XDG_CONFIG_HOME="$scratch/config" XDG_CACHE_HOME="$scratch/cache"

tools/display.sh run .venv/bin/python -m pytest "$@"
