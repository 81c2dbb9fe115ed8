#!/usr/bin/env bash
# Downloads the published weights of the `standard` pack, verifies them and makes the pack.
#
#   scripts/fetch-models.sh [PACKDIR]        default: models/my-standard
#
# Some networks are published as TensorFlow graphs or TFLite files; they are verified, then converted by
# models/build/convert_standard.py with tf2onnx (Python 3.11, in a virtual environment of its own). Where there is no
# internet, get the files listed in models/packs.toml by other means and run
# `vultus models import --from DIR --to PACKDIR`.
set -euo pipefail
cd "$(dirname "$0")/.."

pack="${1:-models/my-standard}"
downloads="$(mktemp -d)"
trap 'rm -rf "$downloads"' EXIT

field() { # NAME BLOCK: the value of a field of one [[file]] block
    sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" <<<"$2"
}

block=""
fetch() {
    [ -n "$block" ] || return 0
    local file repository commit path published
    file="$(field file "$block")"
    repository="$(field repository "$block")"
    commit="$(field commit "$block")"
    path="$(field path "$block")"
    published="$(field published_sha256 "$block")"
    if [ "$(sed -n 's/^optional = //p' <<<"$block")" = true ]; then
        echo "left out: $file, which nobody publishes as ONNX ($path of $repository)"
        return 0
    fi
    echo "fetching $file from $repository"
    local target="$downloads/$file"
    [ -z "$published" ] || target="$downloads/$(basename "$path")"
    curl --fail --location --silent --show-error --max-time 300 \
        --output "$target" "https://raw.githubusercontent.com/$repository/$commit/$path"
    [ -z "$published" ] || echo "$published  $target" | sha256sum --check --quiet
}

while IFS= read -r line || [ -n "$line" ]; do
    if [ "$line" = "[[file]]" ]; then
        fetch
        block="$line"
    elif [ -n "$block" ]; then
        block+=$'\n'"$line"
    fi
done <models/packs.toml
fetch

python3.11 -m venv "$downloads/venv"
"$downloads/venv/bin/pip" install --quiet -r models/build/requirements-standard.txt
"$downloads/venv/bin/python" models/build/convert_standard.py "$downloads"

cargo run --release --quiet --features onnx -- models import --from "$downloads" --to "$pack"
