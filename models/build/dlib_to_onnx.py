"""Builds the ONNX graph of dlib's face recognition network from its weights."""

from dlib_dat import BLOCKS, Convolution, read
from onnx_graph import Graph

SIZE = 150  # pixels of the aligned face on each side


def convert(data: bytes, name: str, half_weights: bool) -> Graph:
    network = read(data)
    graph = Graph(name, half_weights)
    value = graph.input("input", [1, 3, SIZE, SIZE])

    value, channels, size = convolve(graph, value, network.stem, SIZE)
    value = graph.node("Relu", [value])
    value = graph.node("MaxPool", [value], kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 0, 0])
    size = (size - 3) // 2 + 1
    for (_, down), (first, second) in zip(BLOCKS, network.blocks, strict=True):
        shortcut, shortcut_channels, shortcut_size = value, channels, size
        value, _, size = convolve(graph, value, first, size)
        value = graph.node("Relu", [value])
        value, channels, size = convolve(graph, value, second, size)
        if down:
            # The shortcut is averaged down, so it ends up one pixel larger than the convolution's
            # result when the side is even, and has half the channels. dlib adds tensors of unequal
            # size as if both were filled up with zeros at the end of every axis.
            shortcut = graph.node("AveragePool", [shortcut], kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 0, 0])
            shortcut_size = (shortcut_size - 2) // 2 + 1
            side = max(size, shortcut_size)
            value = fill_up(graph, value, 0, side - size)
            shortcut = fill_up(graph, shortcut, channels - shortcut_channels, side - shortcut_size)
            size = side
        value = graph.node("Relu", [graph.node("Add", [value, shortcut])])
    value = graph.node("GlobalAveragePool", [value])
    value = graph.node("Flatten", [value], axis=1)
    value = graph.node("MatMul", [value, graph.weight("weight", network.dense)])
    graph.output(value, "embedding", [1, network.dense.shape[1]])
    return graph


def convolve(graph: Graph, value: str, layer: Convolution, size: int) -> tuple[str, int, int]:
    """Returns the value, its channels and its side."""
    pad = layer.padding
    value = graph.conv(value, layer.weight, layer.bias, [layer.stride] * 2, [pad] * 4)
    return value, layer.weight.shape[0], (size + 2 * pad - layer.weight.shape[2]) // layer.stride + 1


def fill_up(graph: Graph, value: str, channels: int, side: int) -> str:
    return graph.pad(value, [0, 0, 0, 0], [0, channels, side, side])
