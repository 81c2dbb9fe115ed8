#!/usr/bin/env bash
# Our engine beside onnxruntime, ncnn and OpenCV in one run; benches/engine/README.md says how it measures.
#
#   benches/engine.sh [--quick] [--json FILE] [--only NAME]... [--no-tract] [--rounds N] [--seconds S]
#
# Needs Python 3.11 with venv, a C compiler and, the first time, Python's package index.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/engine/setup.sh
exec "$work/venv/bin/python" benches/engine/run.py --binary "$binary" --work "$work/models" "$@"
