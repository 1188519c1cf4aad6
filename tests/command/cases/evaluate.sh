# Figures against labels. All of them are computed once more by NumPy in float64, from the logits that the command reads.
python=/usr/bin/python3 # which has Debian's NumPy
cat >made.py <<'EOF_PYTHON'
"""Arrays of logits, and labels as PNG files: of the logits' size, twice as large, and with a size that is not theirs."""
import os, struct, zlib
import numpy as np

def png(path, ids):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width = ids.shape
    lines = b"".join(b"\0" + row.astype(np.uint8).tobytes() for row in ids)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))

def doubled(z):
    """Bilinear interpolation to twice the size, whose weights are 1/4 and 3/4: exact in float32 for logits in steps of 1/16."""
    for axis in 1, 2:
        size = z.shape[axis]
        take = lambda places: np.take(z, np.clip(places, 0, size - 1), axis)
        whole = np.arange(size)
        z = np.stack([0.25 * take(whole - 1) + 0.75 * z, 0.75 * z + 0.25 * take(whole + 1)], axis + 1)
        z = z.reshape(z.shape[:axis] + (2 * size,) + z.shape[axis + 2:])
    return z

random = np.random.default_rng(26)
for folder in "logits", "probs", "truth", "whole", "pictures":
    os.mkdir(folder)
counted = []
for name, classes, size, factor in ("city", 5, (23, 31), 1), ("wood", 5, (18, 12), 2), ("lake.logits", 5, (40, 9), 1):
    z = np.round(random.normal(0, 2, (classes, *size)) * 16) / 16
    np.save(f"logits/{name}.npy", z.astype(np.float32))
    z = doubled(z) if factor == 2 else z
    labels = z.argmax(0)
    doubt = random.random(labels.shape) < 0.3
    labels[doubt] = random.integers(0, classes - 1, doubt.sum()) # class 4 is seldom labelled
    labels[random.random(labels.shape) < 0.1] = 255
    png(f"truth/{name.split('.')[0]}.png", labels)
    p = np.exp(z - z.max(0))
    np.save(f"probs/{name.split('.')[0]}.npy", (p / p.sum(0)).astype(np.float32))
    counted.append((z[:, labels != 255], labels[labels != 255]))
np.save("logits/.hidden.npy", np.zeros(3))
np.save("logits/city.entropy.npy", np.zeros((3, 3)))
np.savez("counted.npz", z=np.concatenate([z for z, _ in counted], 1), y=np.concatenate([y for _, y in counted]))
png("truth/nobody.png", np.zeros((3, 3)))
png("whole/city.png", np.arange(23 * 31).reshape(23, 31) % 4)
EOF_PYTHON
cat >figures.py <<'EOF_PYTHON'
"""figures.py JSON TEMPERATURE MEASURES: whether the figures are those of the pixels of made.py."""
import json, sys
import numpy as np

found = json.loads(open(sys.argv[1]).readline())
temperature, measures = float(sys.argv[2]), sys.argv[3].split(",")
data = np.load("counted.npz")
raw, y = data["z"], data["y"]
z, n, classes = raw / temperature, len(y), len(raw)
top = raw.argmax(0)
wrong = top != y
shifted = z - z.max(0)
log_p = shifted - np.log(np.exp(shifted).sum(0))
p = np.exp(log_p)
ordered = np.sort(p, 0)
confidence = ordered[-1]

def gap(right, part): # |right - confidence| of a part, weighed by its size
    return abs(right[part].sum() - confidence[part].sum()) / n

def even(values, keys): # each value is the mean of those with an equal key
    _, where, counts = np.unique(np.round(keys, 12), return_inverse=True, return_counts=True)
    return (np.bincount(where, values) / counts)[where]

def detection(doubt):
    keys, where, counts = np.unique(np.round(doubt, 12), return_inverse=True, return_counts=True)
    bad = np.bincount(where, wrong)
    good = counts - bad
    risk = (np.cumsum(bad) / np.cumsum(counts) * counts).sum() / n
    bad, good = bad[::-1], good[::-1] # from the most doubt on
    bads, goods = np.cumsum(bad), np.cumsum(good)
    perfect = np.maximum(0, np.arange(1, n + 1) - goods[-1]) / np.arange(1, n + 1)
    return {"auroc": (good * (bads - bad / 2)).sum() / goods[-1] / bads[-1], "aupr": (bad * bads / (bads + goods)).sum() / bads[-1],
            "fpr95": goods[np.argmax(bads / bads[-1] >= 0.95)] / goods[-1], "aurc": risk, "eaurc": risk - perfect.sum() / n}

