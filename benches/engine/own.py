"""Our own engine's processes: how a network becomes a plan, and what is started to run it."""

import subprocess
from pathlib import Path


def compiled(binary, network, work):
    """The network as a plan's file; raises with the compiler's words."""
    plan = Path(work) / f"{network.file.stem}.plan"
    done = subprocess.run([binary, "compile", "--onnx", network.file, "--plan", plan, *_tensors(network)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise ValueError(f"{network.name}: {(done.stdout + done.stderr).strip()}")
    return plan


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
