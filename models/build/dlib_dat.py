"""Reads the weights of dlib's face recognition network (ResNet-29) from its .dat file.

dlib serialises a network as nested layers: on the way in every layer writes its version, and after
the innermost layer (which holds the input) each one writes its own details on the way out. So a
reader has to know the order of the layers; `layer_names` spells it out.
"""

import math
from dataclasses import dataclass

import numpy as np

# Residual blocks from the input outwards, as (filters, downsampling). dlib's own definition of the
# network lists them the other way round, since its C++ types nest.
BLOCKS = (
    [(32, False)] * 3
    + [(64, True)] + [(64, False)] * 3
    + [(128, True)] + [(128, False)] * 2
    + [(256, True)] + [(256, False)] * 2
    + [(256, True)]
)
EMBEDDING = 128
MEAN = [122.782, 117.001, 104.298]  # R, G, B; the manifest's normalisation relies on it


class DlibError(Exception):
    """The .dat file isn't the network this reader knows."""


@dataclass
class Convolution:
    """A convolution with the affine layer behind it already folded in, in f64."""

    weight: np.ndarray  # [out, in, height, width]
    bias: np.ndarray
    stride: int
    padding: int


@dataclass
class Network:
    stem: Convolution
    blocks: list[tuple[Convolution, Convolution]]
    dense: np.ndarray  # [inputs, outputs]


def layer_names() -> list[str]:
    """Every layer from the input outwards."""
    names = ["con", "affine", "relu", "max_pool"]
    for _, down in BLOCKS:
        names += ["tag", "con", "affine", "relu", "con", "affine"]
        names += ["tag", "skip", "avg_pool", "add_prev"] if down else ["add_prev"]
        names += ["relu"]
    return [*names, "avg_pool", "fc"]


class Reader:
    def __init__(self, data: bytes):
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise DlibError(f"the file ends inside a value at byte {self.at}")
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self) -> int:
        """A length byte whose top bit is the sign, then that many bytes, little-endian."""
        head = self.take(1)[0]
        if head & 0x70 or not 1 <= head & 0x0F <= 8:
            raise DlibError(f"no integer at byte {self.at - 1}")
        value = int.from_bytes(self.take(head & 0x0F), "little")
        return -value if head & 0x80 else value

    def real(self) -> float:
        mantissa, exponent = self.integer(), self.integer()
        return math.ldexp(mantissa, exponent)

    def boolean(self) -> bool:
        value = self.take(1)
        if value not in (b"0", b"1"):
            raise DlibError(f"no boolean at byte {self.at - 1}")
        return value == b"1"

    def text(self) -> str:
        return self.take(self.integer()).decode("ascii")

    def expect(self, what: str, found, *wanted) -> None:
        if found not in wanted:
            raise DlibError(f"{what} is {found!r} before byte {self.at}, expected one of {wanted}")

    def tensor(self) -> np.ndarray:
        self.expect("tensor version", self.integer(), 2)
        shape = [self.integer() for _ in range(4)]
        count = math.prod(shape)
        return np.frombuffer(self.take(4 * count), "<f4").reshape(shape).astype(np.float64)

    def alias(self) -> list[int]:
        """A view into a parameter tensor: only its shape is stored."""
        self.expect("alias tensor version", self.integer(), 1)
        return [self.integer() for _ in range(4)]

    # -- layers: each returns what the graph needs of it ----------------------------------------

    def input_layer(self) -> None:
        self.expect("input layer", self.text(), "input_rgb_image_sized")
        self.expect("mean colour", [round(self.real(), 3) for _ in range(3)], MEAN)
        self.expect("input rows", self.integer(), 150)
        self.expect("input columns", self.integer(), 150)

    def con(self) -> Convolution:
        self.expect("layer", self.text(), "con_4")
        params = self.tensor().reshape(-1)
        filters = self.integer()
        rows, columns, stride_y, stride_x, padding_y, padding_x = (self.integer() for _ in range(6))
        weight_shape, bias_shape = self.alias(), self.alias()
        for _ in range(4):
            self.real()  # learning-rate and weight-decay multipliers
        if (rows, stride_y, padding_y) != (columns, stride_x, padding_x):
            raise DlibError("a convolution isn't square")
        split = math.prod(weight_shape)
        if weight_shape[0] != filters or weight_shape[2] != rows or split + math.prod(bias_shape) != params.size:
            raise DlibError("a convolution's parameters don't fit its shape")
        return Convolution(params[:split].reshape(weight_shape), params[split:], stride_y, padding_y)

    def affine(self) -> tuple[np.ndarray, np.ndarray]:
        self.expect("layer", self.text(), "affine_")
        params = self.tensor().reshape(-1)
        gamma_shape, beta_shape = self.alias(), self.alias()
        self.integer()  # mode: per channel, which the shapes say as well
        if gamma_shape != beta_shape or gamma_shape[1] != math.prod(gamma_shape):
            raise DlibError("an affine layer isn't per channel")
        gamma, beta = params.reshape(2, -1)
        return gamma, beta

    def pool(self, kind: str, window: int, stride: int) -> None:
        self.expect("layer", self.text(), kind)
        found = tuple(self.integer() for _ in range(6))
        self.expect(f"{kind} geometry", found, (window, window, stride, stride, 0, 0))

    def fc(self) -> np.ndarray:
        self.expect("layer", self.text(), "fc_2")
        outputs, inputs = self.integer(), self.integer()
        params = self.tensor().reshape(-1)
        self.alias(), self.alias()
        self.expect("bias mode of the last layer", self.integer(), 1)  # no bias
        for _ in range(4):
            self.real()
        self.expect("embedding size", outputs, EMBEDDING)
        return params.reshape(inputs, outputs)

    def computational_tail(self, innermost: bool) -> None:
        """Flags and three tensors of training state behind each computing layer's details."""
        for _ in range(3):
            self.boolean()
        for _ in range(3):
            self.tensor()
        if innermost:
            self.expect("sample expansion factor", self.integer(), 1)


