#!/usr/bin/env bash
# Runs every command of docs/gallery.md, in order, in an empty folder.
#
#   scripts/gallery-walkthrough.sh
set -euo pipefail
VULTUS=$(cd "$(dirname "$0")/.." && pwd)
export VULTUS
target=${CARGO_TARGET_DIR:-$VULTUS/target}

cargo build --release --manifest-path "$VULTUS/Cargo.toml" --bin vultus

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
commands="$folder/commands.sh"
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$VULTUS/docs/gallery.md" > "$commands"
[ "$(wc -l < "$commands")" -gt 15 ] || { echo "docs/gallery.md has lost its commands" >&2; exit 1; }

cd "$folder"
PATH="$target/release:$PATH" VULTUS_MODELS="$VULTUS/models/lite" bash -euxo pipefail "$commands"
echo "the walk-through of docs/gallery.md holds"
