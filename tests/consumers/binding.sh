# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What the scripts share that test a binding with an installed copy, each called as SCRIPT PREFIX [MODEL PICTURE]. Besides what copy.sh
# gives: $prefix; $here, this folder; $root, that of the tree; $model and $picture, the demonstration's if none are named; $work, a
# folder that goes when the script ends; and two checks of a binding's program.
prefix=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
demo=$root/examples/demo
model=$(realpath "${2:-$demo/segent-demo.safetensors}")
picture=$(realpath "${3:-$demo/pictures/crowded-street.jpg}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/copy.sh"
sh "$here/expected.sh" "$prefix" "$model" "$picture" >"$work/expected"

# as_in_c COMMAND...: with a model and a picture the command prints what the C program prints.
as_in_c() {
    "$@" "$model" "$picture" >"$work/printed"
    diff -u "$work/expected" "$work/printed"
}
# as_beside FOLDER: what the pages' programs find in the folder that they are run in.
as_beside() {
    cp "$model" "$1/model.pth"
    cp "$picture" "$1/picture.jpg"
}
# without_model COMMAND...: the command fails where there is no model, and names it.
without_model() {
    if "$@" /no/such/model "$picture" 2>"$work/problem"; then
        echo 'a missing model is no failure' >&2
        exit 1
    fi
    grep -q '/no/such/model' "$work/problem"
}
