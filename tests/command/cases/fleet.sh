# Parts of the work, a manifest, and going on where an earlier run ended.
checkpoint small.pth
checkpoint --seed 7 other.pth
mkdir pictures
for number in 1 2 3 4 5 6 7 8 9; do cp "$DATA/cat.jpg" "pictures/$number.jpg"; done
run() { "$SEGENT" run -q -m small.pth --size 24 -o out --save labels "$@"; }
# Which pictures are kept, and how many lines the manifest has.
kept() {
    run --json --resume --manifest m.jsonl pictures/*.jpg >lines || echo "exit $?"
    grep -c '"kept": true}$' lines
    wc -l <m.jsonl
}

part three shards cover everything once
for shard in 1/3 2/3 3/3; do run --shard $shard --manifest m.jsonl pictures/*.jpg || echo "exit $?"; done
grep -o 'pictures/.\.jpg' m.jsonl | sort | tr '\n' ' '
echo
part all are kept
kept
part what changed is done again
touch pictures/1.jpg
kept
cp "$DATA/dog.png" pictures/2.jpg
kept
rm out/3.labels.png
kept
cp out/4.labels.png out/5.labels.png
kept
part another model, option, name of the folder
run --json --resume --manifest m.jsonl -m other.pth pictures/*.jpg | grep -c kept
run --json --resume --manifest m.jsonl --temperature 2 pictures/*.jpg | grep -c kept
run --json --resume --manifest m.jsonl --size 25 pictures/*.jpg | grep -c kept
run --json --resume --manifest m.jsonl -o ./out pictures/*.jpg | grep -c kept
part the latest result is the one that counts
kept
part -- without --manifest
run --resume pictures/*.jpg
segent run -m small.pth --size 24 -o out --save labels --resume pictures/1.jpg
wc -l <out/segent.manifest.jsonl
part an empty shard
segent run -m small.pth -o out2 --shard 2/1000 pictures/1.jpg
part bad ones
for shard in 0/3 4/3 1/0 3 a/b 1/3x -1/3 1/; do segent run --shard=$shard pictures/1.jpg; done
segent run --save none --resume pictures/1.jpg
segent run -m small.pth --manifest pictures/1.jpg pictures/1.jpg
segent run -m small.pth --manifest small.pth pictures/1.jpg
segent run -m small.pth -o out3 --save labels --manifest out3/1.labels.png pictures/1.jpg
segent run -m small.pth --manifest no/folder/m.jsonl pictures/1.jpg
segent run -m no-such.pth --manifest none.jsonl pictures/1.jpg
segent run -m pictures/1.jpg --manifest none.jsonl pictures/2.jpg
[ -e out3 ] || [ -e out2 ] || [ -e none.jsonl ] || echo "nothing is left"
