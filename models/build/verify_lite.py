"""Compares the built networks with the engines their sources were made for, and measures the
whole pipeline on photographs. Needs requirements-verify.txt.

    python build_lite.py --cache CACHE --f32-only F32
    python verify_lite.py --cache CACHE --f32 F32 --images DIR --pairs CSV

PAIRS is a CSV file with the columns image_a, image_b (paths below DIR) and same (0 or 1).
"""

import argparse
import csv
import sys
import tempfile
import tomllib
from pathlib import Path

import cv2
import dlib
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from face_pipeline import Pipeline, most_central
from fetch import fetch_members
from make_golden import session, tensor
from networks import DLIB, RECIPES

HERE = Path(__file__).parent
LEAST_COSINE = 0.9999


class Difference:
    """Largest absolute difference and smallest cosine seen over many outputs."""

    def __init__(self):
        self.largest, self.cosine, self.magnitude = 0.0, 1.0, 0.0

    def add(self, found: np.ndarray, wanted: np.ndarray) -> None:
        found, wanted = (values.astype(np.float64).reshape(-1) for values in (found, wanted))
        self.largest = max(self.largest, np.abs(found - wanted).max())
        self.magnitude = max(self.magnitude, np.abs(wanted).max())
        self.cosine = min(self.cosine, found @ wanted / (np.linalg.norm(found) * np.linalg.norm(wanted)))


class TfliteReference:
    def __init__(self, data: bytes):
        self.interpreter = Interpreter(model_content=data, num_threads=1)
        self.interpreter.allocate_tensors()

    def run(self, image: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
        details = self.interpreter.get_input_details()[0]
        self.interpreter.set_tensor(details["index"], np.ascontiguousarray(values.transpose(0, 2, 3, 1)))
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(o["index"]) for o in self.interpreter.get_output_details()]


class DlibReference:
    def __init__(self, data: bytes):
        with tempfile.NamedTemporaryFile(suffix=".dat") as file:
            file.write(data)
            file.flush()
            self.network = dlib.face_recognition_model_v1(file.name)

    def run(self, image: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
        return [np.array(self.network.compute_face_descriptor(np.ascontiguousarray(image)))]


def load(path: Path) -> np.ndarray:
    image = cv2.imread(str(path))
    if image is None:
        sys.exit(f"verify_lite: {path} isn't a readable image")
    return image[:, :, ::-1]


def network_inputs(pipeline: Pipeline, photographs: list[np.ndarray]) -> dict[str, list[np.ndarray]]:
    """For every network the images it would see on the photographs."""
    inputs = {recipe.name: [] for recipe in RECIPES}
    for image in photographs:
        for name in ("blazeface_short", "blazeface_full"):
            inputs[name].append(pipeline.detector_input(name, image)[0])
        face = most_central(pipeline.detect("blazeface_short", image), image)
        if face is not None:
            inputs["face_mesh"].append(pipeline.mesh_input(image, face))
            inputs[DLIB].append(pipeline.chip(image, pipeline.mesh(image, face)[0]))
    return inputs


def check_parity(arguments, pipeline: Pipeline, photographs: list[np.ndarray]) -> bool:
    members, passed = fetch_members(arguments.cache), True
    real, random = network_inputs(pipeline, photographs), np.random.default_rng(1)
    print("network          weights  inputs         output       max |value|  max diff   min cosine")
    for recipe in RECIPES:
        spec = pipeline.networks[recipe.name]["input"]
        noise = [random.integers(0, 256, (*spec["shape"][2:], 3), np.uint8) for _ in range(5)]
        reference = (DlibReference if recipe.name == DLIB else TfliteReference)(members[recipe.source])
        names = [name for name, _ in recipe.outputs]
        for label, images in (("noise", noise), ("photographs", real[recipe.name])):
            wanted = [reference.run(image, tensor(image, spec)) for image in images]
            for weights, folder in (("f32", arguments.f32), ("f16", arguments.models)):
                engine = session(folder / recipe.file)
                differences = [Difference() for _ in names]
                for image, outputs in zip(images, wanted):
                    found = engine.run(names, {"input": tensor(image, spec)})
                    for difference, a, b in zip(differences, found, outputs, strict=True):
                        difference.add(a, b)
                for name, d in zip(names, differences):
                    passed &= d.cosine >= LEAST_COSINE
                    print(f"{recipe.name:16} {weights:8} {label:11}{len(images):3} {name:12} "
                          f"{d.magnitude:11.4g}  {d.largest:9.3g}  {d.cosine:.9f}")
    return passed


def measure_accuracy(arguments, pipeline: Pipeline, pairs: list[dict]) -> None:
    embeddings: dict[str, np.ndarray | None] = {}
    for path in sorted({pair[side] for pair in pairs for side in ("image_a", "image_b")}):
        image = load(arguments.images / path)
        face = most_central(pipeline.detect(arguments.detector, image), image)
        if face is None:
            embeddings[path] = None
            continue
        points, _ = pipeline.mesh(image, face)
        embeddings[path] = pipeline.embed(pipeline.chip(image, points))
    missed = [path for path, embedding in embeddings.items() if embedding is None]
    print(f"{arguments.detector}: {len(pairs)} pairs, {len(embeddings)} images, {len(missed)} without a face")
    both = [pair for pair in pairs if not {pair["image_a"], pair["image_b"]} & set(missed)]
    distances = np.array([np.linalg.norm(embeddings[p["image_a"]] - embeddings[p["image_b"]]) for p in both])
    same = np.array([p["same"] == "1" for p in both])
    thresholds = np.unique(distances)
    accuracies = np.array([((distances <= t) == same).mean() for t in thresholds])
    best = accuracies.argmax()
    print(f"best accuracy {accuracies[best]:.4%} at distance {thresholds[best]:.4f}; "
          f"at 0.6: {((distances <= 0.6) == same).mean():.4%}; "
          f"same {distances[same].mean():.3f}, different {distances[~same].mean():.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder of the downloaded packages")
    parser.add_argument("--f32", type=Path, required=True, help="folder that build_lite.py --f32-only wrote")
    parser.add_argument("--models", type=Path, default=HERE.parent / "source/lite")
    parser.add_argument("--images", type=Path, required=True, metavar="DIR")
    parser.add_argument("--pairs", type=Path, required=True, metavar="CSV")
    parser.add_argument("--count", type=int, default=600, help="pairs to measure, spread over the file")
    parser.add_argument("--photographs", type=int, default=40, help="photographs for the comparison")
    parser.add_argument("--detector", default="blazeface_short", choices=("blazeface_short", "blazeface_full"))
    arguments = parser.parse_args()
    manifest = tomllib.loads((arguments.models / "pack.toml").read_text())
    pipeline = Pipeline(manifest, arguments.models)
    with arguments.pairs.open(newline="") as file:
        pairs = list(csv.DictReader(file))
    pairs = pairs[:: max(1, len(pairs) // arguments.count)][: arguments.count]
    paths = sorted({pair["image_a"] for pair in pairs})
    step = max(1, len(paths) // arguments.photographs)
    photographs = [load(arguments.images / path) for path in paths[::step][: arguments.photographs]]
    passed = check_parity(arguments, pipeline, photographs)
    measure_accuracy(arguments, pipeline, pairs)
    if not passed:
        sys.exit(f"verify_lite: a cosine is below {LEAST_COSINE}")


if __name__ == "__main__":
    main()
