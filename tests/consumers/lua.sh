#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The package for LuaJIT with an installed copy: its tests, and its program's output against the C program's.
#     lua.sh PREFIX [MODEL PICTURE]
set -eu
. "$(dirname "$0")/binding.sh"
package=$root/examples/bindings/lua

export LUA_PATH="$package/?.lua;;"
export SEGENT_HEADER="$(pkg --variable=includedir)/segent/api.h" SEGENT_LIBRARY="$libdir/libsegent.so"
luajit "$package/test.lua" "$model" "$picture"

as_in_c luajit "$package/segment.lua"
# Found without being named, as a user has it.
unset SEGENT_HEADER SEGENT_LIBRARY
as_in_c luajit "$package/segment.lua"
without_model luajit "$package/segment.lua"

# What the pages say.
mkdir "$work/pages"
as_beside "$work/pages"
programs=$(python3 "$here/pages.py" lua "$root" "$work/pages")
for program in $programs; do (cd "$work/pages" && luajit "$program"); done
echo 'lua: ok'
