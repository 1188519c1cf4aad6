# What the fast engine costs against the exact one. Every figure is computed once more here, from the arrays that segent run writes.
checkpoint --blocks 1,2,1,1 --width 16 --classes 5 city.pth
mkdir some
cp "$DATA/cat.jpg" "$DATA/dog.png" some
cp "$DATA/indexed.png" some/cat.labels.png
cp "$DATA/clear.png" some/.hidden.png
echo text >some/note.txt
cat >figures.py <<'EOF_PYTHON'
import array, ast, json, math, sys

def load(path):
    data = open(path, "rb").read()
    size = int.from_bytes(data[8:10], "little")
    values = array.array("f")
    values.frombytes(data[10 + size:])
    if sys.byteorder == "big":
        values.byteswap()
    return ast.literal_eval(data[10:10 + size].decode())["shape"], values

def maps(folder, stem):
    (classes, height, width), logits = load(f"{folder}/{stem}.logits.npy")
    pixels = height * width
    columns = [logits[i::pixels] for i in range(pixels)]
    labels = [column.index(max(column)) for column in columns]
    margins = [(lambda two: two[1] - two[0])(sorted(column)[-2:]) for column in columns]
    return labels, load(f"{folder}/{stem}.entropy.npy")[1], margins

def ranks(values):
    return [sum(other < value for other in values) + (1 + sum(other == value for other in values)) / 2 for value in values]

def correlation(a, b):
    middle = (len(a) + 1) / 2
    squares = [sum((x - middle) ** 2 for x in side) for side in (a, b)]
    return sum((x - middle) * (y - middle) for x, y in zip(a, b)) / math.sqrt(squares[0] * squares[1])

found = json.loads(open("line").readline())
print(list(found))
stems = sys.argv[1:]
equal, entropy, margin, changed, means = [], [], [], [], []
for stem in stems:
    exact, other = maps("exact", stem), maps("other", stem)
    equal.append([a == b for a, b in zip(exact[0], other[0])])
    entropy += [abs(a - b) for a, b in zip(exact[1], other[1])]
    margin += [abs(a - b) for a, b in zip(exact[2], other[2])]
    changed += [b for same, b in zip(equal[-1], other[2]) if not same]
    means.append([math.fsum(side[1]) / len(side[1]) for side in (exact, other)])
relative = [abs(b - a) / a for a, b in means]
order = [ranks(side) for side in zip(*means)]
shares = [sum(same) / len(same) for same in equal]
expected = {
    "images": len(stems), "pixels": len(entropy), "labels_equal": sum(map(sum, equal)) / len(entropy), "labels_equal_worst": min(shares),
    "entropy_mean_difference": math.fsum(entropy) / len(entropy), "entropy_max_difference": max(entropy),
    "image_entropy_relative": max(relative), "image_entropy_relative_mean": sum(relative) / len(stems),
    "image_entropy_within_1_percent": sum(share <= 0.01 for share in relative) / len(stems),
    "rank_correlation": correlation(*order), "ranks_changed": sum(a != b for a, b in zip(*order)),
    "margin_rms_difference": math.sqrt(math.fsum(x * x for x in margin) / len(margin)), "margin_max_difference": max(margin),
    "changed_label_max_margin": max(changed, default=0)}
for key, value in expected.items():
    if not abs(found[key] - value) <= 1e-6 * abs(value) + (1e-9 if key.startswith("image_entropy") else 0):
        print(f"{key}: {found[key]}, expected {value}")
bound = max(found["margin_rms_difference"], found["changed_label_max_margin"])
print(found["precision_error"] is None if bound == 0 else bound < found["precision_error"] <= bound * 1.011)
EOF_PYTHON

part figures
for engine in exact fast; do
    folder=$(echo $engine | sed 's/fast/other/')
    segent run -m city.pth --set size=64 --engine $engine -o "$folder" --save entropy.npy,logits.npy -q "$DATA/clear.png" some/cat.jpg some/dog.png
done
segent bench --accuracy -m city.pth --set size=64 "$DATA/clear.png" some --json >line
python3 figures.py clear cat dog
part as text
segent bench --accuracy -m city.pth --set size=64 some -t 1 | numbers | sed -E 's/kernels [a-z0-9]+/kernels K/; s/N[e0-9+-]*/N/g; /MODEL.json/d; /precision_error/d'
part 'against itself, one picture'
segent bench --accuracy --engine exact -m city.pth --set size=64 some/dog.png -t 1 | sed -E 's/kernels [a-z0-9]+/kernels K/'
segent bench --accuracy --engine exact -m city.pth --set size=64 --json - <some/dog.png | python3 -c '
import json, sys
value = json.loads(sys.stdin.readline())
print(value["rank_correlation"], value["labels_equal"], value["precision_error"], value["worst_image"], sys.stdin.readline().strip())'
part 'in bfloat16'
SEGENT_CPU=ref segent bench --accuracy --engine exact --precision bf16 -m city.pth --set size=64 --json some >line
python3 -c '
import json
value = json.loads(open("line").readline())
print(value["engine"], value["precision"], value["kernels"], value["labels_equal"] > 0.9, 0 < value["entropy_mean_difference"] < 1e-2)'
part 'pictures that fail'
: >empty.jpg
mkdir bare
segent bench --accuracy -m city.pth --set size=64 --json missing.jpg empty.jpg some bare >line
python3 -c '
import json
value = json.loads(open("line").readline())
print(value["images"], value["failed"])'
tail -n 1 line
segent bench --accuracy -m city.pth empty.jpg bare
segent bench --accuracy -m missing.pth some
part 'what makes no sense'
segent bench some
segent bench --accuracy
segent bench --accuracy --arch resnet50 some
segent bench --accuracy --size 64x64 some
segent bench --accuracy --runs 2 some
segent bench --accuracy some - -
