#!/usr/bin/env bash
# Measures the search index beside faiss, in turns within one run, one thread, CPU time.
#
#   benches/search.sh [--quick] [--json FILE] [--write] [--engine PROGRAM]
#
# --quick leaves out the million rows (9 GB of memory). --json keeps the rows {dim, n, ours_ms, faiss_flat_ms,
# faiss_best_ms, recall1, recall5}. --write rewrites the report in benches/results and its plot. --engine takes a
# built bench instead of building one. The packages of requirements.txt go into a virtual environment below the
# target folder.
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-target}"
venv="$target/search-venv"
arguments=()
engine=
while [ $# -gt 0 ]; do
    case "$1" in
    --engine)
        engine="$2"
        shift
        ;;
    *) arguments+=("$1") ;;
    esac
    shift
done

if ! "$venv/bin/python" -c 'import faiss, matplotlib' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement benches/search/requirements.txt
fi
if [ -z "$engine" ]; then
    engine="$(cargo bench -p vultus --bench search --no-run --message-format json |
        "$venv/bin/python" -c 'import json, sys
print([o["executable"] for o in map(json.loads, sys.stdin) if o.get("executable")][-1])')"
fi
OMP_NUM_THREADS=1 exec "$venv/bin/python" benches/search/compare.py --engine "$engine" "${arguments[@]}"
