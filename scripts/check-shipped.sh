#!/usr/bin/env bash
# Builds what a device links, without tool and tests, and searches it for what must not ship: a program of the core, and
# the C library. The libraries that scripts/build-device.sh made, where there are some, are read again for what hardens them.
#
#   scripts/check-shipped.sh
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/device/hardening.sh
. scripts/device/hardening.sh

cargo build --release -p vultus-shipped -p vultus-ffi
built=${CARGO_TARGET_DIR:-target}/release

fail() {
    echo "not fit to ship: $1" >&2
    exit 1
}

# The public half of the test key, as bytes.
test_key=$(sed -n 's/^pub const PUBLIC_HEX: &str = "\([0-9a-f]*\)";$/\1/p' licensing/src/testkit/key.rs)
[ ${#test_key} -eq 64 ] || fail "licensing/src/testkit/key.rs names no public test key"

search() {
    program=$1
    # Proof that the search can find something: the program does know what a licence begins with.
    grep -qa 'vultus/licence/v1' "$program" || fail "the licence verifier is not in $program, the search proves nothing"

    while read -r text; do
        if grep -qaF -- "$text" "$program"; then
            fail "$program contains \"$text\""
        fi
    done <<'WORDS'
vultus TEST key: never ship this
vultus TEST key: retired in 2025
VULTUS-DEMO-GRANT
vultus-issuer
LedgerMinimum
vultus_test_panic
WORDS

    if grep -qaP "$(sed 's/../\\x&/g' <<<"$test_key")" "$program"; then
        fail "$program contains the public test key"
    fi

    imports=$(nm -D --undefined-only "$program" | sed 's/@.*//; s/.* //')
    grep -qx malloc <<<"$imports" || fail "the imports of $program cannot be read, the search proves nothing"
    if grep -xE 'socket|connect|bind|listen|accept4?|getaddrinfo|gethostbyname|sendto|recvfrom|res_search' <<<"$imports"; then
        fail "$program calls the network"
    fi
}

search "$built/device"
search "$built/libvultus_ffi.so"

for package in vultus-shipped vultus-ffi; do
    if cargo tree -e normal -p $package | grep -E 'vultus-issuer|vultus-simulator|vultus-tool|vultus-testkit|clap|plotters|rayon|cbindgen|rusqlite|postgres|tokio|reqwest|hyper'; then
        fail "$package depends on issuer, simulator, cbindgen or network code"
    fi
    features=$(cargo tree -e normal,features -p $package)
    grep -q 'vultus feature "default"' <<<"$features" || fail "the features of $package cannot be read, the search proves nothing"
    if grep -E 'vultus(-[a-z]+)? feature "(internals|demo-grant|test-keys|issue)"' <<<"$features"; then
        fail "$package switches on what no device may have"
    fi
done

# Programs of this machine read the headers of every target.
tools=
hardened=0
for library in "${CARGO_TARGET_DIR:-target}"/device/*/lib/libvultus.so; do
    [ -e "$library" ] || continue
    lacks="$(hardening_gaps "$library")$(symbols_left "$library")"
    [ -z "$lacks" ] || fail "$library: $lacks"
    hardened=$((hardened + 1))
done
echo "hardened libraries of devices: $hardened"

echo "fit to ship: no test key, no demonstration grant, no issuer, no network ($(stat -c %s "$built/device") bytes the program," \
    "$(stat -c %s "$built/libvultus_ffi.so") the library, unstripped)"