def read(data: bytes) -> Network:
    reader = Reader(data)
    reader.expect("loss layer version", reader.integer(), 1)
    reader.expect("loss layer", reader.text(), "loss_metric_2")
    reader.real(), reader.real()  # margin and distance threshold
    names = layer_names()
    for position in range(len(names) - 1, -1, -1):
        wanted = {"tag": 1, "skip": 1}.get(names[position], 3 if position == 0 else 2)
        reader.expect(f"version of layer {position} ({names[position]})", reader.integer(), wanted)
    reader.input_layer()

    convolutions: list[Convolution] = []
    dense = None
    for position, name in enumerate(names):
        if name in ("tag", "skip"):
            continue  # nothing behind their version
        if name == "con":
            convolutions.append(reader.con())
        elif name == "affine":
            fold(convolutions[-1], *reader.affine())
        elif name == "max_pool":
            reader.pool("max_pool_2", 3, 2)
        elif name == "avg_pool" and position == len(names) - 2:
            reader.pool("avg_pool_2", 0, 1)  # a window of 0 is the whole plane
        elif name == "avg_pool":
            reader.pool("avg_pool_2", 2, 2)
        elif name == "relu":
            reader.expect("layer", reader.text(), "relu_")
        elif name == "add_prev":
            reader.expect("layer", reader.text(), "add_prev_")
        else:
            dense = reader.fc()
        reader.computational_tail(innermost=position == 0)
    if reader.at != len(data):
        raise DlibError(f"{len(data) - reader.at} bytes are left behind the network")
    stem, *rest = convolutions
    blocks = list(zip(rest[::2], rest[1::2]))
    check_blocks(stem, blocks)
    return Network(stem, blocks, dense)


def fold(convolution: Convolution, gamma: np.ndarray, beta: np.ndarray) -> None:
    """affine(conv(x)) = gamma * conv(x) + beta as one convolution."""
    convolution.weight = convolution.weight * gamma[:, None, None, None]
    convolution.bias = convolution.bias * gamma + beta


def check_blocks(stem: Convolution, blocks) -> None:
    if (stem.weight.shape, stem.stride, stem.padding) != ((32, 3, 7, 7), 2, 0):
        raise DlibError(f"the first convolution is {stem.weight.shape}, stride {stem.stride}")
    for (filters, down), (first, second) in zip(BLOCKS, blocks, strict=True):
        wanted = [(filters, 2 if down else 1, 0 if down else 1), (filters, 1, 1)]
        found = [(c.weight.shape[0], c.stride, c.padding) for c in (first, second)]
        if found != wanted:
            raise DlibError(f"a residual block is {found}, expected {wanted}")
