#!/usr/bin/env bash
# Runs every command of docs/firmware.md, in order, in an empty folder: from nothing to a door that runs, emulated, on a
# HiSilicon board.
#
#   scripts/firmware-walkthrough.sh
set -euo pipefail
VULTUS=$(cd "$(dirname "$0")/.." && pwd)
export VULTUS
target=${CARGO_TARGET_DIR:-$VULTUS/target}

cargo build --release --manifest-path "$VULTUS/Cargo.toml" -p vultus-issuer

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
commands="$folder/commands.sh"
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$VULTUS/docs/firmware.md" > "$commands"
[ "$(wc -l < "$commands")" -gt 30 ] || { echo "docs/firmware.md has lost its commands" >&2; exit 1; }

cd "$folder"
PATH="$target/release:$PATH" VULTUS_ISSUER_PASSPHRASE='' bash -euxo pipefail "$commands"
echo "the walk-through of docs/firmware.md holds"
