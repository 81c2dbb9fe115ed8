#!/usr/bin/env bash
# Runs every command of a page, in order, in an empty folder; the page has to have so many lines of them at least.
#
#   scripts/run-page.sh docs/PAGE.md LEAST
#
# For the walk-throughs beside it, which build what the page calls and set what it reads from the environment.
set -euo pipefail
page=$1
least=$2
VULTUS=$(cd "$(dirname "$0")/.." && pwd)
export VULTUS

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
commands="$folder/commands.sh"
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$VULTUS/$page" > "$commands"
[ "$(wc -l < "$commands")" -gt "$least" ] || { echo "$page has lost its commands" >&2; exit 1; }

cd "$folder"
PATH="${CARGO_TARGET_DIR:-$VULTUS/target}/release:$PATH" bash -euxo pipefail "$commands"
echo "the walk-through of $page holds"
