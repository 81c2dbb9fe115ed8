#!/usr/bin/env bash
# Builds the library's tests for ARM and runs them under qemu's user emulation, one processor after another.
#
#   scripts/cross-test.sh [TARGET...] [-- CARGO TEST ARGUMENTS]
#   scripts/cross-test.sh                                             the whole library, 64 and 32 bits
#   scripts/cross-test.sh hisi-armv7-softfp -- -p vultus-nn --lib
#
# Targets: aarch64-unknown-linux-gnu and armv7-unknown-linux-gnueabihf, which are also the default, and
# hisi-armv7-softfp. Arguments after `--` take the place of `-p vultus -p vultus-nn --lib`; they end in a
# filter or in `-- TEST ARGUMENTS` as usual. VULTUS_EMULATED names other processors of qemu than the ones of
# scripts/device/targets.sh. Built with assertions on, because emulation is here to say that code is right; how fast it
# is, emulation cannot say.
#
# Needs Debian's cross compilers and qemu-user-static and the standard library of the target. What is missing is
# installed with apt-get and rustup; where there is none to install, it is built from its source.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/device/targets.sh
. scripts/device/targets.sh

targets=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    targets+=("$1")
    shift
done
[ $# -eq 0 ] || shift
[ ${#targets[@]} -gt 0 ] || targets=(aarch64-unknown-linux-gnu armv7-unknown-linux-gnueabihf)
arguments=("$@")
[ ${#arguments[@]} -gt 0 ] || arguments=(-p vultus -p vultus-nn --lib)

folder="${CARGO_TARGET_DIR:-target}/cross"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

test_target() {
    local upper started
    describe "$1"
    if [ -z "$emulator" ]; then
        echo "$1 needs no emulation: cargo test" >&2
        exit 2
    fi
    install_packages
    provide_standard_library "$folder"
    export_c_compiler
    upper="$(tr a-z- A-Z_ <<<"$triple")"
    export "CARGO_TARGET_${upper}_LINKER=$prefix-gcc"
    export "CARGO_TARGET_${upper}_RUNNER=$(runner)"
    export CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true
    # Every one of the processors has it: a library that does not see it must fail here, not run without.
    export VULTUS_CPU="${VULTUS_CPU:-neon}"
    for processor in "${processors[@]}"; do
        echo "== $1 on $processor"
        started=$SECONDS
        QEMU_CPU="$processor" cargo test --release --target "$triple" --target-dir "$folder" "${arguments[@]}"
        echo "== $1 on $processor: $((SECONDS - started)) s"
    done
}

for target in "${targets[@]}"; do
    # A subshell each: what is exported for one must not reach the next.
    (test_target "$target")
done
