#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The Go package against an installed copy: its tests, with the race detector and with all checks of pointers, and its program's output against
# the C program's: go.sh PREFIX [MODEL PICTURE]
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export SEGENT_DEMO="$root/examples/demo"
model=${2:-$SEGENT_DEMO/segent-demo.safetensors}
picture=${3:-$SEGENT_DEMO/pictures/crowded-street.jpg}
package=$root/examples/bindings/go
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
. "$here/copy.sh"

# Debian's Go where it is installed; nothing is downloaded, for the package needs nothing.
for debian in /usr/lib/go-1.19/bin /usr/lib/go/bin; do
    [ ! -x "$debian/go" ] || { PATH=$debian:$PATH; break; }
done
export GOFLAGS='-mod=readonly -buildvcs=false' GOPROXY=off GOTOOLCHAIN=local GOCACHE="${GOCACHE:-$work/cache}" CGO_ENABLED=1
mkdir "$work/pc"
sed "s|^prefix=.*|prefix=$prefix|" "$pc" >"$work/pc/segent.pc"
export PKG_CONFIG_PATH="$work/pc:$PKG_CONFIG_PATH" LD_LIBRARY_PATH="$libdir"
cd "$package"
go version

[ -z "$(gofmt -l .)" ] || { echo "gofmt would change: $(gofmt -l .)" >&2; exit 1; }
go vet ./...
# Later versions check all pointers where they were built so.
case $(go version) in
*go1.19* | *go1.20*) GODEBUG=cgocheck=2 go test -race ./... ;;
*) GOEXPERIMENT=cgocheck2 go test -race ./... ;;
esac
"${PYTHON:-/usr/bin/python3}" "$here/reached.py" "$(pkg --variable=datadir)/segent.json" unwrapped.txt ./*.go shim.c

sh "$here/expected.sh" "$prefix" "$model" "$picture" >"$work/expected"
go build -o "$work/segment" ./cmd/segment
"$work/segment" "$model" "$picture" | diff "$work/expected" -
if "$work/segment" /no/such/model "$picture" 2>"$work/problem"; then
    echo 'a missing model is no failure' >&2
    exit 1
fi
grep -q /no/such/model "$work/problem"
echo 'go: ok'
