"""Which networks the pack holds, and how each one is made from its source file."""

from dataclasses import dataclass

import dlib_to_onnx
import tflite_to_onnx
from onnx_graph import Graph


@dataclass(frozen=True)
class Recipe:
    name: str
    source: str  # key of the member in sources.toml
    outputs: tuple[tuple[str, tuple[int, ...]], ...]  # in the order of the TFLite file's outputs

    @property
    def file(self) -> str:
        return f"{self.name}.onnx"


DLIB = "dlib_resnet"
RECIPES = (
    Recipe("blazeface_short", "blazeface_short", (("regressors", (1, 896, 16)), ("scores", (1, 896, 1)))),
    Recipe("blazeface_full", "blazeface_full", (("regressors", (1, 2304, 16)), ("scores", (1, 2304, 1)))),
    Recipe("face_mesh", "face_mesh", (("landmarks", (1, 1404)), ("face_score", (1, 1)))),
    Recipe(DLIB, DLIB, (("embedding", (1, 128)),)),
)

# Committed as they were trained (models/train); the build only takes them along.
OWN = tuple(Recipe(name, "", (("logit", (1, 1)),)) for name in ("infrared", "depth"))


def convert(recipe: Recipe, data: bytes, half_weights: bool) -> Graph:
    if recipe.name == DLIB:
        return dlib_to_onnx.convert(data, recipe.name, half_weights)
    outputs = {at: (name, list(shape)) for at, (name, shape) in enumerate(recipe.outputs)}
    return tflite_to_onnx.convert(data, recipe.name, outputs, half_weights)
