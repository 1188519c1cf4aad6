#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A copy that was moved after it was installed, found by its own segent.pc: relocated.sh PREFIX [MODEL PICTURE]
# Programs are built with the shared library and with the static one of the moved copy and print what is expected; its command runs, and
# nothing that pkg-config says names the old place. What CMake makes of a moved copy is tested by cmake.sh.
set -eu
. "$(dirname "$0")/binding.sh"
fail() { echo "FAILED: $*" >&2; exit 1; }

cp -a "$prefix" "$work/moved"
folder=$(dirname "$(find "$work/moved" -name segent.pc)")
export PKG_CONFIG_PATH="$folder"
for kind in shared static; do
    case $kind in
    shared) file=libsegent.so flags=$(pkg --cflags --libs) ;;
    static) file=libsegent.a flags=$(pkg --static --cflags --libs) ;;
    esac
    [ -e "$folder/../$file" ] || { echo "$kind: no $file in this copy, left out"; continue; }
    case $flags in *"$prefix"*) fail "$kind: the old place is named: $flags" ;; esac
    case $kind in static) flags="-static $flags" ;; esac
    # shellcheck disable=SC2086 # flags are words
    ${CC:-cc} -O2 -o "$work/$kind" "$root/examples/03_segment.c" $flags
    LD_LIBRARY_PATH=$folder/.. "$work/$kind" "$model" "$picture" "$work/labels.png" >"$work/printed"
    diff -u "$work/expected" "$work/printed"
    echo "pkg-config, $kind, moved: ok"
done
[ -f "$(pkg --variable=datadir)/segent.json" ] || fail "datadir is $(pkg --variable=datadir)"
if [ -x "$work/moved/bin/segent" ]; then
    (cd "$work" && env -u LD_LIBRARY_PATH -u SEGENT_MODEL "$work/moved/bin/segent" run --save none "$picture" >/dev/null)
    echo 'command, moved: ok'
fi
