#!/usr/bin/env bash
# Builds the library's tests for ARM and runs them under qemu's user emulation, one processor after another.
#
#   scripts/cross-test.sh [TARGET...] [-- CARGO TEST ARGUMENTS]
#
# Targets: aarch64-unknown-linux-gnu and armv7-unknown-linux-gnueabihf, which are also the default. Arguments after `--`
# take the place of `-p vultus --no-default-features --lib`; they end in a filter or in `-- TEST ARGUMENTS` as usual.
# VULTUS_EMULATED names other processors of qemu than the ones below. Built with assertions on, because emulation is
# here to say that code is right; how fast it is, emulation cannot say.
#
# Needs Debian's cross compilers and qemu-user-static and the standard library of the target. What is missing is
# installed with apt-get and rustup; a compiler that rustup does not manage gets its library built from its own source.
set -euo pipefail
cd "$(dirname "$0")/.."

targets=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    targets+=("$1")
    shift
done
[ $# -eq 0 ] || shift
[ ${#targets[@]} -gt 0 ] || targets=(aarch64-unknown-linux-gnu armv7-unknown-linux-gnueabihf)
arguments=("$@")
[ ${#arguments[@]} -gt 0 ] || arguments=(-p vultus --no-default-features --lib)

folder="${CARGO_TARGET_DIR:-target}/cross"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

# What one target needs: its prefix of programs, its packages, its emulator, its loader and the processors to be.
describe() {
    case "$1" in
    aarch64-unknown-linux-gnu)
        prefix=aarch64-linux-gnu
        packages=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static)
        emulator=qemu-aarch64-static
        loader=ld-linux-aarch64.so.1
        # Without the dot product instructions and with them.
        processors=(cortex-a53 cortex-a76)
        ;;
    armv7-unknown-linux-gnueabihf)
        prefix=arm-linux-gnueabihf
        packages=(gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-user-static)
        emulator=qemu-arm-static
        loader=ld-linux-armhf.so.3
        processors=(cortex-a7)
        ;;
    *)
        echo "no recipe for the target $1" >&2
        exit 2
        ;;
    esac
    [ -z "${VULTUS_EMULATED:-}" ] || read -ra processors <<<"$VULTUS_EMULATED"
}

install_packages() {
    if command -v "$prefix-gcc" >/dev/null && command -v "$emulator" >/dev/null && [ -e "/usr/$prefix/lib/$loader" ]; then
        return
    fi
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update -qq
    "${root[@]}" apt-get install -qq -y --no-install-recommends "${packages[@]}"
}

# The library of a compiler that comes without one for this target, kept under the target folder.
build_standard_library() {
    local triple=$1 sysroot="$folder/sysroot-$(rustc --version | tr -c 'a-z0-9.\n' -)"
    local library="$sysroot/lib/rustlib/$triple/lib" empty="$folder/empty"
    if [ ! -d "$library" ]; then
        mkdir -p "$empty/src" "$library.part"
        printf '[package]\nname = "empty"\nedition = "2024"\n[workspace]\n' >"$empty/Cargo.toml"
        : >"$empty/src/lib.rs"
        RUSTC_BOOTSTRAP=1 cargo build --release --lib --manifest-path "$empty/Cargo.toml" --target-dir "$empty/target" \
            -Zbuild-std=std,panic_abort,panic_unwind,test --target "$triple"
        rm "$empty/target/$triple/release/deps/"libempty-*
        cp "$empty/target/$triple/release/deps/"*.rlib "$library.part"
        mv "$library.part" "$library"
    fi
    export RUSTFLAGS="--sysroot=$sysroot ${RUSTFLAGS:-}"
}

provide_standard_library() {
    if compgen -G "$(rustc --print target-libdir --target "$1")/libstd-*" >/dev/null; then
        return
    fi
    if command -v rustup >/dev/null && rustup target add "$1"; then
        return
    fi
    build_standard_library "$1"
}

test_target() {
    local triple=$1 prefix packages emulator loader processors upper
    describe "$triple"
    install_packages
    provide_standard_library "$triple"
    upper="$(tr a-z- A-Z_ <<<"$triple")"
    export "CARGO_TARGET_${upper}_LINKER=$prefix-gcc"
    # The target's own loader is the program that runs: qemu's option -L would mix two C libraries where the target's is
    # installed as a foreign architecture too.
    export "CARGO_TARGET_${upper}_RUNNER=$emulator /usr/$prefix/lib/$loader --library-path /usr/$prefix/lib"
    export CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true
    for processor in "${processors[@]}"; do
        echo "== $triple on $processor"
        QEMU_CPU="$processor" cargo test --release --target "$triple" --target-dir "$folder" "${arguments[@]}"
    done
}

for target in "${targets[@]}"; do
    # A subshell each: what is exported for one must not reach the next.
    (test_target "$target")
done
