"""Rounds of all engines in turn, and whether they computed the same."""

import statistics
from dataclasses import dataclass, field

import numpy as np

# Largest difference from onnxruntime, as a share of the output's largest value, and least cosine.
LIMITS = {"f32": (1e-3, 0.9999), "int8": (0.5, 0.95)}


@dataclass
class Series:
    """What one engine took in each round: medians of CPU milliseconds."""

    label: str
    rounds: list = field(default_factory=list)
    difference: float = 0.0
    cosine: float = 1.0

    @property
    def ms(self):
        return statistics.median(self.rounds)


def interleave(engines, rounds, seconds):
    """`rounds` times: every engine in turn, in an order that turns too, for about `seconds` of CPU time each."""
    series = {engine.label: Series(engine.label) for engine in engines}
    counts = {}
    for engine in engines:
        engine.run(2)
        counts[engine.label] = int(np.clip(seconds * 1e3 / max(engine.run(3)), 5, 500))
    for turn in range(rounds):
        first = turn % len(engines)
        for engine in engines[first:] + engines[:first]:
            engine.run(1)  # Brings code and weights back into the caches.
            series[engine.label].rounds.append(statistics.median(engine.run(counts[engine.label])))
    return series


def outputs(engine, network, work):
    """All values of the last run, one array for each output."""
    file = work / "output.f32"
    engine.ask(f"output {file}", "ok")
    flat = np.fromfile(file, "<f4")
    ends = np.cumsum([np.prod(tensor.shape) for tensor in network.outputs])
    if flat.size != ends[-1]:
        raise ValueError(f"{engine.label} wrote {flat.size} values for {network.name}, not {ends[-1]}")
    return np.split(flat, ends[:-1])


def compare(found, expected):
    """Largest absolute difference, the same as a share of the output's largest value, least cosine."""
    worst, share, least = 0.0, 0.0, 1.0
    for a, b in zip(found, expected, strict=True):
        a, b = a.astype(np.float64), b.astype(np.float64)
        difference = np.abs(a - b).max()
        if not np.isfinite(difference):
            return np.inf, np.inf, -1.0
        worst = max(worst, difference)
        share = max(share, difference / max(np.abs(b).max(), 1e-9))
        norms = np.linalg.norm(a) * np.linalg.norm(b)
        least = min(least, a @ b / norms if norms > 0 else float(difference == 0))
    return worst, share, least


def is_right(precision, share, cosine):
    most, least = LIMITS[precision]
    return share <= most and cosine >= least
