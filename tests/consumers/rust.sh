#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The Rust packages against an installed copy: rust.sh PREFIX [MODEL PICTURE]
# With the compiler and the crates that Debian packages, where they are installed; else with what is there and the crates of Cargo.lock.
set -eu
. "$(dirname "$0")/binding.sh"
bindings=$root/examples/bindings/rust

# A copy of the packages, for cargo writes beside them.
cp -R "$bindings" "$work/rust"
mkdir "$work/home"
export LD_LIBRARY_PATH="$libdir" SEGENT_DEMO="$demo"
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

as_in_c cargo run --quiet --example segment --
without_model cargo run --quiet --example segment --

# What the pages say, as more examples.
as_beside "$work"
programs=$(python3 "$here/pages.py" rust "$root" "$work/rust/segent/examples")
cargo build --quiet --examples
for program in $programs; do (cd "$work" && "$CARGO_TARGET_DIR/debug/examples/$(basename "$program" .rs)"); done
echo 'rust: ok'
