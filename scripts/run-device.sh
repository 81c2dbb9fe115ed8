#!/usr/bin/env bash
# Runs what scripts/build-device.sh built, emulated, and compares its answers with this machine's.
#
#   scripts/run-device.sh [TARGET...]
#   scripts/run-device.sh hisi-armv7-softfp
#
# Targets: hisi-armv7-softfp, armv7-unknown-linux-gnueabihf, aarch64-unknown-linux-gnu; all of them unless named. What is not
# built yet is built first, for this machine too, with the signing key of a vendor who is made up for the day. The vendor
# then sells a licence to each device, which installs it, looks at three photographs as its camera's frames and compares
# the faces in them. Passes when a device finds the same faces, decides alike, and its embeddings are this machine's: a
# cosine of 0.9999 at least.
#
# Needs what scripts/build-device.sh needs. Emulation says that code is right; how fast it is, emulation cannot say.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/device/targets.sh
. scripts/device/targets.sh

case "${1:-}" in
--help | -h)
    sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//p;}' "$0"
    exit 0
    ;;
esac
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(hisi-armv7-softfp armv7-unknown-linux-gnueabihf aarch64-unknown-linux-gnu)
here=x86_64-unknown-linux-gnu

cargo_folder="${CARGO_TARGET_DIR:-target}"
built="$cargo_folder/device"
work="$built/run"
mkdir -p "$work"
built="$(cd "$built" && pwd)"
work="$built/run"

# A vendor for the day: a signing key, a ledger, an order of 50 seats.
make_vendor() {
    issuer=("$cargo_folder/release/vultus-issuer")
    cargo build --release -p vultus-issuer
    sell=(--ledger "$work/ledger.db" --key "$work/vendor.key" --passphrase-file "$work/passphrase")
    [ ! -e "$work/order" ] || return 0
    echo "a passphrase for a day" >"$work/passphrase"
    "${issuer[@]}" keygen --key "$work/vendor.key" --passphrase-file "$work/passphrase" >"$work/issuing.keys"
    "${issuer[@]}" ledger init "${sell[@]}"
    "${issuer[@]}" order "${sell[@]}" --customer emulated-doors --sku recognise --quantity 50 --json |
        sed 's/.*"order":"\([0-9a-f]*\)".*/\1/' >"$work/order"
}

make_frames() {
    local python="$built/tools/bin/python" name
    [ -x "$python" ] || python3 -m venv "$built/tools"
    "$python" -c 'import PIL' 2>/dev/null || "$python" -m pip install --quiet pillow==13.0.0
    frames=()
    for name in barack_obama/portrait barack_obama/address joe_biden/portrait; do
        frames+=("$("$python" scripts/device/nv21.py "tests/data/people/$name.jpg" "$work/${name//\//_}")")
    done
}

# The library with the vendor's key, unless it was built with that and the key of packs already.
build_library() {
    local stamp="$built/$1/.pack-keys"
    if ! cmp -s "$work/issuing.keys" "$stamp"; then
        scripts/build-device.sh "$1"
        cp "$work/issuing.keys" "$stamp"
    fi
}

compile_answers() { # TARGET
    local compiler="${prefix:+$prefix-}gcc"
    read -ra flags <<<"$c_flags"
    "$compiler" ${flags[@]+"${flags[@]}"} -std=c11 -Wall -Wextra -Wpedantic -Werror -O1 -I "$built/$1/include" \
        scripts/device/answers.c -o "$work/answers-$1" -L "$built/$1/lib" -lvultus
}

# The program on the target's processor: request, licence, answers.
answer() { # TARGET NAME
    local secret="$work/$2.secret" program
    read -ra program <<<"$(runner "$built/$1/lib")"
    program+=("$work/answers-$1")
    [ -n "$emulator" ] || export LD_LIBRARY_PATH="$built/$1/lib"
    [ -e "$secret" ] || head -c 32 /dev/urandom >"$secret"
    if [ ! -e "$work/$2.licence" ]; then
        "${program[@]}" request "$work/$2" "$secret" >"$work/$2.request"
        "${issuer[@]}" issue "${sell[@]}" --for "$(cat "$work/order")" --request "$work/$2.request" \
            --liveness infrared --out "$work/$2.licence"
    fi
    "${program[@]}" run "$work/$2" "$secret" "$work/$2.licence" "$built/$1/share/vultus/packs/lite" "${frames[@]}" >"$work/$2.answers"
}

# The two files of answers: faces within a tenth of a pixel, embeddings by the library's own cosine, decisions alike.
compare_answers() { # NAME
    local ours="$work/$here.answers" theirs="$work/$1.answers" least=1 number hex other cosine
    paste -d ' ' <(grep '^face ' "$ours") <(grep '^face ' "$theirs") | awk '
        NF != 14 || $2 != $9 { bad = 1 }
        { for (i = 3; i <= 6; i++) { d = $i - $(i + 7); if (d < 0) d = -d; if (d > most) most = d } faces++ }
        END { printf "%d faces, edges at most %.4f pixels apart\n", faces, most; exit bad || !faces || most > 0.1 }' ||
        fail "$1 finds other faces than this machine"
    while read -r _ number hex; do
        other=$(sed -n "s/^embedding $number //p" "$theirs")
        cosine=$("$work/answers-$here" cosine "$work/$here" "$work/$here.secret" "$built/$here/share/vultus/packs/lite" \
            "$hex" "$other" | cut -d ' ' -f 2)
        least=$(printf '%s\n%s\n' "$least" "$cosine" | sort -g | head -n 1)
    done < <(grep '^embedding ' "$ours")
    awk -v least="$least" 'BEGIN { exit !(least >= 0.9999) }' || fail "an embedding of $1 has a cosine of only $least with this machine's"
    diff <(sed -n 's/^\(compare . .\).* \([01]\)$/\1 \2/p' "$ours") <(sed -n 's/^\(compare . .\).* \([01]\)$/\1 \2/p' "$theirs") ||
        fail "$1 decides otherwise"
    grep -q '^compare 0 1 .* 1$' "$theirs" || fail "$1 does not recognise a face"
    grep -q '^compare 0 2 .* 0$' "$theirs" || fail "$1 takes a stranger for a friend"
    echo "smallest cosine of an embedding with this machine's: $least; $(grep -c '^compare ' "$theirs") decisions alike"
}

fail() {
    echo "not as on this machine: $1" >&2
    exit 1
}

make_vendor
export VULTUS_ISSUING_KEYS="$work/issuing.keys"
# The pack of the repository is signed with the key that everybody has.
export VULTUS_PACK_KEYS=development
make_frames
for target in "$here" "${targets[@]}"; do
    build_library "$target"
    describe "$target"
    compile_answers "$target"
    if [ "$target" = "$here" ]; then
        (answer "$here" "$here")
        continue
    fi
    for processor in "${processors[@]}"; do
        for path in neon native; do
            echo "== $target on $processor, $path"
            # A subshell each: what one sets must not reach the next.
            (export QEMU_CPU="$processor" VULTUS_CPU="$path" && answer "$target" "$target")
            # The comparing program is this machine's.
            (unset VULTUS_CPU && LD_LIBRARY_PATH="$built/$here/lib" compare_answers "$target")
        done
    done
done
echo "the answers of ${targets[*]} are those of this machine"
