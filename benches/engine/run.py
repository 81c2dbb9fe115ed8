"""The engine beside its peers, in one run: what benches/engine.sh starts once everything is built."""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import measure
import own
import report
from engines import Engine, Refused
from networks import SHARED, all_networks

HERE = Path(__file__).resolve().parent
PEERS = ("onnxruntime", "ncnn", "opencv")
PATHS = ("avx2", "avx512")
# Of byte kernels; the f32 kernels beside AVX-VNNI are those of AVX2.
BYTE_PATHS = ("avx2", "avxvnni", "avx512")


def main():
    options = arguments()
    work = options.work
    work.mkdir(parents=True, exist_ok=True)
    if not SHARED.is_dir():
        print("the weights of the standard pack are not on this machine: only the committed pack is measured")
    hide = hide_avx512(work)
    wanted = [network for network in all_networks(work) if is_wanted(network, options)]
    if options.profile:
        return print_profiles(wanted, options)
    peaks = measured_peaks(options)
    rows, notes, raw = [], [], []
    for network in wanted:
        found = measured_network(network, options, hide, peaks, notes, raw)
        for row in found:
            print(report.line(row), flush=True)
        rows += found
    for note in notes:
        print(f"note: {note}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1, default=lambda number: number.item()) + "\n")
    if not options.quick and not options.only:
        report.write(rows, peaks, notes, raw, options)
    # A build that cannot run a network has no row of ours for it: that is a failure, too.
    return 0 if rows and all(row["ours_ms"] and row["right"] for row in rows) else 1


def is_wanted(network, options):
    return not options.only or any(word.lower() in network.name.lower() for word in options.only)


def print_profiles(networks, options):
    for network in networks:
        plan = own.compiled(options.binary, network, options.work)
        profiles = [("f32", path, plan) for path in PATHS]
        if options.int8:
            made, _ = own.quantised(options.binary, network, plan, options.work)
            profiles += [("int8", path, made) for path in BYTE_PATHS]
        for precision, path, plan in profiles:
            print(f"== {network.name}, {precision}, {path}", flush=True)
            subprocess.run(own.profile(options.binary, network, plan), env={**os.environ, "VULTUS_CPU": path})
    return 0


def arguments():
    parser = argparse.ArgumentParser(prog="benches/engine.sh", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short rounds, no report: a look, no measurement")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    parser.add_argument("--only", action="append", help="networks whose name contains this; repeatable; no report")
    parser.add_argument("--profile", action="store_true", help="print what each step of ours took; no times of peers")
    parser.add_argument("--int8", action="store_true", help="quantise every network, too, and time it")
    parser.add_argument("--no-tract", action="store_true", help="leave out the reference engine")
    parser.add_argument("--rounds", type=int, help="rounds (5, with --quick 2)")
    parser.add_argument("--seconds", type=float, help="CPU time of each engine in each round (0.2, with --quick 0.1)")
    parser.add_argument("--binary", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.seconds = options.seconds or (0.1 if options.quick else 0.2)
    return options


def hide_avx512(work):
    """The library that hides AVX-512 from a peer; None where it cannot be built or does not work."""
    library = work / "hide_avx512.so"
    built = subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, HERE / "hide_avx512.c"], capture_output=True)
    if built.returncode != 0:
        return None
    works = subprocess.run(["true"], env={**os.environ, "LD_PRELOAD": str(library)})
    return library if works.returncode == 0 else None


def measured_peaks(options):
    """GFLOP/s of fused multiply-adds of each path, medians of interleaved rounds."""
    engines = {}
    for path in PATHS:
        try:
            engines[path] = Engine(path, [options.binary, "peak", "--path", path])
        except Refused:
            continue
    rates = {path: [] for path in engines}
    for _ in range(options.rounds):
        for path, engine in engines.items():
            rates[path] += [float(word) for word in engine.ask("run 5", "gflops")]
    for engine in engines.values():
        engine.close()
    return {path: report.median(found) for path, found in rates.items()}


def measured_network(network, options, hide, peaks, notes, raw):
    engines, precisions = [], {}

    def start(label, command, precision="f32", **environment):
        try:
            engine = Engine(label, command, {**os.environ, **environment})
            engine.ask(f"input {input_file}", "ok")
            engine.run(1)
        except (Refused, BrokenPipeError) as why:
            notes.append(f"{network.name}: {why}")
            return
        engines.append(engine)
        precisions[label] = precision

    input_file = options.work / "input.f32"
    network.values().tofile(input_file)
    for peer in PEERS:
        command = peer_command(peer, network, options.work, notes)
        if command is None:
            continue
        start(peer, command)
        if hide:
            start(f"{peer} avx2", command, LD_PRELOAD=str(hide))
    for label, precision, path, command in own_commands(network, options, peaks, notes):
        start(label, command, precision, **({"VULTUS_CPU": path} if path else {}))

    right = compared(engines, network, options.work, precisions, notes)
    series = measure.interleave([engine for engine in engines if right[engine.label][0]], options.rounds, options.seconds)
    for engine in engines:
        engine.close()
    raw += [(network.name, s.label, turn, ms) for s in series.values() for turn, ms in enumerate(s.rounds)]
    return report.rows(network, series, right, precisions, peaks)


def peer_command(peer, network, work, notes):
    model = network.file
    if peer == "ncnn":
        model = converted(network, work)
        if model is None:
            notes.append(f"{network.name}: pnnx does not convert it for ncnn")
            return None
    names = [tensor.name for tensor in network.outputs]
    return [sys.executable, HERE / "peer.py", peer, str(model), network.input.argument(), *names]


def converted(network, work):
    """ncnn's own format, in full precision."""
    folder = work / "ncnn" / network.file.stem
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "model"
    if not model.with_suffix(".ncnn.bin").exists():
        copy = folder / "model.onnx"
        copy.write_bytes(network.file.read_bytes())
        program = Path(importlib.util.find_spec("pnnx").origin).parent / "pnnx"
        shape = ",".join(map(str, network.input.shape))
        subprocess.run([program, copy.name, f"inputshape=[{shape}]", "fp16=0"], cwd=folder, capture_output=True)
    model = model.with_suffix(".ncnn")
    return model if Path(f"{model}.bin").exists() else None


def own_commands(network, options, peaks, notes):
    """Label, precision, path and command of each of ours, and of the reference engine."""
    commands = []
    if not options.no_tract:
        commands.append(("tract", "f32", None, own.serve_onnx(options.binary, network)))
    try:
        plan = own.compiled(options.binary, network, options.work)
    except ValueError as why:
        notes.append(str(why))
        return commands
    commands += [(f"ours f32 {path}", "f32", path, own.serve_plan(options.binary, network, plan)) for path in peaks]
    if options.int8:
        try:
            made, layers = own.quantised(options.binary, network, plan, options.work)
        except ValueError as why:
            notes.append(f"in bytes: {why}")
            return commands
        notes.append(f"{network.name} in bytes: {layers}")
        commands += [(f"ours int8 {path}", "int8", path, own.serve_plan(options.binary, network, made)) for path in BYTE_PATHS]
    return commands


def compared(engines, network, work, precisions, notes):
    """Of each engine: whether it computed what onnxruntime did, by how much it differs, and the cosine."""
    if not engines:
        return {}
    expected = measure.outputs(engines[0], network, work)
    verdicts = {}
    for engine in engines:
        worst, share, cosine = measure.compare(measure.outputs(engine, network, work), expected)
        fine = measure.is_right(precisions[engine.label], share, cosine)
        verdicts[engine.label] = (fine, worst, cosine)
        if not fine:
            notes.append(f"{network.name}: {engine.label} computes something else (difference {worst:.3g}, cosine {cosine:.6f}); not timed")
    return verdicts


if __name__ == "__main__":
    sys.exit(main())
