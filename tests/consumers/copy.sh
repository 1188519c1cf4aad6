# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# For scripts that use an installed copy, whose prefix is in $prefix, and have a folder of their own in $work: `pkg` asks pkg-config
# about the copy, $libdir is the folder of its libraries. pkg-config reads a segent.pc, $pc, in which the prefix is $prefix, so that
# a copy staged below another folder can be used as well, also by tools that call pkg-config themselves.
pc=$(find "$prefix" -name segent.pc)
[ -n "$pc" ] || { echo "no segent.pc below $prefix" >&2; exit 1; }
libdir=$(dirname "$(dirname "$pc")")
mkdir "$work/pkgconfig"
sed "s|^prefix=.*|prefix=$prefix|" "$pc" >"$work/pkgconfig/segent.pc"
pc=$work/pkgconfig/segent.pc
PKG_CONFIG_PATH=$work/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
pkg() { pkg-config "$@" segent; }
