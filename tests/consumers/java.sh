#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The package for Java with an installed copy: its tests, and its program's output against the C program's.
#     java.sh PREFIX [MODEL PICTURE]
# JNA is Debian's (libjna-java), or the jar that JNA names.
set -eu
. "$(dirname "$0")/binding.sh"
jna=${JNA:-/usr/share/java/jna.jar}
package=$root/examples/bindings/java

python3 "$package/generate.py" --check "$(pkg --variable=datadir)/segent.json"
sh "$package/build.sh" "$work" "$jna"
mkdir "$work/tests"
javac -Werror --release 17 -cp "$work/segent.jar:$jna" -d "$work/tests" "$package"/src/test/java/org/segent/*.java

export SEGENT_LIBRARY="$libdir/libsegent.so"
java -cp "$work/segent.jar:$work/tests:$jna" org.segent.SegentTest "$model" "$picture"

segment() { java -cp "$work/segent.jar:$jna" "$package/Segment.java" "$@"; }
as_in_c segment
unset SEGENT_LIBRARY # found by pkg-config, as a user has it
as_in_c segment
without_model segment

# What the pages say.
mkdir "$work/pages"
as_beside "$work/pages"
programs=$(python3 "$here/pages.py" java "$root" "$work/pages")
for program in $programs; do (cd "$work/pages" && java -cp "$work/segent.jar:$jna" "$program"); done

# The same with Maven, where it is there and has what it downloads.
if ! command -v mvn >/dev/null; then
    echo 'pom.xml: no Maven here, left out'
elif cp -r "$package" "$work/maven" && mvn -q -B -f "$work/maven" package >"$work/maven.log" 2>&1; then
    find "$work/maven/target" -name 'segent-*.jar' | grep .
elif grep -qE '(Could not|[Ff]ailed to) transfer' "$work/maven.log"; then
    echo 'NOT TESTED: java (pom.xml: the registry does not answer Maven)'
    exit 75 # as .ci/run has it
else
    cat "$work/maven.log"
    exit 1
fi
echo 'java: ok'
