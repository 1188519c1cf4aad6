#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The interface of the library as it is built, against the committed one (abi.py): abi.sh FOLDER, which is written anew.
# Then that an incompatible change of the sources is refused: a copy in which a function has another name, and one in which a member of a
# struct is wider.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
rm -rf "$1"
mkdir -p "$1/copy"
folder=$(cd "$1" && pwd)
(cd "$root" && git ls-files include kernels lib pkgconfig docs/meson.build docs/segent.json examples/meson.build meson.build 'meson[._]options*' | tar -c -T - | tar -x -C "$folder/copy")

# Debugging information tells of types, and the less the compiler does beside it the better.
build() {
    [ -f "$folder/build/build.ninja" ] || meson setup "$folder/build" "$folder/copy" -Dbuildtype=debug -Dtests=disabled -Ddocs=disabled \
        -Dcli=disabled -Dexamples=disabled -Ddefault_library=shared >"$folder/log" || { cat "$folder/log"; return 1; }
    ninja -C "$folder/build" -j2 >"$folder/log" || { cat "$folder/log"; return 1; }
}
compare() { /usr/bin/python3 "$root/tests/consumers/abi.py" library "$folder/build/lib/libsegent.so" >"$folder/said"; }

# refused WHAT SCRIPT WORDS: with the sources changed by sed's SCRIPT the library is built, and refused in a report with the WORDS.
refused() {
    cp -R "$folder/copy" "$folder/kept"
    find "$folder/copy/include" "$folder/copy/lib" -name '*.[ch]' -exec sed -i "$2" {} +
    build
    if compare; then
        echo "FAILED: nobody noticed that $1" >&2
        exit 1
    fi
    grep -q "$3" "$folder/said" || { cat "$folder/said" >&2; echo "FAILED: the report does not tell that $1" >&2; exit 1; }
    echo "refused: $1"
    rm -rf "$folder/copy"
    mv "$folder/kept" "$folder/copy"
}

build
compare || { cat "$folder/said" >&2; exit 1; }
cat "$folder/said"
refused 'a function has another name' 's/\bsegent_palette_voc\b/segent_palette_pascal/g' 'segent_palette_voc@@'
refused 'a member of a struct is wider' 's/\bint32_t scan_limit;/int64_t scan_limit;/' 'scan_limit'
