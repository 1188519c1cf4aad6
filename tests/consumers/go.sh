#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The Go package against an installed copy: its tests, with the race detector and with all checks of pointers, and its program's output against
# the C program's: go.sh PREFIX [MODEL PICTURE]
set -eu
. "$(dirname "$0")/binding.sh"
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
package=$root/examples/bindings/go

# Debian's Go where it is installed; nothing is downloaded, for the package needs nothing.
for debian in /usr/lib/go-1.19/bin /usr/lib/go/bin; do
    [ ! -x "$debian/go" ] || { PATH=$debian:$PATH; break; }
done
export GOFLAGS='-mod=readonly -buildvcs=false' GOPROXY=off GOTOOLCHAIN=local GOCACHE="${GOCACHE:-$work/cache}" CGO_ENABLED=1
export LD_LIBRARY_PATH="$libdir" SEGENT_DEMO="$demo"
cd "$package"
go version

[ -z "$(gofmt -l .)" ] || { echo "gofmt would change: $(gofmt -l .)" >&2; exit 1; }
go vet ./...
# From Go 1.21 on a program is built with the check of all pointers, instead of being started with it.
case $(go version) in
*go1.19* | *go1.20*) GODEBUG=cgocheck=2 go test -race ./... ;;
*) GOEXPERIMENT=cgocheck2 go test -race ./... ;;
esac
"${PYTHON:-/usr/bin/python3}" "$here/reached.py" "$(pkg --variable=datadir)/segent.json" unwrapped.txt ./*.go shim.c

go build -o "$work/segment" ./cmd/segment
as_in_c "$work/segment"
without_model "$work/segment"

# What the pages say, as more programs of a copy.
cp -R "$package" "$work/pages"
as_beside "$work/pages"
programs=$(python3 "$here/pages.py" go "$root" "$work/pages/cmd")
cd "$work/pages"
for program in $programs; do
    go vet "$program"
    go run "$program"
done
echo 'go: ok'
