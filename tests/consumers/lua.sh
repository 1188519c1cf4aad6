#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The package for LuaJIT with an installed copy: its tests, and its program's output against the C program's.
#     lua.sh PREFIX [MODEL PICTURE]
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
model=${2:-$root/examples/demo/segent-demo.safetensors}
picture=${3:-$root/examples/demo/pictures/crowded-street.jpg}
package=$root/examples/bindings/lua
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/copy.sh"

export LUA_PATH="$package/?.lua;;"
export SEGENT_HEADER="$(pkg --variable=includedir)/segent/api.h" SEGENT_LIBRARY="$libdir/libsegent.so"
luajit "$package/test.lua" "$model" "$picture"

sh "$here/expected.sh" "$prefix" "$model" "$picture" >"$work/expected"
luajit "$package/segment.lua" "$model" "$picture" >"$work/found"
diff -u "$work/expected" "$work/found"
# Found without being named, as a user has it.
unset SEGENT_HEADER SEGENT_LIBRARY
luajit "$package/segment.lua" "$model" "$picture" | diff -u "$work/expected" -
if luajit "$package/segment.lua" /no/such/model "$picture" 2>"$work/problem"; then
    echo 'a missing model is no failure' >&2
    exit 1
fi
grep -q /no/such/model "$work/problem"
echo 'lua: ok'
