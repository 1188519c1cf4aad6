cp "$DATA/grey.png" "$DATA/indexed.png" "$DATA/cat.jpg" "$DATA/dog.png" .
segent palette grey.png
segent palette -o out indexed.png
cmp grey.palette.png out/indexed.palette.png
segent palette -q -o out - <grey.png
cmp grey.palette.png out/stdin.palette.png
python3 - <<'EOF'
import zlib
data = open("grey.palette.png", "rb").read()
idat = b""
at = 8
while at < len(data):
    length = int.from_bytes(data[at:at + 4], "big")
    if data[at + 4:at + 8] == b"IHDR":
        print("width", int.from_bytes(data[at + 8:at + 12], "big"), "height", int.from_bytes(data[at + 12:at + 16], "big"))
    if data[at + 4:at + 8] == b"IDAT":
        idat += data[at + 8:at + 8 + length]
    at += 12 + length
raw = zlib.decompress(idat)
rows = []
for y in range(2):  # filters: none, sub or up
    kind, row = raw[y * 10], list(raw[y * 10 + 1:y * 10 + 10])
    for x in range(9):
        left = row[x - 3] if x >= 3 else 0
        up = rows[-1][x] if rows else 0
        row[x] = (row[x] + {0: 0, 1: left, 2: up, 3: (left + up) // 2, 4: left or up}[kind]) & 255
    rows.append(row)
    print(row)
EOF
part the list
segent palette --list
part what holds no class ids
segent palette missing.png cat.jpg dog.png grey.png
segent palette - </dev/null
