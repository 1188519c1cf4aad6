# Refused before any work: one line, exit 2, and nothing is written.
checkpoint small.pth
mkdir a b
for name in a b; do cp "$DATA/cat.jpg" $name; done
cp "$DATA/dog.png" a/cat.png
part names that clash
segent run -m small.pth -o out a/cat.jpg b/cat.jpg
segent run -m small.pth -o out a/cat.jpg a/cat.png
segent run -m small.pth -o out a/cat.jpg a/cat.jpg
segent entropy -o out a/x.npy b/x.npy
segent palette -o out a/x.png b/x.png
part but not if nothing is written
segent run -m small.pth --size 24 --save none a/cat.jpg b/cat.jpg | grep jpg
part an output that would overwrite an input
cp "$DATA/dog.png" a/cat.labels.png
segent run -m small.pth -o a a/cat.jpg a/cat.labels.png
part folders that cannot be
: >file
segent run -m small.pth -o file a/cat.jpg
segent run -m small.pth -o file/below a/cat.jpg
segent run -m small.pth -o /proc/none a/cat.jpg
ls
