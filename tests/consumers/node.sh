#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The package for Node.js with an installed copy: its types, its tests, and its program's output against the C program's.
#     node.sh PREFIX [MODEL PICTURE]
# koffi and TypeScript come from npm's registry, of the versions in package-lock.json.
set -eu
. "$(dirname "$0")/binding.sh"

# In a copy, so that nothing is left in the tree.
(cd "$root/examples/bindings/node" && tar -c --exclude=node_modules .) | (mkdir "$work/package" && cd "$work/package" && tar -x)
cd "$work/package"
npm ci --no-audit --no-fund --ignore-scripts
node generate.mjs --check "$(pkg --variable=datadir)/segent.json"
npm run types

export SEGENT_LIBRARY="$libdir/libsegent.so" SEGENT_TEST_MODEL="$model" SEGENT_TEST_PICTURE="$picture"
npm test

as_in_c node segment.mjs
# As a user has it: packed, installed into another program, the library found by pkg-config.
unset SEGENT_LIBRARY
npm pack --silent --pack-destination "$work" >/dev/null
mkdir "$work/program"
cd "$work/program"
cp "$work/package/segment.mjs" .
echo '{"private": true}' >package.json
npm install --no-audit --no-fund --ignore-scripts --prefer-offline --silent "$work"/segent-*.tgz
as_in_c node segment.mjs
without_model node segment.mjs

# What the pages say.
as_beside "$work/program"
programs=$(python3 "$here/pages.py" js "$root" "$work/program")
for program in $programs; do node "$program"; done
echo 'node: ok'
