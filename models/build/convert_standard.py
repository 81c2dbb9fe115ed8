"""Converts the published TensorFlow and TFLite files of the `standard` pack to ONNX with tf2onnx.

    python convert_standard.py FOLDER

FOLDER holds the files as published, under their names there; the ONNX files are written beside them under
the names of models/packs.toml. tf2onnx numbers what it adds in an order that differs from run to run, so the
bytes differ too; `vultus models import` compares the golden vectors instead.
"""

import subprocess
import sys
from pathlib import Path

# name of the ONNX file -> published file and arguments; input and output names of the graphs
GRAPHS = {
    "mediapipe_face_landmark.onnx": ("face_landmark.tflite", ["--tflite"]),
    "mediapipe_iris_landmark.onnx": ("iris_landmark.tflite", ["--tflite"]),
    "lightqnet-dm100.onnx": (
        "lightqnet-dm100.pb",
        ["--inputs", "input:0", "--outputs", "confidence_st:0", "--inputs-as-nchw", "input:0", "--graphdef"],
    ),
    "aizoo_face_mask_detection.onnx": (
        "face_mask_detection.pb",
        [
            "--inputs", "data_1:0", "--inputs-as-nchw", "data_1:0",
            "--outputs", "loc_branch_concat_1/concat:0,cls_branch_concat_1/concat:0", "--graphdef",
        ],
    ),
}


def main() -> None:
    folder = Path(sys.argv[1])
    for name, (published, arguments) in GRAPHS.items():
        command = [sys.executable, "-m", "tf2onnx.convert", *arguments, str(folder / published)]
        subprocess.run([*command, "--opset", "13", "--output", str(folder / name)], check=True)
        print(f"{name}: converted from {published}")


if __name__ == "__main__":
    main()
