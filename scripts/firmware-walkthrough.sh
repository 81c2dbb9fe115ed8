#!/usr/bin/env bash
# Runs every command of docs/firmware.md, in order, in an empty folder: from nothing to a door that runs, emulated, on a
# HiSilicon board.
#
#   scripts/firmware-walkthrough.sh
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release -p vultus-issuer
VULTUS_ISSUER_PASSPHRASE='' scripts/run-page.sh docs/firmware.md 27
