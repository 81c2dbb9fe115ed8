#!/usr/bin/env bash
# Downloads the published weights of the `standard` pack, verifies them and makes the pack.
#
#   scripts/fetch-models.sh [PACKDIR]        default: models/my-standard
#
# The networks of this pack are published as ONNX, so nothing is converted. Where there is no internet, get the files
# listed in models/packs.toml by other means and run `vultus models import --from DIR --to PACKDIR`.
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
    local file repository commit path
    file="$(field file "$block")"
    repository="$(field repository "$block")"
    commit="$(field commit "$block")"
    path="$(field path "$block")"
    echo "fetching $file from $repository"
    curl --fail --location --silent --show-error --max-time 300 \
        --output "$downloads/$file" "https://raw.githubusercontent.com/$repository/$commit/$path"
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

cargo run --release --quiet -- models import --from "$downloads" --to "$pack"
