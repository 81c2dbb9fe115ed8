#!/usr/bin/env bash
# Line coverage of licensing/src by its own tests, without the test kit; fails below 95 %.
# Needs the LLVM tools of the compiler in use; installs them with rustup where they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

least=95
tools="$(rustc --print target-libdir)/../bin"
if [ ! -x "$tools/llvm-cov" ]; then
    if ! command -v rustup >/dev/null; then
        echo "llvm-cov is missing: install rustup, or the LLVM tools of the compiler in use, into $tools" >&2
        exit 2
    fi
    rustup component add llvm-tools
fi

# A folder of its own: instrumented builds must not be mixed with others.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/coverage"
profiles="$CARGO_TARGET_DIR/profiles"
rm -rf "$profiles"
mkdir -p "$profiles"
profiles="$(cd "$profiles" && pwd)"
export LLVM_PROFILE_FILE="$profiles/%p-%m.profraw"
export RUSTFLAGS="-C instrument-coverage"

binaries="$(cargo test -p vultus-licensing --tests --no-run 2>&1 | tee /dev/stderr |
    sed -n 's/.*Executable.*(\(.*\))$/\1/p')"
cargo test -p vultus-licensing --tests
"$tools/llvm-profdata" merge -sparse "$profiles"/*.profraw -o "$profiles/all.profdata"

objects=()
for binary in $binaries; do
    objects+=(--object "$binary")
done
report() {
    "$tools/llvm-cov" "$1" "${objects[@]}" --instr-profile "$profiles/all.profdata" \
        --ignore-filename-regex '(/tests/|parser_tests\.rs|/testkit/|/benches/|\.cargo|/rustc/|/build/|build\.rs)' "${@:2}"
}
report report --show-region-summary=false --show-branch-summary=false
report show --show-line-counts-or-regions=false >"$profiles/lines.txt"
echo "lines, one by one: $profiles/lines.txt"

covered="$(report report | awk '/^TOTAL/ { print substr($10, 1, length($10) - 1) }')"
echo "licensing: $covered % of lines, at least $least % wanted"
awk -v covered="$covered" -v least="$least" 'BEGIN { exit !(covered >= least) }'
