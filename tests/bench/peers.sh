#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# libsegent against ONNX Runtime, OpenVINO and PyTorch on this machine, in one interleaved run:
#     sh tests/bench/peers.sh [--quick] [--all] [--arch NAME] [--size WxH] [--threads 2,1] ...        (--help for all)
#     sh tests/bench/peers.sh --precisions     bfloat16 beside float32
#     sh tests/bench/peers.sh --install        installs the peers and does no more: all that needs a network
# Installs the peers from public packages, makes each network once, builds this tree, measures. README.md says what the numbers mean.
# ONEDNN=PREFIX: with the oneDNN installed there in the place of Debian's. TORCH=index: installs the newest PyTorch of the Python index beside
# Debian's (6 GB, since it comes with libraries for graphics cards); without it the peers torch-python-... cannot take part.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${SEGENT_PEERS:-$root/build-peers}
build=$folder/segent
runtime=onnxruntime-node@${ORT_VERSION:-1.30.0}

for argument; do
    case $argument in
    -h | --help) exec /usr/bin/python3 "$here/peers.py" --help ;;
    esac
done

sh "$root/tests/packages.sh" build peers
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    sh "$root/tests/packages.sh" node
fi
mkdir -p "$folder/node"

# The processor's engine lies in the package itself; its installation script would only fetch that of graphics cards.
if ! grep -qs "\"$runtime\"" "$folder/node/installed"; then
    echo "installing $runtime" >&2
    (cd "$folder/node" && npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-save --prefix . "$runtime" >&2)
    echo "\"$runtime\"" >"$folder/node/installed"
fi

# The Python index has newer engines than Debian and npm; those of the day of the installation.
if [ ! -d "$folder/python" ]; then
    echo "installing onnxruntime and openvino" >&2
    rm -rf "$folder/python.part"
    /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$folder/python.part" onnxruntime openvino >&2
    mv "$folder/python.part" "$folder/python"
fi

if [ "${TORCH:-}" = index ] && [ ! -d "$folder/torch" ]; then
    sh "$root/tests/packages.sh" torch-index
    echo "installing torch and torchvision" >&2
    rm -rf "$folder/torch.part"
    /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$folder/torch.part" torch torchvision >&2
    mv "$folder/torch.part" "$folder/torch"
fi

[ "${1:-}" != --install ] || exit 0

echo 'building' >&2
{
    { [ -f "$build/build.ninja" ] || meson setup "$build" "$root" --buildtype=release -Dexamples=disabled; } &&
        ninja -C "$build" src/segent tests/bench/peer-segent tests/bench/bench-limits tests/bench/bench-entropy &&
        g++ -std=c++17 -O2 -fopenmp ${ONEDNN:+"-I$ONEDNN/include" "-L$ONEDNN/lib" "-Wl,-rpath,$ONEDNN/lib"} -o "$folder/peer-onednn" "$here/peer_onednn.cpp" -ldnnl
} >"$folder/build.log" 2>&1 || {
    tail -n 30 "$folder/build.log" >&2
    exit 1
}

exec /usr/bin/python3 "$here/peers.py" --folder "$folder" --build "$build" "$@"
