# Outputs that would overwrite the model, an input or each other under any name are refused before any work: exit 2.
checkpoint small.pth
mkdir out pictures
cp "$DATA/cat.jpg" "$DATA/dog.png" pictures
cp "$DATA/indexed.png" pictures/ids.png
cp "$DATA/logits.npy" pictures
cp small.pth before.pth
run() {
    segent run --size 24 -o out "$@"
}
part the model
cp small.pth out/cat.entropy.png
run -m out/cat.entropy.png pictures/cat.jpg
part the model through a symbolic link, a hard link and the environment
rm out/cat.entropy.png
ln -s ../small.pth out/cat.labels.png
run -m small.pth pictures/cat.jpg
run -m out/../small.pth pictures/cat.jpg
ln -sf out/cat.labels.png model
run -m model pictures/cat.jpg
SEGENT_MODEL=small.pth run pictures/cat.jpg
rm out/cat.labels.png
ln small.pth out/cat.panel.png
run -m small.pth pictures/cat.jpg
part but not what is not written, and not a copy
rm out/cat.panel.png
cp small.pth out/cat.panel.png
ln -s ../small.pth out/cat.labels.png
run -q -m small.pth --save entropy pictures/cat.jpg
rm out/*

part an input through a folder that is a link
ln -s pictures folder
cp pictures/cat.jpg pictures/dog.labels.png
segent run -m small.pth --size 24 -o folder pictures/dog.png ./pictures/dog.labels.png
part an array and class ids
ln pictures/logits.npy out/logits.panel.png
segent entropy -o out pictures/logits.npy
ln -s ../pictures/ids.png out/ids.palette.png
segent palette -o out pictures/ids.png
part the streams
ln pictures/cat.jpg out/stdin.labels.png
run -m small.pth - <pictures/cat.jpg
"$SEGENT" run -m small.pth --size 24 -o out pictures/dog.png >out/dog.labels.png
echo "exit $?"
part two outputs that are one file
rm out/*
cp pictures/ids.png pictures/other.png
: >elsewhere.png
ln -s ../elsewhere.png out/ids.palette.png
segent palette -o out pictures/ids.png pictures/other.png
ln -sf ../elsewhere.png out/other.palette.png
segent palette -o out pictures/ids.png pictures/other.png 2>&1 | sed 's|one file, .*/|one file, .../|'
rm out/*
: >out/ids.palette.png
ln -s ids.palette.png out/other.palette.png
segent palette -o out pictures/ids.png pictures/other.png 2>&1 | sed 's|one file, .*/|one file, .../|'
part names that differ by letter case alone, where the file system tells them apart
cp "$DATA/cat.jpg" pictures/CAT.jpg
rm out/*
run -q -m small.pth --save labels pictures/cat.jpg pictures/CAT.jpg
LC_ALL=C ls -A out
part a link that leads nowhere
ln -s nowhere out/dog.labels.png
run -q -m small.pth --save labels pictures/dog.png
part nothing has changed
cmp small.pth before.pth
cmp "$DATA/cat.jpg" pictures/cat.jpg
cmp "$DATA/logits.npy" pictures/logits.npy
cmp "$DATA/indexed.png" pictures/ids.png
find . -name '.segent*'
