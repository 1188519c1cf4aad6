#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs the example programs and compares what they print: examples.sh EXAMPLES_BUILD EXAMPLES_SOURCE LIBRARY MAKE_CHECKPOINT
set -eu
build=$1
source=$2
library=$3
make_checkpoint=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }
expect() { # expect NAME TEXT: the output of NAME must contain TEXT
    grep -qF -- "$2" "$work/$1" || { cat "$work/$1" >&2; fail "$1 does not print: $2"; }
    echo "$1: ok"
}
is_png() { [ "$(head -c 8 "$1" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] || fail "$1 is not a PNG"; }

"$build/example-00_version" >"$work/version"
expect version 'libsegent '
expect version 'kernels '

"$build/example-01_palette" >"$work/palette"
expect palette ' 0  #000000'
expect palette '15  #c08080'
[ "$(wc -l <"$work/palette")" -eq 21 ] || fail 'palette: not 21 lines'

# log 3 alike on the right edge, one class at 10 against two at 0 on the left.
"$build/example-02_entropy" "$work/entropy.png" >"$work/entropy"
expect entropy 'left 0.001, right 1.000, '
is_png "$work/entropy.png"

if [ -n "$library" ]; then
    LIBSEGENT=$library "${PYTHON:-python3}" "$source/02_entropy.py" >"$work/python"
    # Python adds the float32 values of the same map in another order: six decimals agree.
    expect python "$(sed 's/, sum.*//' "$work/entropy")"
fi

"$make_checkpoint" --blocks 1,1,1,1 --width 8 --classes 21 --form safetensors "$work/model.safetensors"
"$build/example-03_segment" "$work/model.safetensors" "$work/entropy.png" "$work/labels.png" >"$work/segment"
expect segment 'deeplabv3_resnet(1,1,1,1), 21 classes'
expect segment 'image entropy '
is_png "$work/labels.png"
# Every pixel of the labels is in one class.
size=$(od -An -tu1 -j16 -N8 "$work/labels.png" | awk '{ print ($3 * 256 + $4) * ($7 * 256 + $8) }')
awk -v size="$size" '/^[^,]*: [0-9]* pixels$/ { sum += $(NF - 1) } END { exit size != sum || !sum }' "$work/segment" ||
    { cat "$work/segment" >&2; fail "segment: the pixels of the classes are not $size"; }
"$build/example-01_palette" "$work/labels.png" "$work/colours.png"
is_png "$work/colours.png"

if "$build/example-03_segment" "$work/labels.png" "$work/entropy.png" "$work/x.png" 2>"$work/error"; then
    fail 'a PNG was taken for a model'
fi
expect error 'labels.png'
