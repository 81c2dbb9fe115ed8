"""Writes golden.json: sampled outputs of the built networks for the golden input image.

It needs requirements-verify.txt (onnxruntime). The file is committed, because an engine's last
digits differ between processors, and the pack has to come out the same everywhere.
"""

import argparse
import json
import tomllib
from pathlib import Path

import numpy as np
import onnxruntime

import golden
from fetch import sha256
from networks import OWN, RECIPES

HERE = Path(__file__).parent


def template_inputs() -> dict[str, dict]:
    """name -> [network.input] of the manifest template; its placeholders sit in values we don't read."""
    text = (HERE / "lite.pack.toml.in").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("@")]
    return {network["name"]: network["input"] for network in tomllib.loads("\n".join(lines))["network"]}


def tensor(image: np.ndarray, spec: dict) -> np.ndarray:
    """[height, width, RGB] bytes -> [1, 3, height, width], normalised as the manifest says."""
    if spec["channels"] == "bgr":
        image = image[:, :, ::-1]
    values = (image.astype(np.float32) - np.float32(spec["mean"])) / np.float32(spec["std"])
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=HERE.parent / "source/lite")
    arguments = parser.parse_args()
    specs, result = template_inputs(), {}
    for recipe in RECIPES + OWN:
        path = arguments.models / recipe.file
        spec = specs[recipe.name]
        data = tensor(golden.golden_image(*spec["shape"][2:]), spec)
        names = [name for name, _ in recipe.outputs]
        outputs = []
        for name, values in zip(names, session(path).run(names, {"input": data})):
            flat = values.reshape(-1)
            picked = [golden.number(float(flat[at])) for at in golden.sample_positions(flat.size)]
            outputs.append({"name": name, "values": picked})
            print(f"{recipe.name} {name}: largest value {np.abs(flat).max():.4g}")
        result[recipe.name] = {"sha256": sha256(path.read_bytes()), "outputs": outputs}
    golden.GOLDEN.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
