#!/usr/bin/env bash
# How many instructions one inference takes, of every network on the AVX2 path (valgrind knows no AVX-512).
# A busy machine does not change them: what a change of the code costs is seen to the per cent.
#
#   benches/instructions.sh [--check] [--only NAME]...
#
# Compares with the record in benches/results and rewrites it; with --check it leaves the record alone and exits with 1
# when a count moved by more than 3 %.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v valgrind >/dev/null; then
    echo "valgrind is missing: install it with the system's package manager" >&2
    exit 2
fi
. benches/engine/setup.sh
exec "$work/venv/bin/python" benches/engine/instructions.py --binary "$binary" --work "$work/models" "$@"
