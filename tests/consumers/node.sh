#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The package for Node.js with an installed copy: its types, its tests, and its program's output against the C program's.
#     node.sh PREFIX [MODEL PICTURE]
# koffi and TypeScript come from npm's registry, of the versions in package-lock.json.
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
model=${2:-$root/examples/demo/segent-demo.safetensors}
picture=${3:-$root/examples/demo/pictures/crowded-street.jpg}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/copy.sh"

# In a copy, so that nothing is left in the tree.
(cd "$root/examples/bindings/node" && tar -c --exclude=node_modules .) | (mkdir "$work/package" && cd "$work/package" && tar -x)
cd "$work/package"
npm ci --no-audit --no-fund --ignore-scripts
node generate.mjs --check "$(pkg --variable=datadir)/segent.json"
npm run types

export SEGENT_LIBRARY="$libdir/libsegent.so" SEGENT_TEST_MODEL="$model" SEGENT_TEST_PICTURE="$picture"
npm test

sh "$here/expected.sh" "$prefix" "$model" "$picture" >"$work/expected"
node segment.mjs "$model" "$picture" >"$work/found"
diff -u "$work/expected" "$work/found"
# As a user has it: packed, installed into another program, the library found by pkg-config.
unset SEGENT_LIBRARY
npm pack --silent --pack-destination "$work" >/dev/null
mkdir "$work/program"
cd "$work/program"
cp "$work/package/segment.mjs" .
echo '{"private": true}' >package.json
npm install --no-audit --no-fund --ignore-scripts --prefer-offline --silent "$work"/segent-*.tgz
node segment.mjs "$model" "$picture" | diff -u "$work/expected" -
if node segment.mjs /no/such/model "$picture" 2>"$work/problem"; then
    echo 'a missing model is no failure' >&2
    exit 1
fi
grep -q /no/such/model "$work/problem"
echo 'node: ok'
