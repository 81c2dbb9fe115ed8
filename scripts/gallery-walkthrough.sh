#!/usr/bin/env bash
# Runs every command of docs/gallery.md, in order, in an empty folder.
#
#   scripts/gallery-walkthrough.sh
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --bin vultus
VULTUS_MODELS="$PWD/models/lite" scripts/run-page.sh docs/gallery.md 15
