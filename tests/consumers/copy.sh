# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# For scripts that use an installed copy, whose prefix is in $prefix: `pkg` asks pkg-config about it, $libdir is the folder of its
# libraries. The prefix is named to pkg-config, so that a copy staged below another folder can be used as well.
pc=$(find "$prefix" -name segent.pc)
[ -n "$pc" ] || { echo "no segent.pc below $prefix" >&2; exit 1; }
libdir=$(dirname "$(dirname "$pc")")
PKG_CONFIG_PATH=$(dirname "$pc")${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
pkg() { pkg-config "--define-variable=prefix=$prefix" "$@" segent; }
