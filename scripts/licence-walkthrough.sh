#!/usr/bin/env bash
# Runs every command of docs/licensing.md, in order, in an empty folder.
#
#   scripts/licence-walkthrough.sh
#
# The tool is built with the key that the walk makes, so the next ordinary build compiles it again.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release -p vultus-issuer
VULTUS_ISSUER_PASSPHRASE='' scripts/run-page.sh docs/licensing.md 30
