#!/usr/bin/env bash
# Runs every command of docs/licensing.md, in order, in an empty folder.
#
#   scripts/licence-walkthrough.sh
#
# The tool is built with the key that the walk makes, so the next ordinary build compiles it again.
set -euo pipefail
VULTUS=$(cd "$(dirname "$0")/.." && pwd)
export VULTUS
target=${CARGO_TARGET_DIR:-$VULTUS/target}

cargo build --release --manifest-path "$VULTUS/Cargo.toml" -p vultus-issuer

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
commands="$folder/commands.sh"
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$VULTUS/docs/licensing.md" > "$commands"
[ "$(wc -l < "$commands")" -gt 30 ] || { echo "docs/licensing.md has lost its commands" >&2; exit 1; }

cd "$folder"
PATH="$target/release:$PATH" VULTUS_ISSUER_PASSPHRASE='' bash -euxo pipefail "$commands"
echo "the walk-through of docs/licensing.md holds"
