"""From a trained network to an ONNX file that is the same on every run."""

from pathlib import Path

import onnx
import torch
from torch import nn


def write(network: nn.Module, path: Path, inputs: int, side: int) -> None:
    """Batch normalisation is folded into the convolutions before it; the exporter's notes are taken off."""
    torch.onnx.export(
        network.eval(), torch.zeros(1, inputs, side, side), str(path),
        input_names=["input"], output_names=["logit"], opset_version=13, dynamo=False,
    )
    model = onnx.load(str(path))
    model.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
    print(f"{path}: {path.stat().st_size} bytes, {', '.join(sorted({n.op_type for n in model.graph.node}))}")