edges = np.arange(16) / 15
bins = [(confidence > low) & (confidence <= high) for low, high in zip(edges[:-1], edges[1:])]
order = np.argsort(confidence, kind="stable")
one_hot = np.arange(classes)[:, None] == y
pairs = [((y == c).sum(), (top == c).sum(), ((y == c) & (top == c)).sum()) for c in range(classes)]
iou = [both / (a + b - both) for a, b, both in pairs]
expected = {"images": 3, "pixels": n, "classes": classes, "ignore": 255, "temperature": temperature, "pixel_accuracy": 1 - wrong.mean(),
            "mean_iou": np.mean(iou), "ece": sum(gap(~wrong, b) for b in bins),
            "ace": sum(gap(even(~wrong, confidence), part) for part in np.array_split(order, 15)),
            "brier": ((p - one_hot) ** 2).sum(0).mean(), "nll": -log_p[y, np.arange(n)].mean()}
doubts = {"entropy": -(p * log_p).sum(0) / np.log(classes), "top": 1 - confidence, "margin": 1 - (ordered[-1] - ordered[-2]),
          "energy": -temperature * (np.log(np.exp(shifted).sum(0)) + z.max(0)), "maxlogit": -raw.max(0)}
print(list(found), list(found["measures"]) == measures, list(found["per_class"][0]))
worst = 0
for key, value in expected.items():
    worst = max(worst, abs(found[key] - value))
for c in range(classes):
    of = found["per_class"][c]
    worst = max(worst, abs(of["id"] - c), abs(of["pixels"] - pairs[c][0]), abs(of["iou"] - iou[c]))
for name in measures:
    for key, value in detection(doubts[name]).items():
        worst = max(worst, abs(found["measures"][name][key] - value))
print("all within 1e-5" if worst < 1e-5 else f"off by {worst}")
EOF_PYTHON
$python made.py

part logits
segent evaluate --labels truth --logits logits --json >line
$python figures.py line 1 entropy,top,margin,energy,maxlogit
tail -n 1 line
segent evaluate --labels truth --logits logits --temperature 2.5 --json | head -n 1 >line
$python figures.py line 2.5 entropy,top,margin,energy,maxlogit
part probabilities
segent evaluate --labels truth --logits probs --probs --json | head -n 1 >line
$python figures.py line 1 entropy,top,margin
part 'as tables'
segent evaluate --labels truth/ --logits logits -t 1 | sed -E 's/0\.[0-9]{6}|1\.[0-9]{6}/N/g'
part 'other labels are ignored'
mkdir one
cp logits/city.npy one
for ignore in 0 3 -1; do
    segent evaluate --labels whole --logits one --ignore $ignore --json | head -n 1 | $python -c '
import json, sys
found = json.loads(sys.stdin.readline())
print(found["ignore"], found["pixels"], [each["pixels"] for each in found["per_class"]])'
done

part 'states add up, in any order and split'
for name in city wood lake.logits; do
    mkdir only-$name
    cp logits/$name.npy only-$name
    segent evaluate -q --labels truth --logits only-$name --state $name.state
done
segent evaluate --labels truth --logits logits --json --state all.state >all.json
segent evaluate --merge city.state wood.state lake.logits.state --json --state forth.state >forth.json
segent evaluate --merge --state some.state lake.logits.state wood.state -q
segent evaluate --merge --json --state back.state some.state city.state >back.json
cmp all.state forth.state && cmp all.state back.state && cmp all.json forth.json && cmp all.json back.json && echo the same

part 'pictures give the figures of their logits'
checkpoint --blocks 1,2,1,1 --width 16 --classes 5 --class-names sky,road,car,tree,cat --form safetensors city.safetensors
cp "$DATA/cat.jpg" "$DATA/dog.png" pictures
segent run -q -m city.safetensors --set size=40 --save labels,logits.npy -o runs pictures/cat.jpg pictures/dog.png
mkdir drawn
for name in cat dog; do
    mv runs/$name.labels.png drawn/$name.png
done
segent evaluate -m city.safetensors --set size=40 --labels drawn --json pictures >line
segent evaluate --labels drawn --logits runs --json >other
sed 's/"name": "[a-z0-9 ]*"/NAME/g' line >line.plain
sed 's/"name": "[a-z0-9 ]*"/NAME/g' other | cmp - line.plain && echo the same
$python -c '
import json
found = json.loads(open("line").readline())
print(found["images"], found["pixel_accuracy"], found["measures"]["entropy"]["auroc"], [each["name"] for each in found["per_class"]])'
part 'labels keep their size, whatever the size at the network'
for size in 40 24; do
    segent evaluate -m city.safetensors --size $size --labels drawn --json -q - <pictures/cat.jpg
    cp drawn/cat.png drawn/stdin.png
    segent evaluate -m city.safetensors --size $size --labels drawn --json -q - <pictures/cat.jpg | head -n 1 | $python -c '
import json, sys
found = json.loads(sys.stdin.readline())
print(found["pixels"], found["pixel_accuracy"] == 1)'
    rm drawn/stdin.png
done
