# What cannot be compared is one line, counts in nothing, and makes the exit status 1; the others are done.
python=/usr/bin/python3 # which has Debian's NumPy
checkpoint --blocks 1,1,1,1 --width 16 --classes 3 small.pth
cat >made.py <<'EOF_PYTHON'
import os, struct, zlib
import numpy as np

def png(path, ids, kind=0):
    chunk = lambda name, data: struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    height, width = ids.shape[:2]
    lines = b"".join(b"\0" + row.astype(np.uint8).tobytes() for row in ids)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))

for folder in "arrays", "truth", "empty", "good", "right", "wrong", "none", "sure":
    os.mkdir(folder)
z = np.arange(3 * 4 * 6, dtype=np.float32).reshape(3, 4, 6) % 5
top = z.argmax(0)
def array(name, values, labels, kind=0):
    np.save(f"arrays/{name}.npy", values)
    png(f"truth/{name}.png", labels, kind)
array("a-good", z, np.where(top == 0, 1, top))
array("beyond", z, np.full((4, 6), 7))
array("classes", z[:2], np.zeros((4, 6)))
array("colours", z, np.zeros((4, 6, 3)), 2)
array("infinite", np.where(z == 4, np.inf, z), top)
array("nan", np.where(z == 4, np.nan, z), top)
array("torn", z, top)
np.save("arrays/partner.npy", z)
np.save("arrays/plane.npy", z[0])
whole = open("truth/torn.png", "rb").read()
open("truth/torn.png", "wb").write(whole[:50])
np.save("good/all.npy", z)
png("right/all.png", top)
png("wrong/all.png", (top + 1) % 3)
png("none/all.png", np.full((4, 6), 255))
np.put_along_axis(z, (top[None] + 1) % 3, -np.inf, 0)
np.save("sure/all.npy", z)
for picture, size in ("cat", (30, 40)), ("tall", (40, 30)):
    png(f"truth/{picture}.png", np.zeros(size))
EOF_PYTHON
$python made.py

part arrays
segent evaluate --labels truth --logits arrays --json | cut -c 1-60
segent evaluate --labels truth --logits empty
segent evaluate --labels truth --logits missing
segent evaluate --labels missing --logits good
part pictures
cp "$DATA/cat.jpg" "$DATA/grey.png" .
cp "$DATA/cat.jpg" tall.jpg
: >empty.jpg
segent evaluate -m small.pth --size 24 --labels truth --json missing.jpg empty.jpg cat.jpg tall.jpg grey.png empty | cut -c 1-60
cp truth/cat.png truth/empty.png
segent evaluate -m small.pth --size 24 --labels truth --json empty.jpg cat.jpg | cut -c 1-60
segent evaluate -m small.pth --labels truth empty
segent evaluate -m missing.pth --labels truth cat.jpg
part 'what is undefined'
for labels in right wrong none; do
    segent evaluate --labels $labels --logits good --json | sed 's/, "per_class.*entropy/ ... entropy/; s/"aurc.*//' | numbers
done
segent evaluate --labels none --logits good
segent evaluate --labels wrong --logits sure --json | grep -o '"nll": [a-z0-9.]*'
part 'states'
segent evaluate -q --labels right --logits good --state right.state
segent evaluate -q --labels right --logits good --temperature 2 --state warm.state
head -c 300 right.state >torn.state
echo 'no state' >text.state
cp right.state other.state
segent evaluate --merge right.state torn.state missing.state text.state warm.state other.state --json 2>&1 | sed 's/takes [0-9]* bytes/takes N bytes/' | cut -c 1-80
segent evaluate --merge torn.state 2>&1 | sed 's/takes [0-9]* bytes/takes N bytes/'
part 'outputs that would overwrite'
cp good/all.npy kept.npy
cp right/all.png kept.png
segent evaluate --labels right --logits good --state good/all.npy
segent evaluate --labels right --logits good --state right/all.png
segent evaluate -m small.pth --labels truth --state small.pth cat.jpg
segent evaluate --merge right.state other.state --state right.state
cmp good/all.npy kept.npy && cmp right/all.png kept.png
mkdir two
cp good/all.npy two/all.npy
cp good/all.npy two/all.logits.npy
segent evaluate --labels right --logits two
segent evaluate -m small.pth --labels truth cat.jpg two/../cat.jpg
segent evaluate --labels right --logits good --state missing/x.state
segent evaluate -q --labels right --logits good --state two
part 'stdout that cannot be written'
"$SEGENT" evaluate --labels right --logits good --json --state full.state >/dev/full; echo "exit $?"
cmp full.state right.state && echo 'the state is whole'
part 'what makes no sense'
segent evaluate cat.jpg
segent evaluate --labels truth
segent evaluate --labels truth --logits good cat.jpg
segent evaluate --labels truth --logits good -m small.pth
segent evaluate --labels truth --probs cat.jpg
segent evaluate --labels truth --logits good --probs --temperature 2
segent evaluate --merge
segent evaluate --merge --labels truth right.state
segent evaluate --labels truth --ignore 65536 cat.jpg
segent evaluate --labels '' cat.jpg
part 'a signal leaves no figures and no state'
checkpoint --width 16 --blocks 3,4,6,3 slow.pth
mkdir many
for number in 1 2 3 4 5 6 7 8 9; do
    cp cat.jpg many/$number.jpg
    cp truth/cat.png truth/$number.png
done
$python - "$SEGENT" <<'EOF_PYTHON'
import re, signal, subprocess, sys
command = [sys.argv[1], "evaluate", "--progress", "-m", "slow.pth", "--size", "900", "--labels", "truth", "--json", "--state", "many.state", "many"]
process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
process.stderr.read(1)  # the bar: it is at work
process.send_signal(signal.SIGINT)
output, errors = process.communicate()
print("ended by", signal.Signals(-process.returncode).name if process.returncode < 0 else process.returncode, output)
print("said", "interrupted" if re.search("segent: interrupted: [0-8] of 9 done, no figures\n", errors.decode()) else errors)
EOF_PYTHON
find . -name 'many.state' -o -name '.segent*'
