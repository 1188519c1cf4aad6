#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# From a fresh Debian 12 to pictures, their segmentation and their entropy map side by side:
#     sh examples/quickstart.sh [PICTURE...]
# Installs what is missing (apt-get, with sudo where needed), builds, runs. SEGENT_MODEL names a checkpoint of your own; without
# it the command takes the demonstration model of examples/demo/, and says so.
set -eu
export LC_ALL=C
here=$(pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-quickstart
out=$here/quickstart-output

say() { printf '%s\n' "$*" >&2; }

sh "$root/tests/packages.sh" build
say 'building (a minute at most) ...'
{
    [ -f "$build/build.ninja" ] ||
        meson setup "$build" "$root" --buildtype=release -Dcli=enabled -Dexamples=disabled -Dtests=disabled
    ninja -C "$build" src/segent
} >"$here/quickstart.log" 2>&1 || {
    tail -n 30 "$here/quickstart.log" >&2
    say "the build failed; all of its output is in $here/quickstart.log"
    exit 1
}
rm -f "$here/quickstart.log"

# The pictures: yours, or those in the tree.
[ $# -gt 0 ] || set -- "$root"/examples/demo/pictures/*.jpg

mkdir -p "$out"
"$build/src/segent" run --json --out "$out" "$@" >"$out/results.jsonl"

echo
echo 'mean entropy  image entropy  picture, the surest first'
sed -n 's/.*"image": "\(.*\)", "width".*"entropy_sum": \([^,]*\), "entropy_mean": \([^,]*\),.*/\3 \2 \1/p' "$out/results.jsonl" | sort -g |
    while read -r mean sum picture; do
        printf '%12.4f  %13.1f  %s\n' "$mean" "$sum" "${picture##*/}"
    done
echo
echo 'side by side (picture, segmentation, entropy):'
for panel in "$out"/*.panel.png; do
    echo "    $panel"
done
