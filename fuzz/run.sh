#!/usr/bin/env bash
# Builds the targets and fuzzes them one after another.
#
#   fuzz/run.sh [SECONDS [TARGET...]]
#   fuzz/run.sh 60                 each target for a minute
#   fuzz/run.sh 3600 licence       one of them for an hour
#
# Needs a nightly compiler (rustup toolchain install nightly); cargo-fuzz is not needed, and works as well. A finding stops
# the run and lies in fuzz/artifacts; run the program with it as an argument to see it again.
set -euo pipefail
cd "$(dirname "$0")"

seconds="${1:-60}"
[ $# -eq 0 ] || shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(frame photo pack plan gallery licence)

triple="$(rustc -vV | sed -n 's/^host: //p')"
# What cargo-fuzz passes: the address sanitizer, and counters at every edge.
export RUSTFLAGS="-Zsanitizer=address -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
cargo +nightly build --release --target "$triple" --bins

for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    echo "== $target"
    # Far beyond what any input should take: 20 seconds, 2 GiB.
    "target/$triple/release/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=16384 \
        -print_final_stats=1 -artifact_prefix="artifacts/$target/" "corpus/$target" "seeds/$target"
done
