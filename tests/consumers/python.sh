#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The package for Python with an installed copy: built as users build it, both ways; its tests; its program's output against the C
# program's; and, where TOOLS names the folder of mypy and auditwheel, what these say.
#     python.sh PREFIX [MODEL PICTURE]
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
model=${2:-$root/examples/demo/segent-demo.safetensors}
picture=${3:-$root/examples/demo/pictures/crowded-street.jpg}
python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/copy.sh"
unset SEGENT_LIBRARY PYTHONPATH
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Building leaves files beside the sources.
cp -r "$root/examples/bindings/python" "$work/package"
package=$work/package
"$python" "$root/examples/bindings/python/generate.py" --check "$root/docs/segent.json"
sh "$here/expected.sh" "$prefix" "$model" "$picture" >"$work/expected"
pip() { "$1/bin/python" -m pip install --quiet --no-build-isolation --no-deps --no-index "$2"; }

# ---- with the installed library ----
"$python" -m venv --system-site-packages "$work/venv"
pip "$work/venv" "$package"
"$work/venv/bin/python" "$package/segment.py" "$model" "$picture" | diff -u "$work/expected" -
if "$work/venv/bin/python" "$package/segment.py" /no/such/model "$picture" 2>"$work/problem"; then
    echo 'a missing model is no failure' >&2
    exit 1
fi
grep -q /no/such/model "$work/problem"
(cd "$package/tests" && SEGENT_TEST_DEMO=$root/examples/demo SEGENT_TEST_MODEL=$model SEGENT_TEST_PICTURE=$picture \
    "$work/venv/bin/python" -m unittest)

# Found by the loader, and by its name.
(
    unset PKG_CONFIG_PATH
    LD_LIBRARY_PATH=$libdir "$work/venv/bin/python" "$package/segment.py" "$model" "$picture" | diff -u "$work/expected" -
    SEGENT_LIBRARY=$libdir "$work/venv/bin/python" "$package/segment.py" "$model" "$picture" | diff -u "$work/expected" -
)

# ---- with a library of its own ----
SEGENT_BUNDLE=1 "$work/venv/bin/python" -m pip wheel --quiet --no-build-isolation --no-deps --no-index -w "$work/wheels" "$package"
"$python" -m venv --system-site-packages "$work/bundle"
pip "$work/bundle" "$work"/wheels/segent-*-py3-none-linux_*.whl
(
    unset PKG_CONFIG_PATH
    "$work/bundle/bin/python" "$package/segment.py" "$model" "$picture" | diff -u "$work/expected" -
    "$work/bundle/bin/python" -c 'import segent; print(segent.library_path)' | grep "^$work/bundle/"
)

[ "${TOOLS:-}" ] || { echo 'python: ok (mypy and auditwheel were not asked)'; exit 0; }
# ---- types, and what a wheel needs of the machine that it is put on ----
(cd "$package" && "$TOOLS/mypy" --no-incremental && MYPYPATH=src "$TOOLS/mypy" --no-incremental --strict segment.py)
PATH=$TOOLS:$PATH "$TOOLS/auditwheel" repair --wheel-dir "$work/repaired" "$work"/wheels/segent-*.whl >"$work/audit" 2>&1 || { cat "$work/audit"; exit 1; }
repaired=$(find "$work/repaired" -name 'segent-*-manylinux_*.whl')
PATH=$TOOLS:$PATH "$TOOLS/auditwheel" show "$repaired" | tee "$work/show"
grep -q 'consistent' "$work/show"
"$work/bundle/bin/python" -m pip install --quiet --no-deps --no-index --force-reinstall "$repaired"
(
    unset PKG_CONFIG_PATH
    "$work/bundle/bin/python" "$package/segment.py" "$model" "$picture" | diff -u "$work/expected" -
    # libpng and libjpeg are the wheel's own.
    "$work/bundle/bin/python" -c 'import segent; print(open("/proc/self/maps").read())' | grep "$work/bundle/.*/segent.libs/libpng" >"$work/own"
)
echo 'python: ok'
