# Weights ready to run: the same results bit by bit from the packed file, which is refused where it does not fit.
cp "$DATA/cat.jpg" .
checkpoint --blocks 1,2,1,1 --classes 3 --class-names 'sky,"sea",ground' weights.pth
# Plain C, so that what is printed does not depend on the processor.
export SEGENT_CPU=ref
version() {
    sed 's/libsegent [0-9.]*/libsegent VERSION/g; s/"packed_by": "[^"]*"/"packed_by": "VERSION"/'
}

part the same results
segent pack --rates 2,4,6 weights.pth network.segent
for engine in fast exact small; do
    "$SEGENT" run -q -m weights.pth --rates 2,4,6 --engine $engine --size 24 --save logits.npy,entropy.npy -o from cat.jpg
    "$SEGENT" run -q -m network.segent --engine $engine --size 24 --save logits.npy,entropy.npy -o to cat.jpg
    cmp from/cat.logits.npy to/cat.logits.npy && cmp from/cat.entropy.npy to/cat.entropy.npy && echo "same with $engine"
done
"$SEGENT" pack -q --rates 2,4,6 weights.pth again.segent
cmp network.segent again.segent && echo "same file"
part what it is
segent info network.segent | sed '/sha256/d; /^ *[0-9a-f]*$/d' | version
segent pack --json weights.pth network.segent | version
segent info --json network.segent | grep -o '"packed_[a-z]*": "[^"]*"' | version
part what does not fit
segent pack weights.pth out.safetensors
segent pack weights.pth
segent pack missing.pth out.segent
segent pack weights.pth missing/out.segent
ln network.segent hard.segent
segent pack network.segent hard.segent
head -c 5000 network.segent >short.segent
segent run -m short.segent cat.jpg
cp network.segent changed.segent
printf '\377' | dd of=changed.segent bs=1 seek=300 conv=notrunc status=none
segent run -m changed.segent cat.jpg
segent run -m network.segent --set eps=0.5 cat.jpg
segent convert network.segent out.safetensors
# Another version, whose sum over the header is right.
cat >other.py <<'EOF_PYTHON'
import struct
data = bytearray(open("network.segent", "rb").read())
size, = struct.unpack_from("<Q", data, 16)
at = data.index(b'"segent.packed_by":"') + 20
data[at:at + 1] = b"9"
total = 0xcbf29ce484222325
for byte in data[:56] + data[64:64 + size]:
    total = (total ^ byte) * 0x100000001b3 % 2**64
struct.pack_into("<Q", data, 56, total)
open("other.segent", "wb").write(data)
EOF_PYTHON
python3 other.py
"$SEGENT" run -m other.segent cat.jpg 2>&1 | version
ls
