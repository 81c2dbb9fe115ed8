#!/usr/bin/env bash
# Runs the tests of the network engine under AddressSanitizer: hostile plans, the kernels, the executor.
# Whatever reads or writes outside its memory ends the run, also where the wrong value would have gone unnoticed.
#
#   scripts/sanitize-plans.sh [TEST FILTER]
#
# The sanitizer is a part of rustc that is not stable yet: taken from the nightly toolchain where there is one, else
# switched on in the stable one. The portable kernels and the best ones of this processor run; `VULTUS_CPU` chooses others.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(rustc -vV | sed -n 's/^host: //p')
cargo=(cargo)
if rustup run nightly rustc --version >/dev/null 2>&1; then
    cargo=(cargo +nightly)
else
    export RUSTC_BOOTSTRAP=1
fi
# A folder of its own: instrumented builds must not be mixed with others. The target is named so that build scripts
# stay as they are.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/sanitized"
export RUSTFLAGS="-Zsanitizer=address ${RUSTFLAGS:-}"
# A hostile count must be refused before memory is asked for: 512 MiB at once is no honest plan's.
export ASAN_OPTIONS="detect_leaks=1:max_allocation_size_mb=512:${ASAN_OPTIONS:-}"

"${cargo[@]}" test --release --target "$target" -p vultus-nn --lib -- "$@"
