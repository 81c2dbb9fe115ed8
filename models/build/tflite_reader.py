"""Reads a TFLite flatbuffer into plain Python: operators with their tensors, constants as arrays."""

from dataclasses import dataclass, field

import numpy as np
import tflite

OPERATOR_NAMES = {
    number: name for name, number in vars(tflite.BuiltinOperator).items() if isinstance(number, int)
}
DTYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
DENSE, SPARSE_CSR = tflite.DimensionType.DENSE, tflite.DimensionType.SPARSE_CSR
INDEX_VECTORS = {
    tflite.SparseIndexVector.Int32Vector: (tflite.Int32Vector, np.int32),
    tflite.SparseIndexVector.Uint16Vector: (tflite.Uint16Vector, np.uint16),
    tflite.SparseIndexVector.Uint8Vector: (tflite.Uint8Vector, np.uint8),
}
# Options tables of the operators that have any we need.
OPTIONS = {
    "CONV_2D": tflite.Conv2DOptions,
    "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions,
    "MAX_POOL_2D": tflite.Pool2DOptions,
    "ADD": tflite.AddOptions,
    "CONCATENATION": tflite.ConcatenationOptions,
    "RESIZE_BILINEAR": tflite.ResizeBilinearOptions,
    "DEPTH_TO_SPACE": tflite.DepthToSpaceOptions,
}


class TfliteError(Exception):
    """The file holds something this reader or converter doesn't know."""


@dataclass
class Operator:
    kind: str
    inputs: list[int]
    outputs: list[int]
    options: object | None


@dataclass
class Network:
    operators: list[Operator]
    shapes: dict[int, list[int]]
    constants: dict[int, np.ndarray]
    inputs: list[int]
    outputs: list[int]
    names: dict[int, str] = field(default_factory=dict)


def read(data: bytes) -> Network:
    model = tflite.Model.GetRootAs(data, 0)
    if model.SubgraphsLength() != 1:
        raise TfliteError(f"expected one subgraph, found {model.SubgraphsLength()}")
    graph = model.Subgraphs(0)
    shapes, constants, names = {}, {}, {}
    for index in range(graph.TensorsLength()):
        tensor = graph.Tensors(index)
        shapes[index] = [int(n) for n in tensor.ShapeAsNumpy()] if tensor.ShapeLength() else []
        names[index] = tensor.Name().decode()
        raw = model.Buffers(tensor.Buffer())
        if raw.DataLength():
            constants[index] = constant(tensor, raw.DataAsNumpy().tobytes(), shapes[index])
    return Network(
        operators=[operator(model, graph, index) for index in range(graph.OperatorsLength())],
        shapes=shapes, constants=constants, names=names,
        inputs=[int(n) for n in graph.InputsAsNumpy()], outputs=[int(n) for n in graph.OutputsAsNumpy()],
    )


def operator(model, graph, index: int) -> Operator:
    raw = graph.Operators(index)
    code = model.OperatorCodes(raw.OpcodeIndex())
    # Files of before 2021 have the number in the one-byte field only, later ones in both or the new one.
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    kind = OPERATOR_NAMES.get(number, f"operator {number}")
    options = None
    if kind in OPTIONS:
        options = OPTIONS[kind]()
        table = raw.BuiltinOptions()
        if table is None:
            raise TfliteError(f"operator {index} ({kind}) has no options")
        options.Init(table.Bytes, table.Pos)
    return Operator(
        kind, [int(n) for n in raw.InputsAsNumpy()], [int(n) for n in raw.OutputsAsNumpy()], options,
    )


def constant(tensor, raw: bytes, shape: list[int]) -> np.ndarray:
    if tensor.Type() not in DTYPES:
        raise TfliteError(f"constant {tensor.Name()!r} has the unknown type {tensor.Type()}")
    values = np.frombuffer(raw, DTYPES[tensor.Type()])
    sparsity = tensor.Sparsity()
    return values.reshape(shape) if sparsity is None else densify(tensor, sparsity, values, shape)


def densify(tensor, sparsity, values: np.ndarray, shape: list[int]) -> np.ndarray:
    """Expands the one sparse layout these files use: dense axes in order, the last one compressed."""
    rank = len(shape)
    order = [int(n) for n in sparsity.TraversalOrderAsNumpy()]
    formats = [sparsity.DimMetadata(axis).Format() for axis in range(sparsity.DimMetadataLength())]
    if order != list(range(rank)) or formats != [DENSE] * (rank - 1) + [SPARSE_CSR]:
        raise TfliteError(f"tensor {tensor.Name()!r}: unknown sparse layout (order {order}, formats {formats})")
    last = sparsity.DimMetadata(rank - 1)
    segments = index_vector(last.ArraySegmentsType(), last.ArraySegments())
    indices = index_vector(last.ArrayIndicesType(), last.ArrayIndices())
    rows = int(np.prod(shape[:-1]))
    if len(segments) != rows + 1 or segments[-1] != len(indices) or len(indices) != len(values):
        raise TfliteError(f"tensor {tensor.Name()!r}: the sparse index doesn't fit its {len(values)} values")
    dense = np.zeros((rows, shape[-1]), values.dtype)
    for row in range(rows):
        span = slice(int(segments[row]), int(segments[row + 1]))
        dense[row, indices[span]] = values[span]
    return dense.reshape(shape)


def index_vector(kind: int, table) -> np.ndarray:
    if kind not in INDEX_VECTORS:
        raise TfliteError(f"unknown sparse index vector type {kind}")
    reader, dtype = INDEX_VECTORS[kind]
    vector = reader()
    vector.Init(table.Bytes, table.Pos)
    return np.array([vector.Values(at) for at in range(vector.ValuesLength())], dtype).astype(np.int64)
