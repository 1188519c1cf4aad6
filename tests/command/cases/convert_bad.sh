# What cannot be converted or written: one line each, nothing left behind, and no file changed.
checkpoint --classes 3 weights.pth
"$SEGENT" convert -q weights.pth good.safetensors
cp good.safetensors before.safetensors
part the file that is read, under any name
segent convert good.safetensors good.safetensors
segent convert good.safetensors ./good.safetensors
ln -s good.safetensors link.safetensors
ln good.safetensors hard.safetensors
segent convert good.safetensors link.safetensors
segent convert link.safetensors good.safetensors
segent convert good.safetensors hard.safetensors
segent convert - good.safetensors <good.safetensors
"$SEGENT" convert weights.pth good.safetensors >>good.safetensors
echo "exit $?"
rm hard.safetensors
part a file that nobody would write
segent convert good.safetensors weights.pth
segent convert weights.pth
segent convert weights.pth out
segent convert weights.pth a.safetensors b.safetensors
segent convert --dtype f64 weights.pth out.safetensors
mkdir folder.safetensors
segent convert weights.pth folder.safetensors
segent convert weights.pth missing/out.safetensors
ln -s nowhere dangling.safetensors
segent convert weights.pth dangling.safetensors
mkfifo pipe.safetensors
segent convert weights.pth pipe.safetensors
part sources that are none
segent convert missing.pth out.safetensors
segent convert folder.safetensors out.safetensors
echo text >text.pth
segent convert text.pth out.safetensors
checkpoint --without backbone.conv1.weight other.pth
segent convert other.pth out.safetensors
head -c 5000 good.safetensors >short.safetensors
segent convert short.safetensors out.safetensors
part values
cat >change.py <<'EOF_PYTHON'
import json, struct, sys
data = bytearray(open("good.safetensors", "rb").read())
size, = struct.unpack("<Q", data[:8])
at = 8 + size + json.loads(data[8:8 + size])["classifier.1.weight"]["data_offsets"][0] + 8
struct.pack_into("<f", data, at, float(sys.argv[1]))
open("changed.safetensors", "wb").write(data)
EOF_PYTHON
for value in 65519.99 65520 -1e30 3.4e38 nan inf; do
    python3 change.py $value
    for dtype in f32 f16 bf16; do
        segent convert -q --dtype $dtype changed.safetensors out.safetensors
        rm -f out.safetensors
    done
done
part classes
for names in '["a", "b"]' '["a", "b", "c", "d"]' '["a", "b", "c"] ]' '["a", "b", 3]' '["a'; do
    checkpoint --form safetensors --classes 3 --class-names "$names" named.safetensors
    segent convert named.safetensors out.safetensors
done
part no room: a limit on the size of files
(ulimit -f 64; segent convert -q weights.pth good.safetensors)
(ulimit -f 64; segent convert -q weights.pth out.safetensors)
part a reader that is gone
"$SEGENT" convert weights.pth out.safetensors >/dev/full
echo "exit $?"
rm out.safetensors
part nothing has changed
cmp good.safetensors before.safetensors
cmp before.safetensors link.safetensors
ls -A
part an output that is there is replaced, keeps its permissions, and a link stays one
chmod 640 good.safetensors
segent convert -q --dtype f16 weights.pth link.safetensors
ls -l link.safetensors good.safetensors | cut -d' ' -f1
cmp -s good.safetensors before.safetensors || echo replaced
