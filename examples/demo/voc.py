"""The 21 Pascal VOC classes and their colour map."""

CLASSES = ("background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
           "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor")
ID = {name: index for index, name in enumerate(CLASSES)}


def palette() -> list[int]:
    """The bit-interleaved VOC colour map, flat: 256 triples."""
    flat = []
    for index in range(256):
        colour = [0, 0, 0]
        for bit in range(8):
            for channel in range(3):
                colour[channel] |= (index >> (3 * bit + channel) & 1) << (7 - bit)
        flat += colour
    return flat
