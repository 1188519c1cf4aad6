# A file of JSON beside a model: what is taken from it, where it is said, and that it goes into a converted file.
cp "$DATA/cat.jpg" .
checkpoint --blocks 1,2,1,1 --classes 3 city.pth
cat >city.json <<'EOF_JSON'
{"rates": [2, 4, 6], "output_stride": 16, "classes": ["sky", "sea, land", "rest"], "size": 24, "mean": [0.5, 0.5, 0.5]}
EOF_JSON
part info
segent info city.pth | sed -n '/^settings/,$p'
segent info --json city.pth | grep -o '"assumed": .*"from_settings_file": [^]]*]'
segent info --rates 6,12,18 --set size=32 city.pth | grep -A1 -e settings -e dilations
segent info --settings none city.pth | grep -e settings -e assumed
part run
segent run -v -m city.pth --save none cat.jpg 2>&1 >/dev/null | grep -e json -e taken
"$SEGENT" run --json -m city.pth --save none cat.jpg | grep -o '"width": [0-9]*, "height": [0-9]*'
part convert
segent convert city.pth city.safetensors
mv city.json other.json
segent run -q -m city.safetensors --save entropy.npy -o one cat.jpg
segent run -q -m city.pth --settings other.json --save entropy.npy -o two cat.jpg
cmp one/cat.entropy.npy two/cat.entropy.npy && echo same
segent info city.safetensors | grep -e settings -e dilations -e trained
part colours
cat >colours.json <<'EOF_JSON'
{"size": 24, "palette": [[70, 130, 180], [0, 0, 255], [34, 139, 34]]}
EOF_JSON
segent info --settings colours.json city.pth | sed -n '/^classes/,$p'
segent info --json --settings colours.json city.pth | grep -o '"palette": .*'
segent run -q -m city.pth --settings colours.json --save panel,labels,overlay -o own cat.jpg
segent run -q -m city.pth --set size=24 --save panel,labels,overlay -o usual cat.jpg
for kind in panel labels overlay; do
    cmp -s own/cat.$kind.png usual/cat.$kind.png || echo "$kind: other colours"
done
cat >colours.py <<'EOF_PYTHON'
import re, sys
data = open(sys.argv[1], "rb").read()
at = data.index(b"PLTE")
size = int.from_bytes(data[at - 4:at], "big")
print(" ".join(re.findall("......", data[at + 4:at + 4 + size].hex())[:4]), size // 3)
EOF_PYTHON
python3 colours.py own/cat.labels.png
python3 colours.py usual/cat.labels.png
segent convert -q --settings colours.json city.pth colours.safetensors
segent convert -q colours.safetensors again.safetensors
cmp colours.safetensors again.safetensors && echo same
segent info again.safetensors | sed -n '/^classes/,$p'
segent run -q -m again.safetensors --save panel,labels,overlay -o converted cat.jpg
diff -r own converted && echo same
segent run -q -m city.pth --set 'palette=#000000,#ffffff' cat.jpg
part wrong
echo '{"rates": [2, 4]}' >city.json
segent info city.pth >/dev/null
echo '{"rates": [2, 4], "lr": 0.1}' >city.json
segent info city.pth | grep -e dilations
segent info --settings missing.json city.pth >/dev/null
