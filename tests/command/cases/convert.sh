# The network of a checkpoint, alone: the same results bit by bit whatever the file was, and a header that any reader understands.
cp "$DATA/cat.jpg" .
cat >header.py <<'EOF_PYTHON'
import hashlib, json, struct, sys

def read(path):
    """Metadata, and each tensor's type, shape and bytes. It is strict where readers may be."""
    data = open(path, "rb").read()
    size, = struct.unpack("<Q", data[:8])
    assert (8 + size) % 64 == 0 and size < 100_000_000
    tensors = json.loads(data[8:8 + size].decode("utf-8"))
    metadata = tensors.pop("__metadata__")
    assert all(isinstance(value, str) for value in metadata.values())
    at, values = 0, data[8 + size:]
    for name in tensors:
        first, last = tensors[name]["data_offsets"]
        count = 1
        for length in tensors[name]["shape"]:
            count *= length
        assert first == at and last - first == count * {"F32": 4, "F16": 2, "BF16": 2}[tensors[name]["dtype"]], name
        tensors[name] = tensors[name]["dtype"], tensors[name]["shape"], values[first:last]
        at = last
    assert at == len(values) and list(tensors) == sorted(tensors)
    return metadata, tensors

def show(path):
    metadata, tensors = read(path)
    parts = sorted({name.split(".")[0] for name in tensors}), sorted({name.split(".")[-1] for name in tensors})
    print(len(tensors), {kind for kind, _, _ in tensors.values()}, *parts)
    source = metadata.pop("segent.source_sha256", None)
    print(json.dumps(metadata))
    return source

if __name__ == "__main__":
    sha256 = show(sys.argv[1])
    if len(sys.argv) > 2:
        print("the source's sha256:", sha256 in (None, hashlib.sha256(open(sys.argv[2], "rb").read()).hexdigest()))
EOF_PYTHON

# The same logits from two files of weights, and the same file from the second.
same() {
    "$SEGENT" run -q -m "$1" --size 24 --save logits.npy -o from cat.jpg && "$SEGENT" run -q -m "$2" --size 24 --save logits.npy -o to cat.jpg
    cmp from/cat.logits.npy to/cat.logits.npy && echo "same logits"
    "$SEGENT" convert -q "$2" again.safetensors
    cmp "$2" again.safetensors && echo "same file"
    rm -rf from to again.safetensors
}

part each form
for form in legacy zip safetensors; do
    checkpoint --blocks 1,2,1,1 --classes 3 --form $form weights.$form
    segent convert weights.$form $form.safetensors
    same weights.$form $form.safetensors
done
python3 header.py legacy.safetensors weights.legacy
python3 -c '
import header
assert header.read("legacy.safetensors")[1] == header.read("zip.safetensors")[1] == header.read("safetensors.safetensors")[1]'
part names with something before them
checkpoint --prefix module.net. --wrapper state_dict prefixed.pth
segent convert prefixed.pth prefixed.safetensors
same prefixed.pth prefixed.safetensors
python3 header.py prefixed.safetensors
part one network of two
checkpoint --classes 3 --form safetensors --prefix student. --also teacher. pair.safetensors
segent convert pair.safetensors one.safetensors
segent convert --prefix teacher pair.safetensors teacher.safetensors
segent convert --prefix student pair.safetensors student.safetensors
cmp -s teacher.safetensors student.safetensors || echo "they differ"
part an FCN
checkpoint --aspp 0 --classes 2 fcn.pth
segent convert fcn.pth fcn.safetensors
same fcn.pth fcn.safetensors
part a whole module, whose rates and eps are not the usual ones
cp "$DATA/../run/module.pth" "$DATA/../../../examples/demo/segent-demo.safetensors" .
segent convert module.pth module.safetensors
same module.pth module.safetensors
python3 header.py module.safetensors module.pth
part what info says of the source
segent info --json module.safetensors | grep -o '"source": .*"tensors": [0-9]*' | sed "s/$(sha256sum module.pth | cut -d' ' -f1)/the sha256 of module.pth/"
segent info module.safetensors | sed -n '/^source/,/^tensors/p' | sed "s/$(sha256sum module.pth | cut -d' ' -f1)/the sha256 of module.pth/"
segent info module.safetensors | grep -e stride -e dilations
segent info module.pth | grep -c -e source
part the demonstration model
segent convert -q segent-demo.safetensors demo.safetensors
same segent-demo.safetensors demo.safetensors

part rounded
checkpoint --blocks 1,2,1,1 --classes 3 weights.pth
for dtype in f32 f16 bf16; do
    segent convert --dtype $dtype weights.pth $dtype.safetensors
done
for dtype in f16 bf16; do
    "$SEGENT" convert -q $dtype.safetensors wide.safetensors # exact: a half source
    same $dtype.safetensors wide.safetensors
    "$SEGENT" convert -q --dtype $dtype $dtype.safetensors again.safetensors
    cmp $dtype.safetensors again.safetensors
done
cat >rounded.py <<'EOF_PYTHON'
import header, struct

def bfloat16(values):
    """The nearest, ties to even."""
    for bits in values:
        low = bits >> 16
        yield low + ((bits & 0xffff) + (low & 1) > 0x8000)

whole, half, brain = (header.read(name + ".safetensors")[1] for name in ("f32", "f16", "bf16"))
for name, (_, shape, values) in whole.items():
    count = len(values) // 4
    assert half[name][:2] == ("F16", shape) and brain[name][:2] == ("BF16", shape)
    assert half[name][2] == struct.pack(f"<{count}e", *struct.unpack(f"<{count}f", values)), name
    assert brain[name][2] == struct.pack(f"<{count}H", *bfloat16(struct.unpack(f"<{count}I", values))), name
print("rounded to the nearest:", len(whole))
EOF_PYTHON
python3 rounded.py

part names of classes
i=0
for names in 'sky,sea,land' '["sky, blue", "the \"sea\"", "land"]' '["a,b","c","d"]' '["a", "b", "c"]' '[,",]'; do
    i=$((i + 1))
    checkpoint --form safetensors --classes 3 --class-names "$names" named.safetensors
    segent convert --json named.safetensors $i.safetensors | grep -o '"segent.classes": "\([^"\\]\|\\.\)*"'
    "$SEGENT" info --json named.safetensors | grep -o '"class_names": .*' >before
    "$SEGENT" info --json $i.safetensors | grep -o '"class_names": .*' | diff before - && echo same
done
part names of files
name=$(printf 'a\377\033[1m\303\244')
cp weights.pth "$name"
segent convert --json "$name" odd.safetensors | python3 -c 'import json, sys; print(ascii({key: value for key, value in json.loads(sys.stdin.readline()).items() if key in ("input", "output")}))'
python3 -c 'import header; print(ascii(header.read("odd.safetensors")[0]["segent.source"]))'
segent info -v odd.safetensors | tail -n 1
segent convert weights.pth "$(printf '\033[1m').safetensors" | tr '\033' '!'
part from standard input
segent convert - stdin.safetensors <weights.pth
python3 header.py stdin.safetensors weights.pth
part reports
segent convert -q weights.pth x.safetensors
segent convert -v weights.pth x.safetensors 2>&1 | numbers
segent convert --json -q weights.pth x.safetensors | sed 's/"segent.source_sha256": "[0-9a-f]*"/.../; s/, \.\.\.//'
