cp "$DATA/logits.npy" "$DATA/many.npy" .
segent entropy --json -o out --save labels,entropy.npy logits.npy many.npy >lines
grep -c . lines
python3 - <<'EOF'
import json
for line in open("lines"):
    if line.startswith("exit"):
        continue
    value = json.loads(line)
    assert set(value.pop("seconds")) == {"decode", "head", "write", "total"}
    for name, item in value.items():
        print(name, item)
EOF
