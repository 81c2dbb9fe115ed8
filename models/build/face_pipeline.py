"""A reference pipeline in numpy: detect, mesh, align, embed. It exists to check the converted
networks on photographs, and it states every formula between them once in plain sight.

Coordinates are continuous: pixel i covers [i, i + 1), so its centre is at i + 0.5.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from make_golden import session, tensor

RIGHT_EYE, LEFT_EYE = 0, 1  # the first two of BlazeFace's six key points; "right" is the person's
SCORE_CLIP = 100.0  # logits are clipped to +-100 before the sigmoid
NMS_IOU = 0.3
ROI_SCALE = 1.5
MESH_SIZE = 192


@dataclass
class Face:
    score: float
    box: np.ndarray  # left, top, right, bottom in pixels
    points: np.ndarray  # [6, 2]: right eye, left eye, nose tip, mouth, right ear, left ear


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -SCORE_CLIP, SCORE_CLIP)))


def anchors(size: int, strides: list[int], per_cell: int) -> np.ndarray:
    """Anchor centres in [0, 1]. Layers of equal stride share their cells, and so lie together."""
    centres, at = [], 0
    while at < len(strides):
        stride = strides[at]
        layers = len([s for s in strides[at:] if s == stride])
        cells = -(-size // stride)
        for row in range(cells):
            for column in range(cells):
                centres += [((column + 0.5) / cells, (row + 0.5) / cells)] * (layers * per_cell)
        at += layers
    return np.array(centres)


def warp(image: np.ndarray, to_source: np.ndarray, size: int, border: int) -> np.ndarray:
    """`to_source` maps continuous coordinates of the result to those of the image."""
    matrix = to_source.copy()
    matrix[:, 2] += to_source[:, :2] @ [0.5, 0.5] - 0.5  # OpenCV counts from pixel centres
    return cv2.warpAffine(
        image, matrix, (size, size), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=border,
    )


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least-squares rotation, scale and shift from `source` to `target` points, as 2 x 3."""
    zeros, ones = np.zeros(len(source)), np.ones(len(source))
    x, y = source.T
    rows = np.concatenate([np.stack([x, -y, ones, zeros], 1), np.stack([y, x, zeros, ones], 1)])
    a, b, c, d = np.linalg.lstsq(rows, target.T.reshape(-1), rcond=None)[0]
    return np.array([[a, -b, c], [b, a, d]])


class Pipeline:
    def __init__(self, manifest: dict, folder):
        self.networks = {network["name"]: network for network in manifest["network"]}
        self.sessions = {name: session(folder / n["file"]) for name, n in self.networks.items()}

    def run(self, name: str, image: np.ndarray) -> list[np.ndarray]:
        network = self.networks[name]
        wanted = [output["name"] for output in network["output"]]
        return self.sessions[name].run(wanted, {"input": tensor(image, network["input"])})

    def detector_input(self, name: str, image: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
        """The image fitted into the network's square, centred, with black bars around it."""
        size = self.networks[name]["input"]["shape"][2]
        height, width = image.shape[:2]
        scale = max(height, width) / size  # image pixels per network pixel
        shift = (np.array([width, height]) - size * scale) / 2
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        return warp(image, matrix, size, cv2.BORDER_CONSTANT), scale * size, shift

    def detect(self, name: str, image: np.ndarray) -> list[Face]:
        network = self.networks[name]
        size, decode = network["input"]["shape"][2], network["decode"]
        square, side, shift = self.detector_input(name, image)
        regressors, logits = self.run(name, square)
        scores = sigmoid(logits.reshape(-1))
        centres = anchors(size, decode["strides"], decode["anchors_per_cell"])
        found = []
        for at in np.flatnonzero(scores >= decode["score_threshold"]):
            # x, y, width, height and six points, all in network pixels and, but for the size,
            # relative to the anchor; the anchors' own size is 1 and so leaves the formula.
            values = regressors[0, at].astype(np.float64).reshape(8, 2) / size
            middle, extent = values[0] + centres[at], values[1]
            box = np.concatenate([middle - extent / 2, middle + extent / 2])
            points = (values[2:] + centres[at]) * side + shift
            found.append(Face(float(scores[at]), box * side + np.tile(shift, 2), points))
        return suppress(found)

    def mesh_roi(self, face: Face) -> np.ndarray:
        """Maps the mesh's input square to the image: level eyes, 1.5 times the longer side."""
        dx, dy = face.points[LEFT_EYE] - face.points[RIGHT_EYE]
        angle = np.arctan2(dy, dx)
        left, top, right, bottom = face.box
        scale = ROI_SCALE * max(right - left, bottom - top) / MESH_SIZE
        linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        centre = np.array([(left + right) / 2, (top + bottom) / 2])
        return np.column_stack([linear, centre - linear @ [MESH_SIZE / 2, MESH_SIZE / 2]])

    def mesh_input(self, image: np.ndarray, face: Face) -> np.ndarray:
        return warp(image, self.mesh_roi(face), MESH_SIZE, cv2.BORDER_REPLICATE)

    def mesh(self, image: np.ndarray, face: Face) -> tuple[np.ndarray, float]:
        """468 points in image pixels, and the probability that there is a face at all."""
        landmarks, logit = self.run("face_mesh", self.mesh_input(image, face))
        roi = self.mesh_roi(face)
        # x and y are pixels of the input square; z (dropped here) has the same scale.
        points = landmarks.reshape(468, 3)[:, :2].astype(np.float64)
        return points @ roi[:, :2].T + roi[:, 2], float(sigmoid(logit)[0, 0])

    def chip(self, image: np.ndarray, points: np.ndarray) -> np.ndarray:
        align = self.networks["dlib_resnet"]["align"]
        to_image = similarity(np.array(align["template"]), points[align["mesh_points"]])
        return warp(image, to_image, align["size"], cv2.BORDER_CONSTANT)

    def embed(self, chip: np.ndarray) -> np.ndarray:
        return self.run("dlib_resnet", chip)[0][0].astype(np.float64)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    shared = np.prod(np.maximum(sides, 0))
    return shared / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared)


def suppress(faces: list[Face]) -> list[Face]:
    """Weighted suppression: the faces that overlap the best one are averaged into it by score."""
    remaining, kept = sorted(faces, key=lambda face: -face.score), []
    while remaining:
        best = remaining[0]
        group = [face for face in remaining if overlap(best.box, face.box) > NMS_IOU]
        weights = np.array([face.score for face in group])
        kept.append(Face(
            best.score,
            np.average([face.box for face in group], axis=0, weights=weights),
            np.average([face.points for face in group], axis=0, weights=weights),
        ))
        remaining = [face for face in remaining if overlap(best.box, face.box) <= NMS_IOU]
    return kept


def most_central(faces: list[Face], image: np.ndarray) -> Face | None:
    middle = np.array(image.shape[1::-1]) / 2
    return min(faces, key=lambda f: np.linalg.norm((f.box[:2] + f.box[2:]) / 2 - middle), default=None)
