# Names of files that a terminal would obey or that are not UTF-8; folders and pipes in place of files.
checkpoint small.pth
run() {
    segent run -m small.pth --size 24 --save none "$@"
}
visible() {
    LC_ALL=C tr '\001-\011\013-\037\177-\377' '*'
}
part control characters, C0, DEL, C1 and a turn of direction, reach neither stream
for name in 'c0\033[31m' 'del\177' 'c1\302\233' 'turn\342\200\256gpj' 'line\342\200\250'; do
    name=$(printf "$name.jpg")
    cp "$DATA/cat.jpg" "$name"
    run "$name" | head -n 1 | visible
    rm "$name"
    run "$name" 2>&1 | visible
done
name=$(printf 'm\302\233.pth')
cp small.pth "$name"
segent bench -m "$name" --size 32x24 --runs 1 2>&1 | head -n 1 | visible | cut -c 1-8
part letters of other scripts do
name=$(printf 'caf\303\251-\347\214\253-\360\237\220\210.jpg')
run "$name" 2>&1
part names that are not UTF-8 stay apart in JSON
for byte in 377 376 233; do
    name=$(printf "n\\$byte.jpg")
    cp "$DATA/cat.jpg" "$name"
    run "$name" 2>&1 | head -n 1 | visible
done
segent run -m small.pth --size 24 --json --save labels n?.jpg | grep -v exit >lines
python3 - <<'EOF'
import json, os
for line in open("lines", encoding="utf-8"):
    result = json.loads(line)
    print(ascii(result["image"]), ascii(result["files"]["labels"]),
          os.path.exists(os.fsencode(result["image"])), os.path.exists(os.fsencode(result["files"]["labels"])))
EOF
part a folder
mkdir pictures
run pictures
run pictures/
segent entropy --save none pictures
segent palette pictures
part pipes
run - <"$DATA/cat.jpg" | grep ' x '
cat "$DATA/cat.jpg" | run /dev/stdin | grep ' x '
cat "$DATA/logits.npy" | segent entropy --save none --json /dev/stdin | grep -o '"classes": 21'
cat "$DATA/indexed.png" | segent palette -o out /dev/stdin
SEGENT="$SEGENT" DATA="$DATA" bash -c '"$SEGENT" run -m small.pth --size 24 --save none <(cat "$DATA/cat.jpg")' | grep -o '[0-9]* x [0-9]*'
mkfifo pipe
run pipe
