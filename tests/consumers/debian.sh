#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The Debian packages of examples/packaging, made of this tree in a copy: debian.sh PREFIX [MODEL PICTURE]
# They are built without tests; a second build in another folder gives the same bytes; lintian has nothing to say; apt could install
# them; and unpacked below a folder they serve C, C++, Python and the command, with the numbers that the copy in PREFIX gives. Nothing
# of the system is changed. Needs a clone, for what the tree consists of.
set -eu
. "$(dirname "$0")/binding.sh"
fail() { echo "FAILED: $*" >&2; exit 1; }
# Debian's own tools, Python above all.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH DEB_BUILD_OPTIONS="nocheck terse parallel=2" DEB_BUILD_PROFILES=nocheck
unset CC CXX CFLAGS CXXFLAGS LDFLAGS PYTHONPATH SEGENT_LIBRARY

# build PLACE : the packages lie in PLACE then.
build() {
    mkdir -p "$work/$1/segent"
    git -C "$root" ls-files -z | tar -C "$root" -c --null -T - | tar -x -C "$work/$1/segent"
    SOURCE_DATE_EPOCH=1700000000 python3 "$work/$1/segent/examples/packaging/debian.py" "$work/$1/segent"
    (cd "$work/$1/segent" && dpkg-buildpackage -us -uc -b) >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail 'dpkg-buildpackage'; }
    rm -rf "$work/$1/segent"
}
build one
build another/folder
for package in "$work"/one/*.deb; do
    cmp "$package" "$work/another/folder/${package##*/}" || fail "${package##*/} differs from build to build"
done
echo "two builds: the same $(find "$work/one" -name '*.deb' | wc -l) packages"

lintian --allow-root --fail-on error,warning "$work"/one/*.changes || fail lintian
find "$work/one" -name '*-dbgsym_*' -exec rm {} +
apt-get install --simulate -q "$work"/one/*.deb >"$work/log" 2>&1 || { cat "$work/log" >&2; fail 'apt cannot install them'; }
echo 'lintian and apt: ok'

for package in "$work"/one/*.deb; do
    dpkg-deb -x "$package" "$work/root"
done
usr=$work/root/usr
libraries=$(dirname "$(find "$usr" -name libsegent.so)")
sh "$here/expected.sh" "$usr" "$model" "$picture" | diff -u "$work/expected" -
export LD_LIBRARY_PATH="$libraries"
unset PKG_CONFIG_PATH
readelf -d "$usr/bin/segent" "$libraries"/libsegent.so.*.*.* | grep -E 'R(UN)?PATH' && fail 'a path of the build is in a program'
cp "$root/examples/bindings/python/segment.py" "$work/segment.py"
as_in_c env PYTHONPATH="$usr/lib/python3/dist-packages" python3 "$work/segment.py"
"$usr/bin/segent" run -m "$model" --json --save none "$picture" >/dev/null
PYTHONPATH="$usr/lib/python3/dist-packages" python3 -m segent run --save none "$picture" >/dev/null # with the packaged demonstration
# C and C++, shared and static. It looks for bin/segent, which finds its library only where packages are installed.
rm "$usr/bin/segent"
sh "$here/consumers.sh" "$usr"
echo 'debian: ok'
