#!/usr/bin/env bash
# Builds what a device gets: the library, shared and static, its headers and the pack that comes with the clone.
#
#   scripts/build-device.sh [--check] [--write] [TARGET...]
#   scripts/build-device.sh hisi-armv7-softfp          HiSilicon Hi3516 and kin, in target/device/hisi-armv7-softfp
#   scripts/build-device.sh --write                    every target, and their rows of docs/size.md
#   scripts/build-device.sh --check x86_64-unknown-linux-gnu
#                                                      fails where the library is larger than its budget
#
# Targets: hisi-armv7-softfp, armv7-unknown-linux-gnueabihf, aarch64-unknown-linux-gnu, x86_64-unknown-linux-gnu.
#
# Whatever the flags, a library is refused that exports another name than those of its header, that calls the network,
# that needs another library than the C library's, or a younger C library than the target promises, or that lacks what
# scripts/device/hardening.sh asks for.
#
# VULTUS_ISSUING_KEYS names the vendor's table of keys, as for every build (docs/licensing.md).
#
# VULTUS_PACK_KEYS lists the public keys whose model packs the library takes (docs/pack-format.md). Without it those alone
# that its host names; the pack of the clone only with VULTUS_PACK_KEYS=development.
#
# VULTUS_LINKER names a board maker's own linker, as arm-himix200-linux-gcc, to be used instead of zig's.
#
# VULTUS_PROFILE names another of cargo's profiles than `device`, for trying things out: `release` builds sooner.
#
# Needs Debian's cross compilers, Python, and the standard library of the target. What is missing is installed with
# apt-get, pip and rustup into the system, a folder of its own and the compiler; docs/firmware.md says the rest.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/device/targets.sh
. scripts/device/targets.sh
# shellcheck source=scripts/device/ledger.sh
. scripts/device/ledger.sh
# shellcheck source=scripts/device/hardening.sh
. scripts/device/hardening.sh

write=
check=
targets=()
for word in "$@"; do
    case "$word" in
    --write) write=1 ;;
    --check) check=1 ;;
    --help | -h)
        sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//p;}' "$0"
        exit 0
        ;;
    -*)
        echo "no such option: $word (see --help)" >&2
        exit 2
        ;;
    *) targets+=("$word") ;;
    esac
