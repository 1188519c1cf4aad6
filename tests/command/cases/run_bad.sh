# Each bad picture is one line, the good ones are done, exit 1.
checkpoint small.pth
cp "$DATA/cat.jpg" "$DATA/dog.png" .
bad_files jpg cat.jpg 600
head -c 100 dog.png >short.png
python3 - <<'EOF'
import struct, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
header = struct.pack(">IIBBBBB", 100000, 100000, 8, 2, 0, 0, 0)
open("bomb.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))
EOF
segent run -m small.pth --size 24 --save labels -o out missing.jpg cat.jpg folder.jpg empty.jpg text.jpg short.jpg \
    pipe.jpg bomb.png dog.png | grep -v -e classes -e entropy
ls out
part no empty folder is left
segent run -m small.pth --size 24 -o new/er text.jpg
segent run -m none.pth -o new/er cat.jpg
mkdir old
segent run -m small.pth --size 24 -o old/new text.jpg
ls -d new old old/new 2>/dev/null
part a truncated PNG
segent run -m small.pth --save none short.png
part the limit can be set
segent run -m small.pth --pixel-limit 3000 --size 24 --save panel -o out cat.jpg dog.png | grep -v -e classes -e entropy
part standard input
segent run -m small.pth --save none - </dev/null
segent run -m small.pth --save none - <text.jpg
