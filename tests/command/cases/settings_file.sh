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
part wrong
echo '{"rates": [2, 4]}' >city.json
segent info city.pth >/dev/null
echo '{"rates": [2, 4], "lr": 0.1}' >city.json
segent info city.pth | grep -e dilations
segent info --settings missing.json city.pth >/dev/null
