"""Searches the same vectors with the index and with faiss, taking turns; see benches/search.sh."""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import faiss
import numpy as np

import report

TOP = 5
DIMENSIONS = (128, 512)
# Faces, probes in each of the rounds, probes compared with a full scan.
SIZES = {10_000: (40, 80), 100_000: (12, 24), 1_000_000: (4, 4)}
ROUNDS = 7
# Of a probe of an enrolled person and their template, as on good photographs.
COSINE_MEAN, COSINE_SD = 0.6, 0.08


def unit(rows):
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def people(dimension, count, rng):
    """One template an identity, made in pieces so that memory holds them once."""
    rows = np.empty((count, dimension), np.float32)
    for start in range(0, count, 50_000):
        part = rows[start : start + 50_000]
        part[:] = unit(rng.standard_normal(part.shape, np.float32))
    return rows


def probes(templates, count, rng):
    """Half of them people who are enrolled, half strangers."""
    found = unit(rng.standard_normal((count, templates.shape[1]), np.float32))
    for at in range(0, count, 2):
        template = templates[rng.integers(len(templates))]
        cosine = np.clip(rng.normal(COSINE_MEAN, COSINE_SD), -1, 1)
        away = found[at] - (found[at] @ template) * template
        away /= np.linalg.norm(away)
        found[at] = cosine * template + np.sqrt(1 - cosine**2) * away
    return unit(found)


class Ours:
    """The bench of this repository, which answers commands with JSON."""

    def __init__(self, program, environment=None):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([program], env=environment, **pipes)

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def search(self, first, count):
        return self.ask("search", first, count, TOP)["ms"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Faiss:
    """One index of faiss, called without the copies of its Python interface."""

    def __init__(self, index, templates):
        self.index = index
        if not index.is_trained:
            index.train(templates[:100_000])
        index.add(templates)
        self.distances = np.empty((1, TOP), np.float32)
        self.labels = np.empty((1, TOP), np.int64)

    def search(self, rows, first, count):
        times = []
        distances, labels = faiss.swig_ptr(self.distances), faiss.swig_ptr(self.labels)
        for at in range(first, first + count):
            probe = faiss.swig_ptr(rows[at])
            start = time.process_time_ns()
            self.index.search_c(1, probe, TOP, distances, labels)
            times.append((time.process_time_ns() - start) * 1e-6)
        return times


def peers(dimension, templates):
    inner = faiss.METRIC_INNER_PRODUCT
    kinds = {
        "Flat": faiss.IndexFlatIP(dimension),
        "SQfp16": faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, inner),
        "SQ8": faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, inner),
    }
    return {name: Faiss(index, templates) for name, index in kinds.items()}


def bandwidth(size):
    """Bytes a second that one thread reads of an array of so many bytes: the best of several ways.

    numpy asks for huge pages for arrays as large as these.
    """
    values = np.ones(size // 8, np.int64)
    floats = values.view(np.float32)
    best = 0.0
    for read in (values.max, lambda: np.dot(floats, floats), lambda: np.bitwise_or.reduce(values)):
        for _ in range(5):
            start = time.process_time_ns()
            read()
            best = max(best, size / (time.process_time_ns() - start) * 1e9)
    return best


def recall(ours, count):
    """Shares of the first and of the first five of a full scan that a search finds."""
    found = ours.ask("search", 0, count, TOP)
    truth = ours.ask("slow", 0, count, TOP)
    pairs = list(zip(found["rows"], truth["rows"]))
    first = sum(a[0] == b[0] for a, b in pairs) / count
    shared = sum(len(set(a) & set(b)) for a, b in pairs) / (TOP * count)
    assert found["cosines"] == truth["cosines"], "a cosine differs from the definition's"
    return first, shared


def compare(ours, dimension, count, folder, rng):
    each, checked = SIZES[count]
    templates = people(dimension, count, rng)
    asked = probes(templates, max(each * ROUNDS, checked), rng)
    rows_file, probes_file = folder / "rows.f32", folder / "probes.f32"
    templates.tofile(rows_file)
    asked.tofile(probes_file)
    loaded = ours.ask("load", dimension, rows_file)
    ours.ask("probes", probes_file)
    engines = {"ours": ours.search}
    for name, peer in peers(dimension, templates).items():
        engines[name] = lambda first, n, peer=peer: peer.search(asked, first, n)
    del templates
    rows_file.unlink()
    times = {name: [] for name in engines}
    for turn in range(ROUNDS):
        for name, search in engines.items():
            search(turn * each, 2)
            times[name] += search(turn * each, each)
    medians = {name: statistics.median(t) for name, t in times.items()}
    first, five = recall(ours, checked)
    # What every search reads: the upper halves. Lower halves and values of the rows that pass come on top.
    scanned = count * (-(-dimension // 128) * 64)
    return {
        "dim": dimension,
        "n": count,
        "ours_ms": medians["ours"],
        "faiss_flat_ms": medians["Flat"],
        "faiss_best_ms": min(ms for name, ms in medians.items() if name != "ours"),
        "recall1": first,
        "recall5": five,
        "faiss_ms": {name: ms for name, ms in medians.items() if name != "ours"},
        "checked": checked,
        "load_ms": loaded["ms"],
        "bytes_per_face": loaded["bytes"] / count,
        "gigabytes_per_second": scanned / medians["ours"] * 1e-6,
        "machine_gigabytes_per_second": bandwidth(scanned) * 1e-9,
    }


def changes(ours, dimension, count, folder, rng):
    """Groups, threads, and what changes cost, on one index of `count` faces."""
    templates = people(dimension, count, rng)
    rows_file, probes_file = folder / "rows.f32", folder / "probes.f32"
    templates.tofile(rows_file)
    probes(templates, 1_000, rng).tofile(probes_file)
    ours.ask("load", dimension, rows_file)
    ours.ask("probes", probes_file)
    sizes = [10, 100, 1_000, 10_000, count // 2, count]
    median = lambda answer: statistics.median(answer["ms"])
    return {
        "dim": dimension,
        "n": count,
        "groups": {n: median(ours.ask("within", n, 60, TOP)) for n in sizes},
        "threads_wall": {n: min(ours.ask("threads", n, 60, TOP)["ms"]) for n in (1, 2, 4)},
        "enrol_ms": median(ours.ask("enrol", 1_000)),
        "remove_ms": median(ours.ask("remove", 1_000)),
        "enrol_shared_ms": median(ours.ask("enrol-shared", 200)),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    faiss.omp_set_num_threads(1)
    rng = np.random.default_rng(20)
    sizes = [n for n in SIZES if n < 1_000_000 or not arguments.quick]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Ours(arguments.engine)
        for count in sizes:
            for dimension in DIMENSIONS:
                rows.append(compare(ours, dimension, count, folder, rng))
                print(report.line(rows[-1]), flush=True)
        one = changes(ours, 512, 100_000, folder, rng)
        ours.close()
    result = {"machine": report.machine(), "rows": rows, "changes": one}
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1) + "\n")
    print(report.text(result))
    if arguments.write:
        report.write(result)


if __name__ == "__main__":
    main()
