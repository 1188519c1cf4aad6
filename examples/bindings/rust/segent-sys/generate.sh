#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Writes the declarations of segent/api.h in Rust: generate.sh INCLUDE > src/bindings.rs
# INCLUDE is the folder that has segent/. It needs bindgen 0.60 and rustfmt, Debian 12's; others write the same declarations in another way.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <stddef.h>\n#include <stdint.h>\n#include <segent/api.h>\n' >"$work/segent.h"
bindgen "$work/segent.h" --output "$work/bindings.rs" --allowlist-function 'segent_.*' --allowlist-type 'segent_.*' --allowlist-var 'SEGENT_.*' \
    --size_t-is-usize --translate-enum-integer-types --no-prepend-enum-name --no-layout-tests \
    --raw-line '// SPDX-License-Identifier: BSD-2-Clause' -- "-I$1" -fparse-all-comments
# The header's enumerations have no name: their type is the one that is declared before them. bindgen numbers them instead, so that a new one would
# change the types of others. The file is read twice, because what a number stands for comes behind its constants.
awk '
    /^pub type _bindgen_ty_/ { if (NR == FNR) { sub(";", "", $5); number[$3] = $5 }; next }
    NR == FNR || /^pub type __/ { next }
    /^pub type segent_.* = [iu]32;$/ { type = $3; print; next }
    /^pub const SEGENT_.*: _bindgen_ty_/ { sub(/_bindgen_ty_[0-9]+/, type ? type : number[$4]) }
    !/^(pub const|#\[doc|$)/ { type = "" }
    { print }
' "$work/bindings.rs" "$work/bindings.rs"
