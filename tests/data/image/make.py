#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Makes the pictures of this folder and what Pillow and torchvision make of them.

    /usr/bin/python3 make.py      (Debian: python3-pil python3-torch python3-torchvision libjpeg-turbo-progs)

*.png, *.jpg      small pictures of every kind
cases.txt         a line a case: file, width, height, orient, background (-1: none), where its pixels begin in expected.npy
expected.npy      RGB bytes of all cases, one after another
resize.txt        a line a case: input size, output size, CRC-32 of the resized pixels; the input is a stream of splitmix64
fit.txt           a line a case: width, height, size, and torchvision's resized width and height
normalize.npy     (256, 3): ToTensor and Normalize of every byte in every channel
"""
import glob, io, os, struct, subprocess, zlib
import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
cases, expected = [], []


def add(name, orient=1, background=-1, pixels=None):
    """A case; Pillow decides unless pixels are given."""
    if pixels is None:
        with Image.open(f"{HERE}/{name}") as image:
            pixels = np.asarray((ImageOps.exif_transpose(image) if orient else image).convert("RGB"))
    height, width, _ = pixels.shape
    cases.append(f"{name} {width} {height} {orient} {background} {sum(map(len, expected))}")
    expected.append(np.ascontiguousarray(pixels, np.uint8).tobytes())


# ---- PNG, written by hand: Pillow cannot write most kinds ----

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack_rows(samples, depth):
    """Rows of an (h, w, c) array, each with filter byte 0."""
    out = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            data = row.astype(">u2").tobytes()
        elif depth == 8:
            data = row.astype(np.uint8).tobytes()
        else:
            bits = ((row[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
            data = np.packbits(bits.reshape(-1)).tobytes()
        out += b"\0" + data
    return out


def write_png(name, samples, depth, colour, interlace=0, before=(), after=()):
    height, width = samples.shape[:2]
    if interlace:
        data = b"".join(pack_rows(samples[y::dy, x::dx], depth) for x, y, dx, dy in ADAM7 if samples[y::dy, x::dx].size)
    else:
        data = pack_rows(samples, depth)
    data = zlib.compress(data, 9)
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))]
    parts += [chunk(*c) for c in before]
    half = len(data) // 2
    parts += [chunk(b"IDAT", data[:half]), chunk(b"IDAT", data[half:])]
    parts += [chunk(*c) for c in after] + [chunk(b"IEND", b"")]
    with open(f"{HERE}/{name}", "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def over(colour, alpha, background):
    back = np.array([background >> 16, background >> 8 & 255, background & 255])
    alpha = alpha[..., None].astype(np.float64)
    return np.rint((colour * alpha + back * (255 - alpha)) / 255).astype(np.uint8)


def to8(samples, depth):
    if depth == 16:
        return samples >> 8
    return samples * 255 // ((1 << depth) - 1)


def png_cases():
    random = np.random.RandomState(7)
    names = {0: "grey", 2: "rgb", 3: "palette", 4: "greyalpha", 6: "rgba"}
    kinds = [(0, d) for d in (1, 2, 4, 8, 16)] + [(2, 8), (2, 16)] + [(3, d) for d in (1, 2, 4, 8)]
    kinds += [(4, 8), (4, 16), (6, 8), (6, 16)]
    for colour, depth in kinds:
        for interlace in (0, 1):
            for transparent in (0, 1) if colour in (0, 2, 3) else (0,):
                size = (11, 13)
                name = f"{names[colour]}{depth}{'i' if interlace else ''}{'t' if transparent else ''}.png"
                samples = random.randint(0, 1 << depth, size + (CHANNELS[colour],))
                alpha = np.full(size, 255)
                before = []
                if colour == 3:
                    palette = random.randint(0, 256, (1 << depth, 3)).astype(np.uint8)
                    before.append((b"PLTE", palette.tobytes()))
                    alphas = np.full(1 << depth, 255)
                    if transparent:
                        count = max(1, (1 << depth) * 3 // 4)
                        alphas[:count] = random.randint(0, 256, count)
                        before.append((b"tRNS", alphas[:count].astype(np.uint8).tobytes()))
                    truth, alpha = palette[samples[..., 0]], alphas[samples[..., 0]]
                else:
                    value = to8(samples, depth)
                    truth = value[..., :3] if colour in (2, 6) else np.repeat(value[..., :1], 3, 2)
                    if colour in (4, 6):
                        alpha = value[..., -1]
                    if transparent:
                        key = samples[3, 4]
                        samples[5:7, 2:6] = key
                        truth[5:7, 2:6] = truth[3, 4]
                        if depth == 16:  # the same high byte: only the low one tells it from the key
                            samples[8, 8] = key ^ 1
                            truth[8, 8] = truth[3, 4]
                        alpha = np.where((samples == key).all(-1), 0, 255)
                        before.append((b"tRNS", key.astype(">u2").tobytes()))
                write_png(name, samples, depth, colour, interlace, before)
                add(name, pixels=truth if (colour, depth) == (0, 16) else None)
                assert (np.frombuffer(expected[-1], np.uint8).reshape(size + (3,)) == truth).all(), name
                if colour in (4, 6) or transparent:
                    add(name, background=0x3080F1, pixels=over(truth, alpha, 0x3080F1))
    # An index beyond the palette.
    samples = random.randint(0, 8, (5, 6, 1))
    write_png("short-palette.png", samples, 4, 3, 0, [(b"PLTE", bytes(range(30, 30 + 15)))])
    add("short-palette.png")
    # Chunks that say how to show the pixels change nothing.
    samples = random.randint(0, 256, (5, 6, 3))
    profile = b"x\0\0" + zlib.compress(b"not a profile")
    write_png("chunks.png", samples, 8, 2, 0, [(b"gAMA", struct.pack(">I", 100000)), (b"iCCP", profile), (b"sBIT", b"\5\6\5"),
              (b"bKGD", b"\0\1\0\2\0\3"), (b"tEXt", b"Title\0text"), (b"prIV", b"private")], [(b"tIME", b"\7\xe0\1\1\1\1\1")])
    add("chunks.png")
    for width, height in ((1, 1), (1, 9), (9, 1), (3, 2)):
        for interlace in (0, 1):
            name = f"size{width}x{height}{'i' if interlace else ''}.png"
            write_png(name, random.randint(0, 256, (height, width, 3)), 8, 2, interlace)
            add(name)
    # Every filter of the format, chosen by the encoder.
    y, x = np.mgrid[0:29, 0:37]
    Image.fromarray(np.stack([x * 6, y * 8, (x + y) * 3], -1).astype(np.uint8)).save(f"{HERE}/filters.png", optimize=True)
    add("filters.png")


# ---- EXIF ----

def exif(orientation, order):
    """A directory of three entries, the orientation in the middle, as cameras write it."""
    e = "<" if order == "II" else ">"
    entries = [(0x0100, 3, 1, struct.pack(e + "HH", 9, 0)), (0x0112, 3, 1, struct.pack(e + "HH", orientation, 0)),
               (0x0128, 3, 1, struct.pack(e + "HH", 2, 0))]
    data = order.encode() + struct.pack(e + "HIH", 42, 8, len(entries))
    for tag, kind, count, value in entries:
        data += struct.pack(e + "HHI", tag, kind, count) + value
    return data + struct.pack(e + "I", 0)


def exif_cases():
    random = np.random.RandomState(3)
    pixels = random.randint(0, 256, (7, 9, 3)).astype(np.uint8)
    large = random.randint(0, 256, (45, 70, 3)).astype(np.uint8)
    for orientation in range(1, 9):
        for order in ("II", "MM"):
            name = f"exif{orientation}-{order}"
            Image.fromarray(pixels).save(f"{HERE}/{name}.jpg", quality=90, exif=b"Exif\0\0" + exif(orientation, order))
            add(f"{name}.jpg")
            add(f"{name}.jpg", orient=0)
        # Before the pixels or after; larger than the tiles of the rotation.
        chunks = [(b"eXIf", exif(orientation, "II" if orientation % 2 else "MM"))]
        name = f"exif{orientation}.png"
        early = orientation < 5
        write_png(name, (large if orientation in (5, 8) else pixels).astype(int), 8, 2, 0, chunks if early else (), () if early else chunks)
        add(name)
        add(name, orient=0)


# ---- JPEG ----

def segments(data):
    """(offset, marker, length with marker) of the segments up to the first scan."""
    at = 2
    while True:
        length = 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
        yield at, data[at + 1], length
        if data[at + 1] == 0xDA:
            return
        at += length


def without(data, marker):
    for at, kind, length in segments(data):
        if kind == marker:
            return data[:at] + data[at + length:]
    raise ValueError(f"no marker {marker:x}")


def with_adobe(data, transform):
    return data[:2] + b"\xff\xee\0\x0eAdobe" + struct.pack(">HHHB", 100, 0, 0, transform) + data[2:]


def with_components(data, identifiers):
    """Other identifiers of components, in the frame and in the scan."""
    out = bytearray(data)
    for at, kind, _ in segments(data):
        step, start = (3, at + 10) if kind in (0xC0, 0xC2) else (2, at + 5)
        if kind in (0xC0, 0xC2, 0xDA):
            for i, identifier in enumerate(identifiers):
                out[start + i * step] = identifier
    return bytes(out)


def put(name, data):
    with open(f"{HERE}/{name}", "wb") as file:
        file.write(data)
    add(name)


def encode(pixels, mode=None, **options):
    out = io.BytesIO()
    Image.fromarray(pixels, mode).save(out, "JPEG", **options)
    return out.getvalue()


def transcode(data, *options):
    return subprocess.run(["jpegtran", "-copy", "all", *options], input=data, stdout=subprocess.PIPE, check=True).stdout


def jpeg_cases():
    random = np.random.RandomState(5)
    y, x = np.mgrid[0:29, 0:37]
    smooth = np.stack([x * 6, y * 8, 255 - (x + y) * 3, (x * y) % 256], -1)
    picture = np.clip(smooth + random.randint(-30, 31, smooth.shape), 0, 255).astype(np.uint8)
    rgb, grey = np.ascontiguousarray(picture[..., :3]), np.ascontiguousarray(picture[..., 0])
    for subsampling, label in ((0, "444"), (1, "422"), (2, "420")):
        data = encode(rgb, quality=85, subsampling=subsampling)
        put(f"ycc{label}.jpg", data)
        put(f"ycc{label}-progressive.jpg", encode(rgb, quality=85, subsampling=subsampling, progressive=True))
    put("restart.jpg", transcode(data, "-restart", "1"))
    put("arithmetic.jpg", transcode(data, "-arithmetic"))
    put("arithmetic-progressive.jpg", transcode(data, "-arithmetic", "-progressive"))
    put("grey.jpg", encode(grey, quality=85))
    put("grey-progressive.jpg", encode(grey, quality=85, progressive=True))
    put("no-jfif.jpg", without(data, 0xE0))
    put("rgb-adobe.jpg", with_adobe(without(encode(rgb, quality=85, subsampling=0), 0xE0), 0))
    put("ycc-adobe.jpg", with_adobe(without(data, 0xE0), 1))
    put("rgb-names.jpg", with_components(without(encode(rgb, quality=85, subsampling=0), 0xE0), b"RGB"))
    cmyk = encode(picture, "CMYK", quality=85)
    put("cmyk.jpg", cmyk)
    plain = without(cmyk, 0xEE)
    put("cmyk-plain.jpg", plain)
    put("ycck.jpg", with_adobe(plain, 2))
    put("ycck-progressive.jpg", with_adobe(transcode(plain, "-progressive"), 2))
    put("low-quality.jpg", encode(rgb, quality=5))
    for width, height in ((1, 1), (1, 17), (17, 1), (16, 16)):
        put(f"size{width}x{height}.jpg", encode(random.randint(0, 256, (height, width, 3)).astype(np.uint8), quality=75))


# ---- orientation in odd places, and in odd entries ----

TIFF_TYPES = {"H": 3, "L": 4, "b": 6, "h": 8, "l": 9, "f": 11, "d": 12}


def tiff(order, values, magic=42):
    """One directory; `values` are (format of the numbers, numbers): "LL" is RATIONAL, "ll" SRATIONAL, "bytes" BYTE."""
    e = "<" if order == "II" else ">"
    tail, entries, start = b"", b"", 8 + 2 + 12 * len(values) + 4
    for form, *numbers in values:
        if form == "bytes":
            kind, count, data = 1, len(numbers), bytes(numbers)
        elif form in ("LL", "ll"):
            kind, count, data = (5 if form == "LL" else 10), len(numbers) // 2, struct.pack(f"{e}{len(numbers)}{form[0]}", *numbers)
        else:
            kind, count, data = TIFF_TYPES[form], len(numbers), struct.pack(f"{e}{len(numbers)}{form}", *numbers)
        if len(data) > 4:
            data, tail = struct.pack(e + "I", start + len(tail)), tail + data
        entries += struct.pack(e + "HHI", 0x0112, kind, count) + data.ljust(4, b"\0")
    return order.encode() + struct.pack(e + "HIH", magic, 8, len(values)) + entries + bytes(4) + tail


def profile(data, marks=1):
    digits = (b"Exif\0\0" * marks + data).hex()
    return ("\nexif\n%8d\n" % (len(digits) // 2) + "\n".join(digits[i:i + 72] for i in range(0, len(digits), 72)) + "\n").encode()


def xmp(text):
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description ' + text + b"</rdf:Description></rdf:RDF></x:xmpmeta>"


def app1(data):
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


TURNS = {1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
         5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90}


def odd_orientation_cases():
    random = np.random.RandomState(17)
    samples = random.randint(0, 256, (6, 10, 3))
    key, attribute = b"Raw profile type exif\0", xmp(b'tiff:Orientation="7">')
    text, packed = (b"tEXt", key + profile(tiff("II", [("H", 6)]))), (b"zTXt", key + b"\0" + zlib.compress(profile(tiff("MM", [("H", 8)]))))
    international = (b"iTXt", key + b"\1\0en\0name\0" + zlib.compress(profile(tiff("II", [("H", 5)]))))
    name = b"XML:com.adobe.xmp\0"
    packet, element = (b"iTXt", name + b"\0\0\0\0" + attribute), (b"iTXt", name + b"\1\0x\0y\0" + zlib.compress(xmp(b"><tiff:Orientation>4</tiff:Orientation>")))
    upright = (b"eXIf", tiff("II", [("H", 1)]))
    for label, before, after in (("text", [text], []), ("packed-after", [], [packed]), ("international", [international], []),
                                 ("exif-first", [text], [(b"eXIf", tiff("MM", [("H", 3)]))]), ("xmp", [packet], []), ("xmp-element", [element], []),
                                 ("exif-over-xmp", [upright, packet], []), ("bytes-over-xmp", [(b"eXIf", tiff("II", [("bytes", 6)])), packet], []),
                                 ("xmp-without-exif", [(b"eXIf", tiff("II", [("H",)])), packet], []),
                                 ("profile-over-xmp", [(b"tEXt", key + profile(tiff("II", [("H", 9)]))), packet], [])):
        write_png(f"turn-{label}.png", samples, 8, 2, 0, before, after)
        add(f"turn-{label}.png")
    data = encode(samples.astype(np.uint8), quality=90)
    for label, order, values, magic in (("sshort", "MM", [("h", 6)], 42), ("slong", "II", [("l", 8)], 42), ("sbyte", "II", [("b", 3)], 42),
                                        ("rational", "MM", [("LL", 10, 2)], 42), ("srational", "II", [("ll", -7, -1)], 42),
                                        ("half", "II", [("LL", 5, 2)], 42), ("float", "MM", [("f", 4.0)], 42), ("double", "II", [("d", 2.0)], 42),
                                        ("many", "MM", [("H", 5, 1, 1)], 42), ("twice", "II", [("H", 3), ("H", 8)], 42),
                                        ("twice-upright", "MM", [("H", 6), ("L", 1)], 42), ("twice-empty", "II", [("H", 7), ("H",)], 42),
                                        ("magic-MM", "MM", [("H", 8)], 42 << 8), ("magic-II", "II", [("H", 6)], 42 << 8)):
        with open(f"{HERE}/turn-{label}.jpg", "wb") as file:
            file.write(data[:2] + app1(b"Exif\0\0" + tiff(order, values, magic)) + data[2:])
        add(f"turn-{label}.jpg")
    # What newer Pillows do and Debian's does not.
    with Image.open(io.BytesIO(data)) as image:
        flat = image.convert("RGB")
    whole = tiff("II", [("H", 1), ("d", 6.0)])
    mark, space = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
    for label, orientation, segments in (("xmp-only", 8, [space + xmp(b'tiff:Orientation="8">')]), ("marked-twice", 5, [mark + mark + tiff("MM", [("H", 5)])]),
                                         ("in-two", 6, [mark + whole[:40], mark + whole[40:]]),
                                         ("exif-and-xmp", 3, [space + xmp(b'tiff:Orientation="6">'), mark + tiff("II", [("H", 3)])])):
        with open(f"{HERE}/turn-{label}.jpg", "wb") as file:
            file.write(data[:2] + b"".join(map(app1, segments)) + data[2:])
        add(f"turn-{label}.jpg", pixels=np.asarray(flat.transpose(TURNS[orientation])))


# ---- resize, normalise ----

def stream(width, height):
    count = width * height * 3
    with np.errstate(over="ignore"):
        index = np.arange(1, (count + 7) // 8 + 1, dtype=np.uint64)
        z = np.uint64(width * 1000003 + height) + index * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return z.astype("<u8").view(np.uint8)[:count].reshape(height, width, 3)


def resize_cases():
    sizes = [(1, 1, 1, 1), (1, 1, 7, 5), (1, 9, 1, 4), (9, 1, 4, 1), (1, 9, 6, 3), (9, 1, 3, 6), (2, 2, 3, 3), (3, 3, 2, 2), (5, 7, 5, 7),
             (5, 7, 5, 3), (5, 7, 3, 7), (5, 7, 50, 7), (5, 7, 5, 70), (37, 29, 1, 1), (37, 29, 36, 28), (37, 29, 38, 30), (37, 29, 111, 87),
             (37, 29, 400, 3), (37, 29, 3, 400), (64, 48, 32, 24), (64, 48, 128, 96), (100, 75, 640, 480), (640, 427, 97, 65),
             (512, 600, 400, 468), (500, 375, 853, 640), (375, 500, 640, 853), (1000, 3, 7, 640), (3, 1000, 640, 7), (20000, 2, 3, 2),
             (2, 20000, 2, 3), (1, 100000, 2, 2), (100000, 1, 2, 2), (1200, 900, 853, 640), (1920, 1080, 1137, 640), (3000, 2000, 960, 640),
             (683, 1024, 683, 640), (1024, 683, 640, 683), (250001, 3, 2, 1), (40000, 1, 1, 1)]
    random = np.random.RandomState(11)
    sizes += [tuple(random.randint(1, 120, 4)) for _ in range(160)]
    with open(f"{HERE}/resize.txt", "w") as file:
        for w, h, W, H in sizes:
            out = np.asarray(Image.fromarray(stream(w, h)).resize((W, H), Image.BILINEAR))
            print(w, h, W, H, zlib.crc32(out.tobytes()), file=file)


def fit_cases():
    from torchvision.transforms.functional import _compute_resized_output_size
    random = np.random.RandomState(13)
    lines = [(512, 600, 400), (600, 512, 400), (640, 480, 480), (480, 640, 480), (640, 640, 640), (1, 1, 640), (1, 1000, 640), (1000, 1, 1),
             (427, 640, 520), (4000, 3000, 640), (6000, 4000, 640), (178956970, 1, 2), (13377, 13377, 640)]
    lines += [tuple(int(v) for v in random.randint(1, 5000, 3)) for _ in range(300)]
    with open(f"{HERE}/fit.txt", "w") as file:
        for width, height, size in lines:
            fitted_height, fitted_width = _compute_resized_output_size((height, width), [size])
            print(width, height, size, fitted_width, fitted_height, file=file)


def normalize():
    import torchvision.transforms as T
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, 2)
    x = T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])(T.ToTensor()(Image.fromarray(ramp)))
    np.save(f"{HERE}/normalize.npy", np.ascontiguousarray(x.numpy()[:, :, 0].T))


def main():
    for old in glob.glob(f"{HERE}/*.png") + glob.glob(f"{HERE}/*.jpg"):
        os.remove(old)
    png_cases()
    exif_cases()
    jpeg_cases()
    odd_orientation_cases()
    with open(f"{HERE}/cases.txt", "w") as file:
        print(*cases, sep="\n", file=file)
    np.save(f"{HERE}/expected.npy", np.frombuffer(b"".join(expected), np.uint8))
    resize_cases()
    fit_cases()
    normalize()


if __name__ == "__main__":
    main()
