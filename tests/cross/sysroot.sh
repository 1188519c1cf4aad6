#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes a folder of Debian's libraries for another processor, and the meson file to build with them:
#     sysroot.sh i386|arm64 FOLDER
#     meson setup build-i386 --cross-file FOLDER/cross.ini
# The packages are the lines "cross" of packages.txt. They are unpacked, not installed: nothing of the system changes, root is
# not needed, and this system's own libraries may be of other versions. What is there already is left as it is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
debian=$1
case $debian in
i386) triplet=i386-linux-gnu tools=i686-linux-gnu family=x86 loader=lib/ld-linux.so.2 emulator=qemu-i386 ;;
arm64) triplet=aarch64-linux-gnu tools=aarch64-linux-gnu family=aarch64 loader=lib/ld-linux-aarch64.so.1 emulator=qemu-aarch64 ;;
*) echo "$0: i386 or arm64, not $debian" >&2; exit 2 ;;
esac
mkdir -p "$2"
root=$(cd "$2" && pwd)
[ ! -f "$root/cross.ini" ] || exit 0

# An apt of its own, which knows this processor only and finds nothing installed.
apt=$root/apt
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<EOF_APT
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
APT::Architecture "$debian";
APT::Architectures { "$debian"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Debug::NoLocking "true";
EOF_APT
export APT_CONFIG="$apt/apt.conf"
apt-get update -qq
# shellcheck disable=SC2046 # packages are words
apt-get install -qq -y --download-only --no-install-recommends $(awk '$1 == "cross" { print $2 }' "$here/../packages.txt")
for package in "$apt"/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$root"
done
rm -rf "$apt"
# Links to an absolute path would lead out of the folder.
find "$root" -type l -lname '/*' | while read -r link; do
    ln -sfn "$root$(readlink "$link")" "$link"
done

# Programs find the folder's own loader and libraries, so that they run where they were built; OpenBLAS lies in a folder of its own.
places=$root/lib/$triplet:$root/usr/lib/$triplet:$root/usr/lib/$triplet/openblas-pthread
link="'--sysroot=$root', '-Wl,--dynamic-linker=$root/$loader', '-Wl,--disable-new-dtags', '-Wl,-rpath,$places', '-L$root/usr/lib/$triplet/openblas-pthread'"
wrapper="exe_wrapper = '$emulator'" needs=true
if "$root/$loader" --version >/dev/null 2>&1; then
    wrapper='' needs=false
fi
cat >"$root/pkg-config" <<EOF_PKG
#!/bin/sh
PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$root/usr/lib/$triplet/pkgconfig:$root/usr/lib/$triplet/openblas-pthread/pkgconfig exec pkg-config "\$@"
EOF_PKG
chmod +x "$root/pkg-config"
cat >"$root/cross.ini" <<EOF_INI
[binaries]
c = '$tools-gcc'
ar = '$tools-ar'
strip = '$tools-strip'
pkgconfig = '$root/pkg-config'
$wrapper

[properties]
needs_exe_wrapper = $needs

[built-in options]
c_args = ['--sysroot=$root']
c_link_args = [$link]

[host_machine]
system = 'linux'
cpu_family = '$family'
cpu = '$family'
endian = 'little'
EOF_INI
