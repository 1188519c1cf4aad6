#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The manual pages of section 3 can be made from docs/segent.json, every function has one, and groff and mandoc find nothing wrong with them:
#     man3.sh DOCS PYTHON
set -u
docs=$1 python=$2
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
"$python" -B "$docs/man3.py" "$docs/segent.json" "$docs/segent.1" "$work/man3" || exit 1
cd "$work" || exit 1
failures=0
for function in $(sed -n 's/^  *{"name": "\(segent_[a-z0-9_]*\)", "returns".*/\1/p' "$docs/segent.json"); do
    [ -s "man3/$function.3" ] || { echo "no page of $function"; failures=$((failures + 1)); }
done
[ "$(grep -c . man3/segent_run.3)" -gt 20 ] || { echo 'the page of segent_run says nothing'; failures=$((failures + 1)); }
# Pages that only lead to others are looked at by groff: mandoc would rather have links of the file system.
whole=$(grep -L '^\.so ' man3/*.3)
if command -v groff >/dev/null; then
    for page in man3/*.3; do
        said=$(groff -ww -man -Tutf8 -z "$page" 2>&1) && [ -z "$said" ] || { echo "$page: $said"; failures=$((failures + 1)); }
    done
else
    echo 'groff is not there: the pages were not formatted'
fi
if command -v mandoc >/dev/null; then
    # shellcheck disable=SC2086 # names are words
    mandoc -T lint $whole || failures=$((failures + 1))
else
    echo 'mandoc is not there: the pages were not checked by it'
fi
ls man3 | wc -l
[ "$failures" -eq 0 ]
