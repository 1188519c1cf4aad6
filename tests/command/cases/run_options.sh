# What each option changes.
checkpoint small.pth
cp "$DATA/cat.jpg" "$DATA/turned.jpg" "$DATA/clear.png" .
lines() {
    segent run -m small.pth --save none "$@" | head -n 1
}
part size
lines --size 24 cat.jpg
lines --size 0 cat.jpg
lines --size 100 cat.jpg
part size of the outputs
lines --size 24 --output-size original cat.jpg
lines --size 24 --output-size network cat.jpg
part orientation
lines --size 0 turned.jpg
lines --size 0 --no-orient turned.jpg
part background
segent run -q -m small.pth --size 0 --save entropy.npy -o dropped clear.png
segent run -q -m small.pth --size 0 --save entropy.npy -o white --background ffffff clear.png
cmp -s dropped/clear.entropy.npy white/clear.entropy.npy && echo same
part colours
for options in "" "--entropy-range auto" "--colormap viridis" "--entropy-range auto --colormap viridis"; do
    segent run -q -m small.pth --size 24 --save entropy $options cat.jpg
    mv cat.entropy.png "entropy$options.png"
done
sha256sum entropy*.png | cut -d' ' -f1 | sort -u | wc -l
part temperature
segent run -q -m small.pth --size 24 --save entropy.npy,logits.npy -o cold cat.jpg
segent run -q -m small.pth --size 24 --save entropy.npy,logits.npy -o hot --temperature 5 cat.jpg
cmp -s cold/cat.entropy.npy hot/cat.entropy.npy && echo same entropy
cmp cold/cat.logits.npy hot/cat.logits.npy
part engines
for engine in fast exact small; do
    lines --size 24 --engine $engine cat.jpg
done
part notes
segent run -v -m small.pth --size 24 --save none cat.jpg 2>&1 >/dev/null | numbers
part a forced bar, on stderr only
segent run --progress -m small.pth --size 24 --save none cat.jpg 2>&1 >plain | tr '\r' '\n' | grep -c '^.\[K\[[#.]*\] *[0-9]* %  1/1  cat.jpg' | sed 's/^[1-9][0-9]*$/some/'
head -n 1 plain
