# An output that cannot be written fails its picture; the others are done, and no half file is left.
checkpoint small.pth
cp "$DATA/cat.jpg" "$DATA/dog.png" .
mkdir -p out/cat.labels.png
segent run -m small.pth --size 24 --save labels -o out cat.jpg dog.png | grep -v -e classes -e entropy
find out | sort
part arrays
cp "$DATA/logits.npy" .
mkdir -p out/logits.entropy.npy
segent entropy --save entropy.npy -o out logits.npy
part pictures
mkdir -p out/cat.panel.png out/cat.overlay.png out/grey.palette.png
segent run -m small.pth --size 24 --save panel -o out cat.jpg
segent run -m small.pth --size 24 --save overlay -o out cat.jpg
cp "$DATA/grey.png" .
segent palette -o out grey.png
find out -name '*tmp*'
part an existing output is replaced
segent run -q -m small.pth --size 24 --save labels dog.png
cp dog.labels.png before.png
echo old >dog.labels.png
segent run -q -m small.pth --size 24 --save labels dog.png
cmp before.png dog.labels.png
