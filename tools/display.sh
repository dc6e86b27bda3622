#!/bin/sh
# One rule for where windows open. Usage: tools/display.sh present | tools/display.sh run COMMAND...
#
# present   succeeds if there is a screen that windows shall use.
# run       runs COMMAND on that screen, or on a virtual one (xvfb-run) if there is none.
#
# With CI or HEADLESS set to anything, the virtual screen is used even if there is a real one.
set -eu

present() {
    [ -z "${CI:-}${HEADLESS:-}" ] || return 1
    case "$(uname -s)" in
        Darwin | MINGW* | MSYS* | CYGWIN*) return 0 ;;
    esac
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]
}

run() {
    if present; then
        exec "$@"
    fi
    unset WAYLAND_DISPLAY
    export QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1
    exec xvfb-run -a -s "-screen 0 1600x1000x24" "$@"
}

case "${1:-}" in
    present) present ;;
    run)
        shift
        run "$@"
        ;;
    *)
        echo "Usage: $0 present | $0 run COMMAND..." >&2
        exit 2
        ;;
esac
