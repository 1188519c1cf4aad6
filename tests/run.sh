#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds everything and runs every test; the last line says "N passed, N failed". Arguments go to `meson setup`.
set -u
cd "$(dirname "$0")/.." || exit 1
build=${SEGENT_BUILD:-build-test}

prepare() {
    sh tests/packages.sh build test || return 1
    if [ -f "$build/build.ninja" ]; then
        meson configure "$build" -Dtests=enabled "$@" >/dev/null || return 1
    else
        meson setup "$build" -Dtests=enabled "$@" || return 1
    fi
    ninja -C "$build"
}

if ! prepare "$@"; then
    echo '0 passed, 1 failed'
    exit 1
fi
rm -f "$build/meson-logs/testlog.json"
# The packages have fonts of every script that the tests draw, so that none is skipped.
SEGENT_TEST_FONTS=${SEGENT_TEST_FONTS-1} meson test -C "$build" --no-rebuild --print-errorlogs --timeout-multiplier 3
status=$?

# Instruction sets that this processor lacks.
grep -h '^NOT TESTED' "$build/meson-logs/testlog.txt" | sort -u

# One JSON object a test; what is skipped counts as neither. A harness that failed without a failed test is a failure as well.
touch "$build/meson-logs/testlog.json"
awk -v status="$status" '
    match($0, /"result": "[A-Z ]*"/) {
        result = substr($0, RSTART + 11, RLENGTH - 12)
        if (result == "OK" || result == "EXPECTEDFAIL") passed++
        else if (result != "SKIP") failed++
    }
    END {
        if (!failed && (status != 0 || !passed)) failed = 1
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }' "$build/meson-logs/testlog.json"
