"""A small ONNX graph builder: names, weights stored as f16, and a serialisation that never varies."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 13
IR_VERSION = 7  # the IR of opset 13; old enough for every engine, new enough for nothing to be missing

# A weight may lose at most this much, relative to the largest weight of its tensor, on its way to
# f16; a tensor which would lose more is stored as f32.
F16_RELATIVE_LOSS = 1e-3


class Graph:
    def __init__(self, name: str, half_weights: bool):
        self.name = name
        self.half_weights = half_weights
        self.nodes = []
        self.initialisers = []
        self.inputs = []
        self.outputs = []
        self.counts: dict[str, int] = {}
        self.kept_f32: list[str] = []

    def unique(self, stem: str) -> str:
        self.counts[stem] = self.counts.get(stem, 0) + 1
        return f"{stem}_{self.counts[stem]}"

    def input(self, name: str, shape: list[int]) -> str:
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def output(self, value: str, name: str, shape: list[int]) -> None:
        """Renames `value` to the public name; its producer is the last node that wrote it."""
        for node in self.nodes:
            for at, written in enumerate(node.output):
                if written == value:
                    node.output[at] = name
            for at, read in enumerate(node.input):
                if read == value:
                    node.input[at] = name
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def node(self, kind: str, inputs: list[str], **attributes) -> str:
        name = self.unique(kind.lower())
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def constant(self, stem: str, values) -> str:
        """A tensor stored as it is: shapes, biases, slopes."""
        name = self.unique(stem)
        self.initialisers.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def weight(self, stem: str, values: np.ndarray) -> str:
        """A large tensor: f16 with a Cast behind it, which engines fold away when they load it."""
        values = values.astype(np.float32)
        if not self.half_weights:
            return self.constant(stem, values)
        with np.errstate(over="ignore"):
            half = values.astype(np.float16)
        lost = np.abs(half.astype(np.float32) - values).max()
        if not np.isfinite(half).all() or lost > F16_RELATIVE_LOSS * np.abs(values).max():
            name = self.constant(stem, values)
            self.kept_f32.append(name)
            return name
        return self.node("Cast", [self.constant(stem, half)], to=TensorProto.FLOAT)

    # -- operators both converters need -------------------------------------------------------

    def conv(self, data: str, weight: np.ndarray, bias: np.ndarray, strides, pads, group: int = 1, dilations=(1, 1)):
        """`weight` is [out, in / group, height, width]; `pads` is top, left, bottom, right."""
        inputs = [data, self.weight("weight", weight), self.constant("bias", bias.astype(np.float32))]
        return self.node(
            "Conv", inputs, kernel_shape=list(weight.shape[2:]), strides=list(strides),
            pads=list(pads), group=group, dilations=list(dilations),
        )

    def pad(self, data: str, before: list[int], after: list[int]) -> str:
        """Zero padding in NCHW; nothing is emitted when there is nothing to pad."""
        if not any(before) and not any(after):
            return data
        pads = self.constant("pads", np.array([*before, *after], np.int64))
        return self.node("Pad", [data, pads], mode="constant")  # with the default value, zero

    def reshape(self, data: str, shape: list[int]) -> str:
        return self.node("Reshape", [data, self.constant("shape", np.array(shape, np.int64))])

    def serialise(self) -> bytes:
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, self.initialisers)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="vultus",
        )
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString(deterministic=True)
