"""The networks: which file, which values go in, how many multiply-adds."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper, shape_inference

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "models"
LITE = ROOT / "models" / "source" / "lite"


@dataclass(frozen=True)
class Tensor:
    name: str
    shape: tuple

    def argument(self):
        return f"{self.name}={','.join(map(str, self.shape))}"


@dataclass(frozen=True)
class Network:
    """`low` and `high` bound the uniform input values, in the scale that the network was trained on."""

    name: str
    file: Path
    low: float
    high: float
    input: Tensor
    outputs: tuple
    mmac: float

    @property
    def finds_faces(self):
        """Whether it is a detector, of which more is asked in bytes."""
        return any(word in self.name for word in ("YuNet", "BlazeFace"))

    def values(self):
        generator = np.random.default_rng(1)
        return generator.uniform(self.low, self.high, self.input.shape).astype(np.float32)

    def calibration(self):
        """Sixteen inputs of noise, some of them darker, the first as in `values`."""
        generator = np.random.default_rng(3)
        inputs = [self.values()]
        for _ in range(15):
            high = self.low + (self.high - self.low) * generator.uniform(0.3, 1.0)
            inputs.append(generator.uniform(self.low, high, self.input.shape).astype(np.float32))
        return np.stack(inputs)


# name, file, least and largest input value
STANDARD = [
    ("MobileFaceNet", "mobilefacenet_foamliu.onnx", -2.1, 2.6),
    ("YuNet 320", "yunet_n_320_320.onnx", 0, 255),
    ("YuNet 640", "yunet_n_640_640.onnx", 0, 255),
    ("MiniFASNetV2", "minivision_2.7_80x80_MiniFASNetV2.onnx", 0, 255),
    ("MiniFASNetV1SE", "minivision_4_0_0_80x80_MiniFASNetV1SE.onnx", 0, 255),
    ("face mesh 192", "mediapipe_face_landmark.onnx", 0, 1),
    ("iris 64", "mediapipe_iris_landmark.onnx", 0, 1),
    ("LightQNet dm100", "lightqnet-dm100.onnx", -1, 1),
    ("mask 260", "aizoo_face_mask_detection.onnx", 0, 1),
]
COMMITTED = [
    ("lite: BlazeFace short", "blazeface_short.onnx", -1, 1),
    ("lite: BlazeFace full", "blazeface_full.onnx", -1, 1),
    ("lite: face mesh", "face_mesh.onnx", 0, 1),
    ("lite: dlib ResNet", "dlib_resnet.onnx", -0.48, 0.59),
]
PRELU = "MobileFaceNet + PReLU"


def all_networks(work):
    """Every network whose file is on this machine; copies with fixed shapes go to `work`."""
    found = []
    for folder, rows in ((SHARED, STANDARD), (LITE, COMMITTED)):
        for name, file, low, high in rows:
            if (folder / file).exists():
                model = onnx.load(folder / file)
                found.append(_describe(name, model, low, high, work))
                if name == "MobileFaceNet":
                    found.append(_describe(PRELU, with_prelu(model), low, high, work))
    return found


def with_prelu(model):
    """The same network with PReLU for ReLU6: the speed of recognisers of that kind, whose weights none of us has."""
    generator = np.random.default_rng(2)
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    channels = _channels(copy)
    for index, node in enumerate(copy.graph.node):
        if node.op_type != "Clip":
            continue
        slope = f"slope_{index}"
        values = generator.uniform(0.05, 0.6, (channels[node.output[0]], 1, 1)).astype(np.float32)
        copy.graph.initializer.append(numpy_helper.from_array(values, slope))
        node.CopyFrom(helper.make_node("PRelu", [node.input[0], slope], list(node.output), name=node.name))
    return copy


def _channels(model):
    inferred = shape_inference.infer_shapes(model, data_prop=True)
    return {
        value.name: value.type.tensor_type.shape.dim[1].dim_value
        for value in inferred.graph.value_info
        if len(value.type.tensor_type.shape.dim) == 4
    }


def _describe(name, model, low, high, work):
    initial = {value.name for value in model.graph.initializer}
    (entry,) = [value for value in model.graph.input if value.name not in initial]
    for value in (entry, *model.graph.output):
        for side in value.type.tensor_type.shape.dim:
            # The batch is the only side that any of these files leaves open.
            if not side.dim_value:
                side.dim_value = 1
    file = work / f"{name.replace(' ', '_').replace(':', '').replace('+', 'and')}.onnx"
    onnx.save(model, file)
    return Network(
        name=name,
        file=file,
        low=low,
        high=high,
        input=_tensor(entry),
        outputs=tuple(_tensor(value) for value in model.graph.output),
        mmac=multiply_adds(model) / 1e6,
    )


def _tensor(value):
    sides = value.type.tensor_type.shape.dim
    return Tensor(value.name, tuple(side.dim_value for side in sides))


def multiply_adds(model):
    """Of convolutions and fully connected layers, from the shapes that follow from the input's."""
    graph = shape_inference.infer_shapes(model, data_prop=True).graph
    shapes = {value.name: tuple(value.dims) for value in graph.initializer}
    for value in (*graph.value_info, *graph.input, *graph.output):
        shapes.setdefault(value.name, _tensor(value).shape)
    for node in graph.node:
        if node.op_type == "Constant":
            shapes[node.output[0]] = tuple(node.attribute[0].t.dims)
    count = 0
    for node in graph.node:
        if node.op_type == "Conv":
            weights, out = _weight_shape(node, shapes, graph), shapes[node.output[0]]
            count += int(np.prod(out)) * int(np.prod(weights[1:]))
        elif node.op_type in ("Gemm", "MatMul"):
            count += int(np.prod(_weight_shape(node, shapes, graph)))
    return count


def _weight_shape(node, shapes, graph):
    """Weights that are cast from half precision carry the shape of what is cast."""
    name = node.input[1]
    while name not in shapes or not shapes[name]:
        (source,) = [other for other in graph.node if name in other.output]
        name = source.input[0]
    return shapes[name]
