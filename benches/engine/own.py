"""Our own engine's processes: how a network becomes a plan, and what is started to run it."""

import subprocess
from pathlib import Path


def compiled(binary, network, work):
    """The network as a plan's file; raises with the compiler's words."""
    plan = Path(work) / f"{network.file.stem}.plan"
    _done(network, [binary, "compile", "--onnx", network.file, "--plan", plan, *_tensors(network)])
    return plan


def quantised(binary, network, plan, work):
    """A plan of bytes and how many layers are not; calibrated on noise, so good for its speed alone."""
    inputs, made = Path(work) / "calibration.f32", plan.with_suffix(".int8.plan")
    network.calibration().tofile(inputs)
    words = ["quantise", "--plan", plan, "--bytes", made, "--calibration", inputs]
    words += ["--role", "detector" if network.finds_faces else "embedder"]
    return made, _done(network, [binary, *words, *_tensors(network)])


def _done(network, command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise ValueError(f"{network.name}: {(done.stdout + done.stderr).strip()}")
    return done.stdout.strip()


def serve_plan(binary, network, plan):
    return [binary, "serve", "--plan", plan, *_tensors(network)]


def serve_onnx(binary, network):
    return [binary, "serve", "--onnx", network.file, *_tensors(network)]


def profile(binary, network, plan):
    return [binary, "profile", "--plan", plan, *_tensors(network)]


def _tensors(network):
    words = ["--input", network.input.argument()]
    for tensor in network.outputs:
        words += ["--output", tensor.argument()]
    return words
