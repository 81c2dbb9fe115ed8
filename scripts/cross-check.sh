#!/usr/bin/env bash
# Type-checks crates for a device's target, without linking.
#
#   scripts/cross-check.sh TARGET [CARGO CHECK ARGUMENTS]
#   scripts/cross-check.sh armv7-unknown-linux-gnueabihf -p vultus-ffi
#
# Needs Debian's cross compiler of the target and its standard library; what is missing is installed with apt-get and rustup.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/device/targets.sh
. scripts/device/targets.sh

folder="${CARGO_TARGET_DIR:-target}/cross"
mkdir -p "$folder"
describe "$1"
shift
install_packages
provide_standard_library "$(cd "$folder" && pwd)"
export_c_compiler
cargo check --target "$triple" --target-dir "$folder" "$@"
