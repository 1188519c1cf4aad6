#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds segent.jar with javac alone: build.sh FOLDER [JNA.JAR]
# JNA is Debian's (package libjna-java) unless it is named. pom.xml does the same with Maven.
set -eu
out=$1
jna=${2:-/usr/share/java/jna.jar}
here=$(cd "$(dirname "$0")" && pwd)
[ -f "$jna" ] || { echo "no $jna: install libjna-java, or name JNA's jar" >&2; exit 1; }
mkdir -p "$out/classes"
find "$here/src/main/java" -name '*.java' >"$out/sources"
# Named one by one, since each JDK has more of them.
lint=cast,deprecation,divzero,empty,fallthrough,overrides,rawtypes,serial,static,try,unchecked,varargs
javac "-Xlint:$lint" -Werror --release 17 -cp "$jna" -d "$out/classes" @"$out/sources"
printf 'Automatic-Module-Name: org.segent\n' >"$out/manifest"
jar --create --file "$out/segent.jar" --manifest "$out/manifest" -C "$out/classes" .
