"""A photograph as a camera would hand it over: NV21 of full range, two pixels to a chroma pair.

python nv21.py PHOTOGRAPH NAME: writes NAME-WIDTHxHEIGHT.nv21 and prints that name. Scaled down to at most 640 pixels, so
that an emulated processor is done soon.
"""

import sys

from PIL import Image


def main() -> None:
    photograph, name = sys.argv[1:]
    image = Image.open(photograph).convert("RGB")
    scale = min(1.0, 640 / max(image.size))
    width, height = (int(side * scale) // 2 * 2 for side in image.size)
    luma, blue, red = image.resize((width, height), Image.Resampling.BOX).convert("YCbCr").split()
    half = (width // 2, height // 2)
    pairs = zip(*(plane.resize(half, Image.Resampling.BOX).tobytes() for plane in (red, blue)))
    path = f"{name}-{width}x{height}.nv21"
    with open(path, "wb") as file:
        file.write(luma.tobytes())
        file.write(bytes(value for pair in pairs for value in pair))
    print(path)


main()
