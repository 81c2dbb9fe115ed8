#!/usr/bin/env bash
# Trains the networks of liveness anew: models/train/run.sh [CACHE]
#
# CACHE (target/train) keeps the Python environment, the drawn pictures and a checkpoint after every epoch: what was stopped goes
# on where it was. Afterwards: models/build/README.md makes the pack, `just liveness` fits thresholds and judges.
set -euo pipefail
cd "$(dirname "$0")/../.."
cache="${1:-target/train}"
mkdir -p "$cache"
python="$cache/venv/bin/python"
if [ ! -e "$cache/venv/done" ]; then
    python3.11 -m venv "$cache/venv"
    "$python" -m pip install --quiet --no-deps -r models/train/requirements.txt
    touch "$cache/venv/done"
fi
if [ ! -e "$cache/infrared.bin" ]; then
    cargo run --release -p vultus-simulator --example infrared -- dump "$cache/infrared.bin.new"
    mv "$cache/infrared.bin.new" "$cache/infrared.bin"
fi
PYTHONDONTWRITEBYTECODE=1 "$python" models/train/infrared.py --pictures "$cache/infrared.bin" \
    --checkpoint "$cache/infrared.pt" --output models/source/lite/infrared.onnx
if [ ! -e "$cache/depth.bin" ]; then
    cargo run --release -p vultus-simulator --example depth -- dump "$cache/depth.bin.new"
    mv "$cache/depth.bin.new" "$cache/depth.bin"
fi
PYTHONDONTWRITEBYTECODE=1 "$python" models/train/depth.py --pictures "$cache/depth.bin" \
    --checkpoint "$cache/depth.pt" --output models/source/lite/depth.onnx
