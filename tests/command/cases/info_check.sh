# Pictures through every plausible reading of a model that does not tell its output stride or its rates.
cp "$DATA/cat.jpg" .
checkpoint --blocks 1,2,1,1 --classes 3 city.pth
checkpoint --aspp 0 --blocks 1,2,1,1 --classes 3 fcn.pth
readings() {
    "$SEGENT" info --check --json "$@" >line && python3 - <<'EOF_PYTHON'
import json
value = json.loads(open("line").readline())
readings = value["readings"]
entropies = [reading["entropy_mean"] for reading in readings]
assert entropies == sorted(entropies) and all(0 < entropy <= 1 for entropy in entropies)
assert all(0 < reading["largest_share"] <= 1 for reading in readings)
print(value["images"], len(readings), len(set(entropies)), [(r["output_stride"], r["rates"]) for r in readings if r["used"]])
print(sorted({r["output_stride"] for r in readings}), sorted({str(r["rates"]) for r in readings}))
EOF_PYTHON
}
part what is varied
readings --set size=48 cat.jpg city.pth
readings --set size=48 cat.jpg cat.jpg fcn.pth
readings --set size=48 --rates 2,4,6 cat.jpg city.pth
readings --set size=48 --output-stride 16 cat.jpg city.pth
echo '{"rates": [6, 12, 18], "size": 48}' >city.json
readings cat.jpg city.pth
part the same as run says
"$SEGENT" info --check --json --output-stride 16 cat.jpg city.pth | grep -o '"entropy_mean": [^,]*' >told
"$SEGENT" run --json --save none -m city.pth --output-stride 16 cat.jpg | grep -o '"entropy_mean": [^,]*' | head -n 1 | cmp - told && echo same
part text
segent info --check --output-stride 16 cat.jpg city.pth | sed -E 's/[0-9]+\.[0-9]+ +/N /g'
segent info --check cat.jpg city.pth | grep -c -e lowest -e 'what is used'
part refused
segent info --check city.pth
segent info cat.jpg city.pth
segent info --check city.pth cat.jpg
segent info --check missing.jpg city.pth
