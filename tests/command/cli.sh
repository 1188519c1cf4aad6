#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One case of the command's tests: runs cases/NAME.sh in an empty folder and compares what it prints with cases/NAME.out
# and cases/NAME.err.
#     cli.sh SEGENT MAKE-CHECKPOINT DATA CASE.sh
# Cases use $DATA, the folder of the test pictures and arrays, and the functions below.
# With UPDATE=1 in the environment the expected files are written anew: read the difference before committing it.
set -u
# shellcheck disable=SC2034 # the case uses DATA
SEGENT=$(realpath "$1") MAKE_CHECKPOINT=$(realpath "$2") DATA=$(realpath "$3") case=$(realpath "$4")
expected=${case%.sh}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
unset SEGENT_MODEL SEGENT_CPU SEGENT_HOME
export LC_ALL=C

# The command, and its exit status on stdout.
segent() {
    "$SEGENT" "$@"
    echo "exit $?"
}

# A heading between the parts of a case, in both streams.
part() {
    echo "--- $*"
    echo "--- $*" >&2
}

checkpoint() {
    "$MAKE_CHECKPOINT" "$@" || echo "make-checkpoint failed" >&2
}

# bad_files EXTENSION GOOD BYTES: files that are not what their extension says. A folder, an empty file, a text, a pipe that nobody
# writes to, and the first bytes of a good file.
bad_files() {
    mkdir "folder.$1"
    : >"empty.$1"
    echo 'neither picture nor array' >"text.$1"
    head -c "$3" "$2" >"short.$1"
    mkfifo "pipe.$1"
}

# Keeps the shape of a text whose numbers depend on the machine.
numbers() {
    sed -E 's/[0-9]+\.[0-9]+/N/g'
}

mkdir "$work/in"
cd "$work/in" || exit 99
# shellcheck source=/dev/null disable=SC1090
(. "$case") >"$work/out" 2>"$work/err" </dev/null

if [ "${UPDATE:-}" ]; then
    cp "$work/out" "$expected.out"
    cp "$work/err" "$expected.err"
fi
diff -u "$expected.out" "$work/out" && diff -u "$expected.err" "$work/err"
