"""The golden check of a network: a deterministic input image and a few values of each output."""

import json
import math
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).with_name("golden.json")
SEED = 1
SAMPLES = 32


def golden_image(height: int, width: int, seed: int = SEED) -> np.ndarray:
    """RGB bytes from a linear congruential generator that any language can repeat."""
    state, count = seed, height * width * 3
    values = bytearray(count)
    for at in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFF_FFFF_FFFF_FFFF
        values[at] = state >> 56
    return np.frombuffer(bytes(values), np.uint8).reshape(height, width, 3)


def sample_positions(length: int) -> list[int]:
    """Flat indices of the values that are kept."""
    if length <= SAMPLES:
        return list(range(length))
    return [k * (length - 1) // (SAMPLES - 1) for k in range(SAMPLES)]


def number(value: float) -> str:
    """Seven significant digits, as a TOML float."""
    text = f"{value:.7g}"
    if not math.isfinite(value):
        raise ValueError(f"a golden value is {text}")
    return text if any(mark in text for mark in ".e") else text + ".0"


def load() -> dict:
    return json.loads(GOLDEN.read_text())


def toml_block(outputs: list[dict]) -> str:
    """The [[network.golden.output]] tables of one network."""
    lines = []
    for output in outputs:
        lines += ["[[network.golden.output]]", f'name = "{output["name"]}"', "values = ["]
        values = output["values"]
        for at in range(0, len(values), 8):
            lines.append("  " + ", ".join(values[at : at + 8]) + ",")
        lines.append("]")
    return "\n".join(lines)
