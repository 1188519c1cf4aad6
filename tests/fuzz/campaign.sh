#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fuzzes the readers under the address and undefined-behaviour sanitizers, then measures which lines that reached:
#   tests/fuzz/campaign.sh MINUTES [TARGET...]
# MINUTES (such as 20, or 0.5) is the time of each target; without names all targets are run, two at a time. The corpora stay in
# build-fuzz/work/ and are added to the next time. It prints a line a target (executions, executions a second, inputs kept, findings)
# and the line coverage of lib/checkpoint and lib/image, by the corpora alone and with the unit tests. Exit 0: nothing was found.
#   FUZZ_BUILD=DIR     build folder, instead of build-fuzz
#   FUZZ_COVERAGE=no   without the second part
#   FUZZ_LEAST=93      the least line coverage, in per cent; below it the exit status is 1
set -u
minutes=${1:?usage: campaign.sh MINUTES [TARGET...]}
shift
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
build=${FUZZ_BUILD:-$root/build-fuzz}
seconds=$(awk -v minutes="$minutes" 'BEGIN { printf "%d", minutes * 60 }')
all='legacy zip safetensors packed png jpeg labels npy evaluation options settings text'
# shellcheck disable=SC2086 # words
[ $# -gt 0 ] || set -- $all
export CC=clang CXX=clang++
export ASAN_OPTIONS=halt_on_error=1:detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

# configure DIR OPTION...
configure() {
    local dir=$1
    shift
    [ -f "$dir/build.ninja" ] || meson setup "$dir" -Dtests=enabled -Dsimd=disabled -Ddefault_library=static "$@"
}

# ---- fuzzing ----

longest() { # the largest input that a target is given, in bytes
    case $1 in
    legacy | zip | safetensors | packed) echo 65536 ;;
    png | jpeg | labels) echo 16384 ;;
    *) echo 4096 ;;
    esac
}

fuzz() { # fuzz TARGET
    local name=$1 work=$build/work/$1 folders
    folders=("$work" "$build/fuzzers/tests/fuzz/seeds/$name")
    [ -d "tests/fuzz/corpus/$name" ] && folders+=("tests/fuzz/corpus/$name")
    mkdir -p "$work" "$build/findings" "$build/log"
    "$build/fuzzers/tests/fuzz/fuzz-$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1536 -max_len="$(longest "$name")" \
        -print_final_stats=1 -artifact_prefix="$build/findings/$name-" "${folders[@]}" >"$build/log/$name" 2>&1
    echo $? >"$build/log/$name.status"
}

report() { # report TARGET
    local name=$1
    awk -v name="$name" -v status="$(cat "$build/log/$name.status")" '
        /^stat::number_of_executed_units/ { executions = $2 }
        /^stat::average_exec_per_sec/ { speed = $2 }
        /^stat::peak_rss_mb/ { memory = $2 }
        match($0, /cov: [0-9]+/) { edges = substr($0, RSTART + 5, RLENGTH - 5) }
        match($0, /corp: [0-9]+/) { inputs = substr($0, RSTART + 6, RLENGTH - 6) }
        /^SUMMARY|^fuzz: |ALARM: working/ { finding = finding "\n    " $0 }
        END {
            printf "%-12s %10d executions %7d a second %6d inputs %6d edges %5d MB  %s%s\n", name, executions, speed, inputs, edges,
                memory, status == 0 ? "nothing found" : "FOUND", finding
        }' "$build/log/$name"
    [ "$(cat "$build/log/$name.status")" -eq 0 ]
}

lane() {
    local name
    for name in "$@"; do
        if mkdir "$build/taken/$name" 2>/dev/null; then
            fuzz "$name"
        fi
    done
}

run_targets() {
    local name failed=0
    rm -rf "$build/taken"
    mkdir -p "$build/taken"
    lane "$@" &
    lane "$@" &
    wait
    for name in "$@"; do
        report "$name" || failed=1
    done
    return $failed
}

# ---- coverage ----

# measure TITLE: the lines reached by all profiles so far, of the two rooms.
measure() {
    local dir=$build/coverage profile=$build/coverage.profdata programs=() program
    llvm-profdata merge -sparse -o "$profile" "$build"/profiles/*.profraw || return 1
    for program in "$dir"/tests/fuzz/fuzz-driver-* "$dir"/tests/checkpoint/test-* "$dir"/tests/image/test-*; do
        if [ -f "$program" ] && [ -x "$program" ]; then
            programs+=(-object "$program")
        fi
    done
    llvm-cov export -format=lcov -instr-profile="$profile" "${programs[@]:1}" \
        >"$build/coverage.info" 2>>"$build/log/coverage" || return 1
    awk -F '[:,]' -v title="$1" -v least="${2:-0}" '
        /^SF:/ {
            file = room = $2
            wanted = file ~ /\/lib\/(checkpoint|image)\//
            sub(/^.*\/lib\//, "lib/", file)
            sub(/^.*\/lib\//, "lib/", room)
            sub(/\/[^\/]*$/, "", room)
        }
        wanted && /^DA:/ { lines[room]++; reached[room] += $3 > 0; if ($3 == 0) missing[file] = missing[file] " " $2 }
        END {
            for (room in lines) {
                share = 100 * reached[room] / lines[room]
                printf "%-34s %-16s %5.2f %% of %d lines\n", title, room, share, lines[room]
                low = low || share < least
            }
            if (least > 0)
                for (file in missing)
                    printf "    %s:%s\n", file, missing[file]
            exit low
        }' "$build/coverage.info"
}

coverage() {
    local name flags='-fprofile-instr-generate -fcoverage-mapping'
    export LLVM_PROFILE_FILE="$build/build.profraw" # of the programs that are run while it is built
    # Without the optimiser: each line of the source is a line of the program.
    configure "$build/coverage" -Dbuildtype=debug -Dc_args="$flags" -Dc_link_args=-fprofile-instr-generate -Dexamples=disabled \
        >"$build/log/coverage" 2>&1 && ninja -C "$build/coverage" >>"$build/log/coverage" 2>&1 || return 1
    rm -rf "$build/profiles"
    mkdir -p "$build/profiles"
    for name in $all; do
        LLVM_PROFILE_FILE="$build/profiles/$name.profraw" "$build/coverage/tests/fuzz/fuzz-driver-$name" \
            "$build/coverage/tests/fuzz/seeds/$name" $(ls -d "tests/fuzz/corpus/$name" "$build/work/$name" 2>/dev/null) \
            >>"$build/log/coverage" 2>&1 || return 1
    done
    measure 'seeds and corpora' || return 1
    LLVM_PROFILE_FILE="$build/profiles/unit-%p.profraw" meson test -C "$build/coverage" --no-rebuild --suite checkpoint --suite image \
        --timeout-multiplier 10 >>"$build/log/coverage" 2>&1 || return 1
    measure 'with the unit tests' "${FUZZ_LEAST:-93}"
}

mkdir -p "$build/log"
if ! { configure "$build/fuzzers" -Dfuzz=enabled -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false &&
    ninja -C "$build/fuzzers" fuzzers; } >"$build/log/build" 2>&1; then
    tail -n 40 "$build/log/build"
    exit 1
fi
result=0
run_targets "$@" || result=1
if [ "${FUZZ_COVERAGE:-yes}" = yes ] && ! coverage; then
    echo 'the coverage is too low, or was not measured: see log/coverage'
    result=1
fi
exit $result
