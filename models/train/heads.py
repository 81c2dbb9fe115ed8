"""Draws heads of the ICT-FaceKit face model, made of scans, for `depth heads` of the simulator's examples: shapes that
neither rules nor networks were fitted to.

    python heads.py --model heads.npz --output FILE [--count N] [--seed N]

The model is not part of this repository. `heads.npz` holds its `mean`, `modes` of unit variance and triangles `F` in
centimetres, the numbers `ids` of its vertices in ICT-FaceKit, and expressions `e_*`.
"""

import argparse
from pathlib import Path

import numpy as np

# Vertices of ICT-FaceKit: corners of either eye (the one on the left of the picture first), tip of the nose, corners of
# the mouth.
EYES = ((1507, 1528), (3742, 3721))
NOSE = 4857
MOUTH = (5708, 6213)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    model = np.load(args.model)
    place = {int(number): at for at, number in enumerate(model["ids"])}
    expressions = [name for name in model.files if name.startswith("e_")]
    chance = np.random.default_rng(args.seed)
    modes = model["modes"].astype(np.float32)
    faces = model["F"].astype("<u4")
    with args.output.open("wb") as file:
        file.write(f"vultus-heads-1 {args.count} {len(model['mean'])} {len(faces)}\n".encode())
        file.write(faces.tobytes())
        for _ in range(args.count):
            points = model["mean"] + np.tensordot(chance.normal(size=len(modes)).astype(np.float32), modes, 1)
            for name in expressions:
                if chance.random() < 0.2:
                    points = points + chance.uniform(0.0, 0.6) * model[name].astype(np.float32)
            points = points * 10.0
            eyes = [sum(points[place[corner]] for corner in eye) / 2 for eye in EYES]
            landmarks = np.stack(eyes + [points[place[number]] for number in (NOSE, *MOUTH)])
            middle = (landmarks[0] + landmarks[1]) / 2
            file.write((landmarks - middle).astype("<f4").tobytes())
            file.write((points - middle).astype("<f4").tobytes())


if __name__ == "__main__":
    main()
