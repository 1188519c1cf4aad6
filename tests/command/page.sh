#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The manual page in docs/ is what the tables of options give, and groff has nothing to say about it:
#     page.sh SEGENT-MANUAL TEMPLATE PAGE
# With UPDATE=1 in the environment the page is written anew: read the difference before committing it.
set -u
program=$1 template=$2 page=$3
made=$(mktemp) || exit 99
trap 'rm -f "$made"' EXIT
"$program" "$template" >"$made" || exit 1
if [ "${UPDATE:-}" ]; then
    cp "$made" "$page"
fi
diff -u "$page" "$made" || exit 1
if command -v groff >/dev/null; then
    said=$(groff -ww -man -Tutf8 "$page" 2>&1 >/dev/null)
    [ -z "$said" ] || { echo "$said"; exit 1; }
else
    echo 'groff is not there: the page was not formatted'
fi
