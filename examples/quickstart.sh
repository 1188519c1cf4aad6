#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# From a fresh Debian 12 to a picture, its segmentation and its entropy map side by side:
#     sh examples/quickstart.sh [PICTURE...]
# Installs what is missing (apt-get, with sudo where needed), builds, runs. SEGENT_MODEL names a checkpoint of your own.
set -eu
here=$(pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-quickstart
out=$here/quickstart-output
demo=$root/examples/demo/segent-demo.safetensors

say() { printf '%s\n' "$*" >&2; }

# ---- the model: yours, the demonstration model, or one with random weights ----
random= tests=disabled targets=src/segent
if [ -n "${SEGENT_MODEL:-}" ]; then
    model=$SEGENT_MODEL
elif [ -f "$demo" ]; then
    model=$demo
else
    random=yes tests=enabled targets="$targets tests/command/make-checkpoint"
    build=$build-random
    model=$build/random.safetensors
fi

# ---- packages and build ----
sh "$root/tests/packages.sh" build ${random:+test}
say 'building (a minute at most) ...'
{
    [ -f "$build/build.ninja" ] ||
        meson setup "$build" "$root" --buildtype=release -Dcli=enabled -Dexamples=disabled -Dtests=$tests
    ninja -C "$build" $targets
} >"$here/quickstart.log" 2>&1 || {
    tail -n 30 "$here/quickstart.log" >&2
    say "the build failed; all of its output is in $here/quickstart.log"
    exit 1
}
rm -f "$here/quickstart.log"
segent=$build/src/segent

# ---- the pictures: yours, or those in the tree ----
if [ $# -eq 0 ]; then
    for picture in "$root"/examples/demo/pictures/*.jpg "$root"/examples/demo/pictures/*.png "$root"/examples/pictures/*.jpg; do
        [ -f "$picture" ] && set -- "$@" "$picture"
        [ $# -lt 3 ] || break
    done
fi

if [ -n "$random" ]; then
    [ -f "$model" ] || "$build/tests/command/make-checkpoint" --blocks 3,4,6,3 --width 16 --classes 21 --form safetensors "$model"
    say
    say 'NOTE: this tree holds no trained model yet. The network below has random weights: it shows that everything works,'
    say 'and its labels mean nothing. For real ones, see "Weights" in README.md and set SEGENT_MODEL.'
fi

# ---- the main job ----
say
"$segent" run --model "$model" --out "$out" "$@"
say
say "side by side (picture, segmentation, entropy):"
for panel in "$out"/*.panel.png; do
    say "    $panel"
done
