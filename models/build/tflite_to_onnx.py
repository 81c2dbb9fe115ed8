"""Turns the TFLite networks of the pack into NCHW ONNX graphs.

TFLite computes in NHWC. Everything up to the heads is emitted in NCHW, so the graph needs a
transpose only in front of a head's reshape, which must see the values in TFLite's order.
"""

import numpy as np
import tflite

from onnx_graph import Graph
from tflite_reader import Network, Operator, TfliteError, read

NCHW_FROM_NHWC = (0, 3, 1, 2)
DTYPE_F32 = np.float32


def convert(data: bytes, name: str, outputs: dict[int, tuple[str, list[int]]], half_weights: bool) -> Graph:
    """`outputs` maps the index in the file's output list to a public name and shape."""
    return Converter(read(data), name, half_weights).run(outputs)


class Converter:
    def __init__(self, network: Network, name: str, half_weights: bool):
        self.network = network
        self.graph = Graph(name, half_weights)
        self.values: dict[int, str] = {}  # tensor index -> ONNX value
        self.flat: set[int] = set()  # tensors whose ONNX value is in TFLite's own (NHWC) order
        self.pending_pads: dict[int, tuple[int, list[int]]] = {}  # pad output -> its input, spatial pads
        self.readers: dict[int, list[Operator]] = {}
        for operator in network.operators:
            for index in operator.inputs:
                self.readers.setdefault(index, []).append(operator)

    def run(self, outputs: dict[int, tuple[str, list[int]]]) -> Graph:
        if len(self.network.inputs) != 1 or len(self.network.outputs) != len(outputs):
            raise TfliteError(f"expected 1 input and {len(outputs)} outputs")
        source = self.network.inputs[0]
        batch, height, width, channels = self.network.shapes[source]
        self.values[source] = self.graph.input("input", [batch, channels, height, width])
        for operator in self.network.operators:
            handler = getattr(self, operator.kind.lower(), None)
            if handler is None:
                raise TfliteError(f"operator {operator.kind} isn't supported")
            handler(operator)
        for at, (name, shape) in outputs.items():
            self.emit_output(self.network.outputs[at], name, shape)
        return self.graph

    def emit_output(self, index: int, name: str, shape: list[int]) -> None:
        value = self.values[index]
        if self.network.shapes[index] != shape:
            value = self.graph.reshape(self.in_tflite_order(index), shape)
        elif index not in self.flat:
            raise TfliteError(f"output {name} isn't in TFLite's order")
        self.graph.output(value, name, shape)

    # -- helpers ------------------------------------------------------------------------------

    def shape(self, index: int) -> list[int]:
        return self.network.shapes[index]

    def fixed(self, index: int) -> np.ndarray:
        if index not in self.network.constants:
            raise TfliteError(f"tensor {self.network.names[index]!r} should be a constant")
        return self.network.constants[index]

    def nchw(self, index: int) -> str:
        if index in self.flat or index not in self.values:
            raise TfliteError(f"tensor {self.network.names[index]!r} isn't available in NCHW")
        return self.values[index]

    def in_tflite_order(self, index: int) -> str:
        if index in self.flat:
            return self.values[index]
        _, height, width, _ = self.shape(index)
        if height == 1 and width == 1:
            return self.values[index]  # the orders agree
        return self.graph.node("Transpose", [self.values[index]], perm=[0, 2, 3, 1])

    def activate(self, operator: Operator, value: str) -> None:
        kind = operator.options.FusedActivationFunction()
        if kind == tflite.ActivationFunctionType.RELU:
            value = self.graph.node("Relu", [value])
        elif kind != tflite.ActivationFunctionType.NONE:
            raise TfliteError(f"{operator.kind}: fused activation {kind} isn't supported")
        self.values[operator.outputs[0]] = value

    def window_pads(self, operator: Operator, source: int, kernel, dilation=(1, 1)) -> list[int]:
        """TFLite's SAME splits the padding with the odd pixel at the end, as ONNX pads."""
        options = operator.options
        if options.Padding() == tflite.Padding.VALID:
            return [0, 0, 0, 0]
        pads = []
        for axis, stride in enumerate((options.StrideH(), options.StrideW())):
            size = self.shape(source)[1 + axis]
            reach = (kernel[axis] - 1) * dilation[axis] + 1
            total = max((-(-size // stride) - 1) * stride + reach - size, 0)
            pads.append((total // 2, total - total // 2))
        (top, bottom), (left, right) = pads
        return [top, left, bottom, right]

    # -- constants ----------------------------------------------------------------------------

    def dequantize(self, operator: Operator) -> None:
        """Every DEQUANTIZE of these files widens f16 constants; the graph starts from the result."""
        values = self.fixed(operator.inputs[0])
        if values.dtype != np.float16:
            raise TfliteError(f"DEQUANTIZE of {values.dtype} isn't supported")
        self.network.constants[operator.outputs[0]] = values.astype(DTYPE_F32)

    def densify(self, operator: Operator) -> None:
        """The reader has expanded the sparse constant already."""
        self.network.constants[operator.outputs[0]] = self.fixed(operator.inputs[0])

    # -- layers -------------------------------------------------------------------------------

    def convolution(self, operator: Operator, weight: np.ndarray, group: int) -> None:
        options = operator.options
        source, pads = operator.inputs[0], [0, 0, 0, 0]
        if source in self.pending_pads:
            if options.Padding() != tflite.Padding.VALID:
                raise TfliteError(f"{operator.kind}: an explicit PAD in front of SAME padding")
            source, pads = self.pending_pads[source]
        dilation = (options.DilationHFactor(), options.DilationWFactor())
        same = self.window_pads(operator, source, weight.shape[2:], dilation)
        value = self.graph.conv(
            self.nchw(source), weight, self.fixed(operator.inputs[2]), (options.StrideH(), options.StrideW()),
            [a + b for a, b in zip(pads, same)], group, dilation,
        )
        self.activate(operator, value)

    def conv_2d(self, operator: Operator) -> None:
        # [out, height, width, in] -> [out, in, height, width]
        self.convolution(operator, self.fixed(operator.inputs[1]).transpose(NCHW_FROM_NHWC), 1)

    def depthwise_conv_2d(self, operator: Operator) -> None:
        if operator.options.DepthMultiplier() != 1:
            raise TfliteError("DEPTHWISE_CONV_2D: only a depth multiplier of 1 is supported")
        # [1, height, width, channels] -> [channels, 1, height, width]
        weight = self.fixed(operator.inputs[1]).transpose(3, 0, 1, 2)
        self.convolution(operator, weight, weight.shape[0])

    def max_pool_2d(self, operator: Operator) -> None:
        options, source = operator.options, operator.inputs[0]
        kernel = [options.FilterHeight(), options.FilterWidth()]
        value = self.graph.node(
            "MaxPool", [self.nchw(source)], kernel_shape=kernel, strides=[options.StrideH(), options.StrideW()],
            pads=self.window_pads(operator, source, kernel),
        )
        self.activate(operator, value)

    def pad(self, operator: Operator) -> None:
        source, target = operator.inputs[0], operator.outputs[0]
        batch, rows, columns, channels = self.fixed(operator.inputs[1]).tolist()
        feeds_convolutions = all(r.kind in ("CONV_2D", "DEPTHWISE_CONV_2D") for r in self.readers[target])
        if feeds_convolutions and batch == [0, 0] and channels == [0, 0]:
            # The convolutions behind it take the padding as their own: one tensor copy less each.
            self.pending_pads[target] = (source, [rows[0], columns[0], rows[1], columns[1]])
            return
        before, after = zip(batch, channels, rows, columns)
        self.values[target] = self.graph.pad(self.nchw(source), list(before), list(after))

    def add(self, operator: Operator) -> None:
        left, right = operator.inputs
        if self.shape(left) != self.shape(right):
            raise TfliteError("ADD: broadcasting isn't supported")
        self.activate(operator, self.graph.node("Add", [self.nchw(left), self.nchw(right)]))

    def relu(self, operator: Operator) -> None:
        self.values[operator.outputs[0]] = self.graph.node("Relu", [self.nchw(operator.inputs[0])])

    def prelu(self, operator: Operator) -> None:
        slope = self.fixed(operator.inputs[1])
        if slope.shape[:-1] != (1, 1):
            raise TfliteError(f"PRELU: slope of shape {slope.shape} isn't one per channel")
        constant = self.graph.constant("slope", slope.reshape(-1, 1, 1).astype(DTYPE_F32))
        self.values[operator.outputs[0]] = self.graph.node("PRelu", [self.nchw(operator.inputs[0]), constant])

    def resize_bilinear(self, operator: Operator) -> None:
        options, source = operator.options, operator.inputs[0]
        if options.AlignCorners() or not options.HalfPixelCenters():
            raise TfliteError("RESIZE_BILINEAR: only half-pixel centres are supported")
        wanted = self.fixed(operator.inputs[1]).tolist()
        scales = [after / before for after, before in zip(wanted, self.shape(source)[1:3])]
        # At the border both clamp to the edge pixel, so half_pixel is TFLite's formula exactly.
        self.values[operator.outputs[0]] = self.graph.node(
            "Resize", [self.nchw(source), "", self.graph.constant("scales", np.array([1, 1, *scales], DTYPE_F32))],
            mode="linear", coordinate_transformation_mode="half_pixel",
        )

    # -- heads --------------------------------------------------------------------------------

    def depth_to_space(self, operator: Operator) -> None:
        """Emitted with the way back to TFLite's order in one transpose, as only heads use it."""
        source, block = operator.inputs[0], operator.options.BlockSize()
        batch, height, width, depth = self.shape(source)
        channels = depth // (block * block)
        split = self.graph.reshape(self.nchw(source), [batch, block, block, channels, height, width])
        turned = self.graph.node("Transpose", [split], perm=[0, 4, 1, 5, 2, 3])
        target = operator.outputs[0]
        self.values[target] = turned
        self.flat.add(target)
        if any(reader.kind != "RESHAPE" for reader in self.readers[target]):
            raise TfliteError("DEPTH_TO_SPACE: only supported in front of RESHAPE")

    def reshape(self, operator: Operator) -> None:
        target = operator.outputs[0]
        self.values[target] = self.graph.reshape(self.in_tflite_order(operator.inputs[0]), self.shape(target))
        self.flat.add(target)

    def concatenation(self, operator: Operator) -> None:
        if any(index not in self.flat for index in operator.inputs):
            raise TfliteError("CONCATENATION: only supported on reshaped heads")
        value = self.graph.node(
            "Concat", [self.values[index] for index in operator.inputs], axis=operator.options.Axis(),
        )
        self.activate(operator, value)
        self.flat.add(operator.outputs[0])
