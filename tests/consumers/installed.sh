#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Installs a build below a temporary folder and lets the consumers use that copy: installed.sh BUILD PREFIX
# With --pages behind, it is used by the commands in the documentation instead.
set -eu
build=$1
prefix=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
meson install -C "$build" --no-rebuild --quiet --destdir "$root"
if [ "${3-}" = --pages ]; then
    "${PYTHON:-python3}" "$here/shell.py" "$here/../.." "$root$prefix"
else
    sh "$here/consumers.sh" "$root$prefix"
fi
