#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The package for Java with an installed copy: its tests, and its program's output against the C program's.
#     java.sh PREFIX [MODEL PICTURE]
# JNA is Debian's (libjna-java), or the jar that JNA names.
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
model=${2:-$root/examples/demo/segent-demo.safetensors}
picture=${3:-$root/examples/demo/pictures/crowded-street.jpg}
jna=${JNA:-/usr/share/java/jna.jar}
package=$root/examples/bindings/java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/copy.sh"

python3 "$package/generate.py" --check "$(pkg --variable=datadir)/segent.json"
sh "$package/build.sh" "$work" "$jna"
mkdir "$work/tests"
javac -Werror --release 17 -cp "$work/segent.jar:$jna" -d "$work/tests" "$package"/src/test/java/org/segent/*.java

export SEGENT_LIBRARY="$libdir/libsegent.so"
java -cp "$work/segent.jar:$work/tests:$jna" org.segent.SegentTest "$model" "$picture"

segment() { java -cp "$work/segent.jar:$jna" "$package/Segment.java" "$@"; }
sh "$here/expected.sh" "$prefix" "$model" "$picture" >"$work/expected"
segment "$model" "$picture" >"$work/found"
diff -u "$work/expected" "$work/found"
unset SEGENT_LIBRARY # found by pkg-config, as a user has it
segment "$model" "$picture" | diff -u "$work/expected" -
if segment /no/such/model "$picture" 2>"$work/problem"; then
    echo 'a missing model is no failure' >&2
    exit 1
fi
grep -q /no/such/model "$work/problem"

# The same with Maven, where it is there and has what it downloads.
if ! command -v mvn >/dev/null; then
    echo 'pom.xml: no Maven here, left out'
elif cp -r "$package" "$work/maven" && mvn -q -B -f "$work/maven" package >"$work/maven.log" 2>&1; then
    find "$work/maven/target" -name 'segent-*.jar' | grep .
elif grep -qE 'Could not (transfer|resolve)' "$work/maven.log"; then
    echo 'pom.xml: NOT TESTED, the registry does not answer'
else
    cat "$work/maven.log"
    exit 1
fi
echo 'java: ok'
