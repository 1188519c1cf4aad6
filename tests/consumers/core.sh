#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How large a library is once it is stripped, and what it needs: core.sh LIBRARY BYTES
# It is to be smaller than that and to need the C library and its parts alone.
set -eu
library=$1
most=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

strip -o "$work/stripped" "$library"
bytes=$(stat -c %s "$work/stripped")
needed=$(readelf -d "$work/stripped" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
echo "$bytes bytes of $most; needs" $needed
[ -n "$needed" ] || fail "$library: is it a shared library?"
[ "$bytes" -lt "$most" ] || fail "$library is too large"
for name in $needed; do
    case $name in
    libc.so.* | libm.so.* | ld-linux*) ;;
    *) fail "$library needs $name" ;;
    esac
done
