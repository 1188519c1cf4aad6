#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Installs those Debian packages of tests/packages.txt that are missing: packages.sh build|test|ci...
# Quick, and without a network, when there is nothing to do. With --missing before the purposes nothing is installed: it fails if one is missing.
set -eu
list=$(dirname "$0")/packages.txt
missing=
only_ask=
if [ "$1" = --missing ]; then
    only_ask=yes
    shift
fi
for purpose in "$@"; do
    for package in $(awk -v purpose="$purpose" '$1 == purpose { print $2 }' "$list"); do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
        installed) ;;
        *) missing="$missing $package" ;;
        esac
    done
done
[ -n "$missing" ] || exit 0
[ -z "$only_ask" ] || exit 1

if ! command -v apt-get >/dev/null; then
    echo "not Debian: please install what corresponds to$missing" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "as root: apt-get install$missing" >&2; exit 1; }
    as_root='sudo'
fi
echo "installing$missing" >&2
# One after another, where several steps of CI are here at once.
if command -v flock >/dev/null; then
    exec 9<"$list"
    flock 9
fi
install() {
    # shellcheck disable=SC2086 # packages are words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends $missing >&2
}
# With the lists of packages that the machine has, or with fresh ones.
install 2>/dev/null || { $as_root apt-get update -qq >&2 && install; }
