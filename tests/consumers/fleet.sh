#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The programs in examples/fleet with an installed copy, each on a cluster of this machine: both tables are the same and hold what the
# package gives; damaged pictures are named and skipped; a worker that is killed loses no picture.
#     fleet.sh PREFIX
# VENV names a virtual environment with dask, distributed, pyarrow and ray, into which the package is installed.
set -eu
. "$(dirname "$0")/binding.sh"
unset SEGENT_LIBRARY PYTHONPATH
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# Ray writes into the home folder, and counts who uses it, unless it is told otherwise.
export HOME="$work" RAY_AUTH_MODE=disabled RAY_USAGE_STATS_ENABLED=0
cp -r "$root/examples/bindings/python" "$work/package"
"$VENV/bin/python" -m pip install --quiet --no-build-isolation --no-deps --no-index --force-reinstall "$work/package"

mkdir "$work/few" "$work/many"
cp "$demo"/pictures/*.jpg "$work/few"
for number in $(seq 40); do cp "$picture" "$work/many/$number.jpg"; done
echo 'no picture' >"$work/few/poison.jpg"
head -c 3000 "$picture" >"$work/few/short.jpg"
for engine in dask ray; do
    status=0
    "$VENV/bin/python" "$root/examples/fleet/${engine}_folder.py" "$model" "$work/few" "$work/$engine.parquet" 2>"$work/said" >"$work/printed" || status=$?
    [ "$status" -eq 1 ] && grep -q '^skipped .*poison.jpg: ' "$work/said" && grep -q '^skipped .*short.jpg: ' "$work/said" || { cat "$work/said"; exit 1; }
    grep '^6 pictures in .*, 2 skipped$' "$work/printed"
    timeout 170 "$VENV/bin/python" "$here/fleet_killed.py" "$root/examples/fleet/${engine}_folder.py" "$model" "$work/many" "$work/many.parquet"
done
"$VENV/bin/python" - "$work" "$model" <<'END'
import sys
import pyarrow.parquet
import segent
tables = [pyarrow.parquet.read_table(f"{sys.argv[1]}/{engine}.parquet").sort_by("image") for engine in ("dask", "ray")]
assert tables[0].equals(tables[1])
with segent.Context() as context:
    model = context.load_model(sys.argv[2])
    for row in tables[0].to_pylist():
        result = context.run(model, row["image"])
        assert row["entropy_sum"] == result.entropy_sum and (row["width"], row["height"]) == (result.width, result.height)
        assert {one["name"]: one["pixels"] for one in row["classes"]} == {
            name: pixels for name, pixels in zip(model.class_names, result.statistics["pixels"]) if pixels}
END
left=$(find "$work" -name '*.part')
[ -z "$left" ] || { echo "left: $left"; exit 1; }
echo 'fleet: ok'
