# One object a line, valid whatever the file is called.
checkpoint small.pth
cp "$DATA/cat.jpg" cat.jpg
cp "$DATA/dog.png" 'a "quoted" \name.png'
cp "$DATA/dog.png" "$(printf 'bytes \377 and\nlines.png')"
segent run --json -m small.pth --size 24 -o out --save labels,overlay ./*.jpg ./*.png missing.jpg >lines
tail -n 1 lines
python3 - <<'EOF'
import json
keys = ["image", "width", "height", "classes", "entropy_sum", "entropy_mean", "entropy_sum_nats", "entropy_max", "undecided", "per_class",
        "files", "model", "seconds"]
for line in open("lines", encoding="utf-8"):
    if line.startswith("exit"):
        continue
    value = json.loads(line)
    assert list(value) == keys, list(value)
    assert value["undecided"] is None
    assert list(value["seconds"]) == ["load", "decode", "preprocess", "network", "head", "write", "total"]
    assert list(value["model"]) == ["path", "architecture", "parameters"]
    assert all(list(item) == ["id", "name", "pixels", "fraction", "entropy_mean"] for item in value["per_class"])
    assert sum(item["pixels"] for item in value["per_class"]) == value["width"] * value["height"]
    assert abs(value["entropy_mean"] * value["width"] * value["height"] - value["entropy_sum"]) < 1e-6 * value["entropy_sum"]
    mean = sum(item["fraction"] * item["entropy_mean"] for item in value["per_class"])
    assert abs(mean - value["entropy_mean"]) < 1e-6
    print(repr(value["image"]), value["width"], value["height"], value["classes"], value["files"], value["model"])
EOF
part 'what an error may have decided'
# The logits' own margins, and the share of them that is below the error.
segent run --json -m small.pth --set precision_error=0.02 --size 24 -o out --save logits.npy cat.jpg >line
segent run -v -m small.pth --set precision_error=1000 --size 24 --save none cat.jpg 2>/dev/null | grep undecided
python3 - <<'EOF'
import array, ast, json, sys
data = open("out/cat.logits.npy", "rb").read()
start = 10 + int.from_bytes(data[8:10], "little")
classes, height, width = ast.literal_eval(data[10:start].decode())["shape"]
logits = array.array("f")
logits.frombytes(data[start:])
if sys.byteorder == "big":
    logits.byteswap()
columns = [sorted(logits[i::height * width]) for i in range(height * width)]
margins = [column[-1] - column[-2] for column in columns]
found = json.loads(open("line").readline())["undecided"]
print(0 < found < 1, abs(found - sum(margin < 0.02 for margin in margins) / len(margins)) < 1e-12)
EOF
