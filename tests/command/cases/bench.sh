checkpoint --blocks 1,2,1,1 small.pth
segent bench -m small.pth --size 64x48 --runs 3 -t 2 | numbers | sed -E 's/kernels [a-z0-9]+/kernels K/'
segent bench -m small.pth --size 64x48 --runs 2 -v --json >line
python3 - <<'EOF'
import json
value = json.loads(open("line").readline())
print(list(value))
print(value["seconds"].keys(), len(value["each"]), value["model"], value["width"], value["height"], value["runs"])
assert value["peak_rss_bytes"] > 1 << 20 and value["gflops"] > 0
layers = value["layers"]
print(len(layers), layers[0]["name"], layers[0]["shape"], list(layers[0]))
assert all(layer["seconds"] > 0 and layer["algorithm"] for layer in layers)
ratio = sum(layer["multiply_adds"] for layer in layers) / value["multiply_adds"]
assert abs(ratio - 1) < 1e-9, ratio
EOF
part 'every layer'
segent bench -m small.pth --size 64x48 --runs 1 -v | sed -n '/^layer/,$p' | cut -c1-72 | sed 's/ *$//'
part weights of full size in memory
segent bench --arch resnet50 --size 16x16 --runs 1 --json >line
python3 - <<'EOF'
import json
value = json.loads(open("line").readline())
print(value["model"], round(value["multiply_adds"]))
EOF
