"""One peer, one network, one thread: speaks the same lines as the engine's own process (main.rs).

usage: peer.py onnxruntime|ncnn|opencv MODEL INPUT=SHAPE OUTPUT...
"""

import sys
import time

import numpy as np


class OnnxRuntime:
    def __init__(self, model, name, shape, outputs):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.name, self.wanted = name, outputs

    def set_input(self, values):
        self.feed = {self.name: values}

    def run(self):
        self.results = self.session.run(self.wanted, self.feed)


class Ncnn:
    """`model` is what pnnx made of it: MODEL.param and MODEL.bin, whose outputs are numbered in ONNX's order."""

    def __init__(self, model, name, shape, outputs):
        import ncnn

        self.ncnn = ncnn
        self.net = ncnn.Net()
        self.net.opt.num_threads = 1
        self.net.opt.use_vulkan_compute = False
        if self.net.load_param(model + ".param") or self.net.load_model(model + ".bin"):
            raise RuntimeError("ncnn cannot load it")
        self.wanted = [f"out{index}" for index in range(len(outputs))]

    def set_input(self, values):
        self.values = np.ascontiguousarray(values[0])
        self.mat = self.ncnn.Mat(self.values)

    def run(self):
        extractor = self.net.create_extractor()
        extractor.input("in0", self.mat)
        self.results = []
        for name in self.wanted:
            failed, mat = extractor.extract(name)
            if failed:
                raise RuntimeError(f"ncnn computes no {name}")
            self.results.append(mat)


class OpenCv:
    def __init__(self, model, name, shape, outputs):
        import cv2

        cv2.setNumThreads(1)
        self.net = cv2.dnn.readNetFromONNX(model)
        self.name, self.wanted = name, outputs

    def set_input(self, values):
        self.values = values

    def run(self):
        self.net.setInput(self.values, self.name)
        self.results = self.net.forward(self.wanted)


PEERS = {"onnxruntime": OnnxRuntime, "ncnn": Ncnn, "opencv": OpenCv}


def say(*words):
    print(*words, flush=True)


def timed(work):
    before = time.process_time_ns()
    work()
    return (time.process_time_ns() - before) / 1e6


def main(kind, model, entry, *outputs):
    name, sides = entry.rsplit("=", 1)
    shape = tuple(map(int, sides.split(",")))
    peer = PEERS[kind](model, name, shape, list(outputs))
    say("ready")
    for line in sys.stdin:
        verb, argument = line.split(maxsplit=1)
        argument = argument.strip()
        if verb == "input":
            peer.set_input(np.fromfile(argument, "<f4").reshape(shape))
            say("ok")
        elif verb == "run":
            say("ms", *(f"{timed(peer.run):.5f}" for _ in range(int(argument))))
        elif verb == "output":
            values = np.concatenate([np.asarray(result, "<f4").ravel() for result in peer.results])
            values.tofile(argument)
            say("ok", values.size)
        else:
            raise ValueError(f"unknown line {line}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as why:  # The driver shows it; there is nobody else to tell.
        say("error", type(why).__name__, *str(why).split())
        sys.exit(1)
