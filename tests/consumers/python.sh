#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The package for Python with an installed copy: built as users build it, both ways; its tests; its program's output against the C
# program's; and, where TOOLS names the folder of mypy and auditwheel, what these say.
#     python.sh PREFIX [MODEL PICTURE]
set -eu
. "$(dirname "$0")/binding.sh"
python=${PYTHON:-/usr/bin/python3}
unset SEGENT_LIBRARY PYTHONPATH
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Building leaves files beside the sources.
cp -r "$root/examples/bindings/python" "$work/package"
package=$work/package
"$python" "$root/examples/bindings/python/generate.py" --check "$root/docs/segent.json"
pip() { "$1/bin/python" -m pip install --quiet --no-build-isolation --no-deps --no-index "$2"; }

# ---- with the installed library ----
"$python" -m venv --system-site-packages "$work/venv"
pip "$work/venv" "$package"
as_in_c "$work/venv/bin/python" "$package/segment.py"
without_model "$work/venv/bin/python" "$package/segment.py"
(cd "$package/tests" && SEGENT_TEST_DEMO=$demo SEGENT_TEST_MODEL=$model SEGENT_TEST_PICTURE=$picture \
    "$work/venv/bin/python" -m unittest)

# Found by the loader, and by its name.
(
    unset PKG_CONFIG_PATH
    as_in_c env LD_LIBRARY_PATH="$libdir" "$work/venv/bin/python" "$package/segment.py"
    as_in_c env SEGENT_LIBRARY="$libdir" "$work/venv/bin/python" "$package/segment.py"
)

# ---- with a library of its own ----
SEGENT_BUNDLE=1 "$work/venv/bin/python" -m pip wheel --quiet --no-build-isolation --no-deps --no-index -w "$work/wheels" "$package"
"$python" -m venv --system-site-packages "$work/bundle"
pip "$work/bundle" "$work"/wheels/segent-*-py3-none-linux_*.whl
(
    unset PKG_CONFIG_PATH
    as_in_c "$work/bundle/bin/python" "$package/segment.py"
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
    as_in_c "$work/bundle/bin/python" "$package/segment.py"
    # libpng and libjpeg are the wheel's own.
    "$work/bundle/bin/python" -c 'import segent; print(open("/proc/self/maps").read())' | grep "$work/bundle/.*/segent.libs/libpng" >"$work/own"
)
echo 'python: ok'
