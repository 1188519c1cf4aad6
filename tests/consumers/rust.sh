#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The Rust packages against an installed copy: rust.sh PREFIX [MODEL PICTURE]
# With the compiler and the crates that Debian packages, where they are installed; else with what is there and the crates of Cargo.lock.
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
bindings=$here/../../examples/bindings/rust
SEGENT_DEMO=$(cd "$here/../../examples/demo" && pwd)
export SEGENT_DEMO
model=${2:-$SEGENT_DEMO/segent-demo.safetensors}
picture=${3:-$SEGENT_DEMO/pictures/crowded-street.jpg}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/copy.sh"

# A copy of the packages, for cargo writes beside them; and the library's .pc with the prefix that it is in.
cp -R "$bindings" "$work/rust"
mkdir "$work/pc" "$work/home"
sed "s|^prefix=.*|prefix=$prefix|" "$pc" >"$work/pc/segent.pc"
export PKG_CONFIG_PATH="$work/pc:$PKG_CONFIG_PATH" LD_LIBRARY_PATH="$libdir"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$work/target}"
crates=/usr/share/cargo/registry
if [ -x /usr/bin/cargo ] && [ -d "$crates" ]; then
    # Debian's crates are those of Cargo.lock, but not all have a checksum.
    PATH=/usr/bin:$PATH
    export CARGO_HOME="$work/home" CARGO_NET_OFFLINE=true
    printf '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "%s"\n' "$crates" >"$work/home/config.toml"
    rm "$work/rust/Cargo.lock"
fi
cd "$work/rust"
rustc --version

versions() { grep -v '^checksum' "$1"; }
case $(bindgen --version 2>/dev/null) in
'bindgen 0.60.'*)
    sh segent-sys/generate.sh "$(pkg --variable=includedir)" >"$work/bindings.rs"
    diff segent-sys/src/bindings.rs "$work/bindings.rs"
    echo 'bindings: as bindgen makes them'
    ;;
*) echo 'bindings: bindgen 0.60 (Debian package bindgen) is not there, left out' ;;
esac
cargo fmt --all --check
cargo clippy --quiet --all-features --all-targets -- -D warnings
cargo clippy --quiet -- -D warnings
versions "$bindings/Cargo.lock" >"$work/locked"
versions Cargo.lock | diff "$work/locked" -
cargo test --quiet --all-features
RUSTDOCFLAGS='-D warnings' cargo doc --quiet --no-deps --all-features

"${PYTHON:-/usr/bin/python3}" "$here/reached.py" "$(pkg --variable=datadir)/segent.json" '' segent-sys/src/bindings.rs
"${PYTHON:-/usr/bin/python3}" "$here/reached.py" "$(pkg --variable=datadir)/segent.json" unwrapped.txt segent/src/*.rs

sh "$here/expected.sh" "$prefix" "$model" "$picture" >"$work/expected"
cargo run --quiet --example segment -- "$model" "$picture" | diff "$work/expected" -
if cargo run --quiet --example segment -- /no/such/model "$picture" 2>"$work/problem"; then
    echo 'a missing model is no failure' >&2
    exit 1
fi
grep -q /no/such/model "$work/problem"
echo 'rust: ok'
