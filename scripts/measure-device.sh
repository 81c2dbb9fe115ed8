#!/usr/bin/env bash
# What a device pays for the library: flash, memory, and time from a cold start to the first embedding.
#
#   scripts/measure-device.sh [--write] [PACK...]
#
# Builds what a device links (tests/shipped) and benches/device.rs, both without features, so packs need
# plans; without PACK: models/lite, and models/my-standard where it was made. --write rewrites
# benches/results/device-<target>.md between its markers. Linux, strip.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=9
write=
packs=()
for word in "$@"; do
    if [ "$word" = --write ]; then write=1; else packs+=("$word"); fi
done
if [ ${#packs[@]} -eq 0 ]; then
    packs=(models/lite)
    [ ! -d models/my-standard ] || packs+=(models/my-standard)
fi

target=$(rustc -vV | sed -n 's/^host: //p')
built="${CARGO_TARGET_DIR:-target}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

size() { # FILE: bytes without symbols
    strip -o "$work/stripped" "$1"
    stat -c %s "$work/stripped"
}

# What every Rust program carries is not the library's: an empty program is taken off.
echo 'fn main() { println!("{}", std::env::args().count()); }' >"$work/empty.rs"
rustc --edition 2024 -O -o "$work/empty" "$work/empty.rs"
empty=$(size "$work/empty")
cargo build --release -p vultus-shipped
shipped=$(size "$built/release/device")
# The same with the whole program optimised at once, as an integrator would build it.
CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 \
    cargo build --release -p vultus-shipped --target-dir "$built/whole"
whole=$(size "$built/whole/release/device")

megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.2f", bytes / 1e6 }'; }
reached() { # VALUE FIRST GOAL
    awk -v value="$1" -v first="$2" -v goal="$3" \
        'BEGIN { print value <= goal ? "goal" : value <= first ? "first step" : "not reached" }'
}
row() { # WHAT VALUE UNIT [FIRST GOAL]
    if [ $# -eq 5 ]; then
        echo "| $1 | $2 $3 | ≤ $4 $3 | ≤ $5 $3 | $(reached "$2" "$4" "$5") |"
    else
        echo "| $1 | $2 $3 | – | – | – |"
    fi
}

{
    echo "| what | measured | first step | goal | reached |"
    echo "|---|---|---|---|---|"
    row "what the library adds to a program, stripped, release" "$(megabytes $((shipped - empty)))" MB 4 2
    row "the same, optimised as a whole (\`lto = \"fat\"\`, one codegen unit)" "$(megabytes $((whole - empty)))" MB 4 2
} >"$work/table"

program=$(cargo bench -p vultus --bench device --no-run --message-format json |
    sed -n 's/.*"name":"device".*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
"$program" frame tests/data/probe.jpg "$work/frame.rgb"

median() { # NAME: of the runs' lines
    sed -n "s/^$1 //p" "$work/lines" | sort -n | sed -n "$(((runs + 1) / 2))p"
}
for pack in "${packs[@]}"; do
    name=$(sed -n 's/^id = "\(.*\)"/\1/p' "$pack/pack.toml" | head -n 1)
    limits() { # only the standard pack has targets
        if [ "$name" = standard ]; then echo "$@"; fi
    }
    for run in "opening 0" "use 0" "use 10000"; do
        read -r when faces <<<"$run"
        : >"$work/lines"
        for _ in $(seq "$runs"); do
            "$program" start "$when" "$pack" "$work/frame.rgb" "$faces" >>"$work/lines"
        done
        awk '$1 == "open_ms" { open = $2 } $1 == "first_ms" { print "start_ms", open + $2 }' "$work/lines" >>"$work/lines.sum"
        cat "$work/lines.sum" >>"$work/lines"
        rm "$work/lines.sum"
        peak=$(awk -v kib="$(median peak_kib)" 'BEGIN { printf "%.1f", kib * 1024 / 1e6 }')
        case "$run" in
        "opening 0")
            row "$name, verified on opening: open + first embedding" "$(median start_ms)" ms
            row "$name: opening the pack alone" "$(median open_ms)" ms
            row "$name: next embedding, detection included" "$(median next_ms)" ms
            row "$name: peak memory, one session" "$peak" MB
            ;;
        "use 0")
            # shellcheck disable=SC2046 # two words or none
            row "$name, verified on first use: open + first embedding" "$(median start_ms)" ms $(limits 60 25)
            ;;
        "use 10000")
            # shellcheck disable=SC2046
            row "$name, verified on first use: peak memory, one session, $faces faces" "$peak" MB $(limits 60 40)
            ;;
        esac
    done
done >>"$work/table"
cat "$work/table"

[ -n "$write" ] || exit 0
file="benches/results/device-$target.md"
begin='<!-- device: begin -->'
end='<!-- device: end -->'
[ -e "$file" ] || printf '# What a device pays on %s\n\n%s\n%s\n' "$target" "$begin" "$end" >"$file"
{
    sed "/$begin/q" "$file"
    printf '%s, rustc %s, %s. Release build without default features; sizes stripped, less an empty program of %s MB; CPU time and\n' \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(rustc -vV | sed -n 's/^release: //p')" "$(date -u +%F)" \
        "$(megabytes "$empty")"
    printf '`VmHWM` of a process of its own each time, medians of %s; a 640 × 480 RGB frame with two faces. MB are 10^6 bytes.\n\n' "$runs"
    cat "$work/table"
    sed -n "/$end/,\$p" "$file"
} >"$work/report"
cp "$work/report" "$file"
echo "written: $file"