done
[ ${#targets[@]} -gt 0 ] || targets=("${all_targets[@]}")
profile=${VULTUS_PROFILE:-device}
built="${CARGO_TARGET_DIR:-target}/device"
mkdir -p "$built"
built="$(cd "$built" && pwd)"
if [ "$profile" != device ] && [ -n "$write$check" ]; then
    echo "the ledger is of the profile device alone" >&2
    exit 2
fi

fail() {
    echo "not fit for a device: $1" >&2
    exit 1
}

# Zig links for any age of the C library and brings an unwinder; the version is pinned, the folder is ours.
install_zig() {
    export VULTUS_LINK_PYTHON="$built/tools/bin/python"
    if ! "$VULTUS_LINK_PYTHON" -c 'import ziglang' 2>/dev/null; then
        python3 -m venv "$built/tools" || { apt_install python3-venv && python3 -m venv "$built/tools"; }
        "$VULTUS_LINK_PYTHON" -m pip install --quiet ziglang==0.17.0
    fi
    export ZIG_GLOBAL_CACHE_DIR="$built/tools/zig-cache"
}

# Rust brings an lld; Debian's Rust does not.
choose_lld() {
    VULTUS_LINK_A53="$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld"
    if [ ! -x "$VULTUS_LINK_A53" ]; then
        command -v lld >/dev/null || apt_install lld
        VULTUS_LINK_A53=$(command -v lld)
    fi
    export VULTUS_LINK_A53
}

choose_linker() {
    local upper
    upper="$(tr a-z- A-Z_ <<<"$triple")"
    if [ -n "${VULTUS_LINKER:-}" ]; then
        export "CARGO_TARGET_${upper}_LINKER=$VULTUS_LINKER"
    elif [ -n "$zig_target" ]; then
        install_zig
        export VULTUS_LINK_TARGET="$zig_target.$glibc" VULTUS_LINK_CPU="$zig_cpu"
        [ "$zig_cpu" != cortex_a53 ] || choose_lld
        export "CARGO_TARGET_${upper}_LINKER=$PWD/scripts/device/link-gcc"
    fi
}

# Cargo on the package of the C interface. Both kinds in one go, so that the whole program is optimised once; a third
# kind beside them would switch that off, which is why they are named here. The core refuses its feature `internals` then.
compile() {
    RUSTFLAGS="${RUSTFLAGS:-} $(rust_path_flags) --cfg vultus_device" cargo rustc --profile "$profile" --package vultus-ffi --lib --crate-type cdylib,staticlib \
        --target "$triple" --target-dir "$built/cargo"
}

# The layout of `make install`, the libraries without symbols, and their debug information in a folder that stays at home.
install_files() { # FROM INTO
    local library name
    rm -rf "$2"
    ffi/packaging/install.sh --libraries "$1" --pack models/lite "$2"
    library=$(readlink -f "$2/lib/libvultus.so")
    name=$(basename "$library")
    "${tools}readelf" -d "$library" | grep -qF "Library soname: [$name]" || fail "programs would not ask for it as $name"
    mkdir "$2/lib/debug"
    "${tools}objcopy" --only-keep-debug "$library" "$2/lib/debug/$name.debug"
    "${tools}strip" --strip-unneeded --remove-section=.comment "$library"
    # The link is a name without a folder, and is looked for where the command runs.
    (cd "$2/lib/debug" && "${tools}objcopy" --add-gnu-debuglink="$name.debug" "$library")
    "${tools}strip" --strip-debug "$2/lib/libvultus.a"
    cp LICENSE docs/dependencies.md models/LICENSES.md "$2/share/doc/vultus/"
}

header_names() { # HEADER
    # Comments name functions too, so the compiler takes them out.
    "${tools}gcc" -E -P "$1" | grep -oE '\bvultus_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u
}

check_names() { # FOLDER
    local library="$1/lib/libvultus.so"
    "${tools}nm" -D --defined-only "$library" | sed 's/.* //; s/@.*//' | sort -u >"$built/exported"
    header_names "$1/include/vultus.h" >"$built/declared"
    [ -s "$built/declared" ] || fail "no function of the header can be read, the comparison proves nothing"
    diff "$built/declared" "$built/exported" >"$built/difference" ||
        fail "names of the header (<) and of the library (>) differ:
$(cat "$built/difference")"
}

check_imports() { # LIBRARY
    local imports needed
    imports=$("${tools}nm" -D --undefined-only "$1" | sed 's/@.*//; s/.* //')
    grep -qx malloc <<<"$imports" || fail "its imports cannot be read, the search proves nothing"
    if grep -xE 'socket|connect|bind|listen|accept4?|getaddrinfo|gethostbyname|sendto|recvfrom|res_search' <<<"$imports"; then
        fail "it calls the network"
    fi
    needed=$("${tools}readelf" -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    if grep -vE '^(libc|libm|libdl|librt|libpthread|libgcc_s|ld-linux[a-z0-9-]*)\.so\.[0-9]+$' <<<"$needed"; then
        fail "it needs the libraries above"
    fi
    echo "needs: $(tr '\n' ' ' <<<"$needed")"
}

check_hardening() { # LIBRARY
    local gaps
    gaps=$(hardening_gaps "$1")
    [ -z "$gaps" ] || fail "$gaps"
    [ -z "$(symbols_left "$1")" ] || fail "it has sections that stay at home: $(symbols_left "$1" | tr '\n' ' ')"
}

newest_glibc() { # LIBRARY
    "${tools}objdump" -T "$1" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -Vu | tail -n 1
}

check_glibc() { # LIBRARY
    newest=$(newest_glibc "$1")
    [ -n "$newest" ] || fail "the versions of its symbols cannot be read"
    if [ -n "$glibc" ] && [ "$(printf '%s\n' "$newest" "$glibc" | sort -V | tail -n 1)" != "$glibc" ]; then
        fail "it needs glibc $newest, promised was $glibc"
    fi
}

build_target() {
    local name=$1 into="$built/$1" library newest bytes
    describe "$name"
    [ -z "$prefix" ] || tools="$prefix-"
    install_packages
    provide_standard_library "$built"
    c_flags="$c_flags $(c_hardening "$triple") $(c_path_flags)"
    export_c_compiler
    choose_linker
    echo "== $name"
    compile
    install_files "$built/cargo/$triple/$profile" "$into"
    library="$into/lib/libvultus.so"
    check_names "$into"
    check_imports "$library"
    check_glibc "$library"
    check_hardening "$library"
    bytes=$(stat -Lc %s "$library")
    echo "$(wc -l <"$built/declared") functions, newest symbol of the C library: GLIBC_$newest"
    echo "libvultus.so: $bytes bytes stripped, libvultus.a: $(stat -c %s "$into/lib/libvultus.a") bytes"
    [ -z "$write" ] || ledger_write "$name" "$into" "$newest"
    [ -z "$check" ] || ledger_check "$name" "$bytes"
    echo "installed in $into"
}

for target in "${targets[@]}"; do
    # A subshell each: what is exported for one must not reach the next.
    (tools= && build_target "$target")
done
