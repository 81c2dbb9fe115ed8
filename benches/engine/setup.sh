# Sourced by the scripts beside this folder, from the repository's root: the peers' environment as $work/venv and our own
# engine's process as $binary.

work=$(mkdir -p "${CARGO_TARGET_DIR:-target}/engine" && cd "${CARGO_TARGET_DIR:-target}/engine" && pwd)

if ! cmp -s benches/engine/requirements.txt "$work/venv/installed.txt"; then
    rm -rf "$work/venv"
    "${PYTHON:-python3}" -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r benches/engine/requirements.txt
    cp benches/engine/requirements.txt "$work/venv/installed.txt"
fi

binary=$(cargo bench -p vultus --bench engine --features onnx --no-run --message-format json 2>"$work/build.log" |
    sed -n 's/.*"name":"engine".*"executable":"\([^"]*\)".*/\1/p') || true
if [ -z "$binary" ]; then
    cat "$work/build.log" >&2
    exit 1
fi
