# What scripts for devices know of their targets. Sourced, never run; bash, from the repository's root.
#
# The target `hisi-armv7-softfp` is arm-himix200 of HiSilicon (Hi3516AV300, CV500, DV300 and kin): registers of the
# processor carry floating point numbers between functions as if there were no floating point unit, but inside of
# functions the unit and NEON are used. Rust has no name for that, so it is a triple with other flags.

# Every target with a recipe, the cheapest last.
all_targets=(hisi-armv7-softfp armv7-unknown-linux-gnueabihf aarch64-unknown-linux-gnu x86_64-unknown-linux-gnu)

# Sets what one target needs: the compiler's triple and flags, its prefix of programs, its packages, the flags of C, its
# emulator and loader, the processors to be, what the linker calls it, and the newest C library a device may have to have.
describe() {
    rust_flags=
    c_flags=
    emulator=
    processors=()
    # Where the standard library comes from: `shipped` with the compiler, or built from `source` with the flags.
    standard_library=shipped
    case "$1" in
    x86_64-unknown-linux-gnu)
        triple=$1
        prefix=
        packages=()
        zig_target=
        zig_cpu=
        glibc=
        ;;
    aarch64-unknown-linux-gnu)
        triple=$1
        prefix=aarch64-linux-gnu
        packages=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static)
        emulator=qemu-aarch64-static
        loader=ld-linux-aarch64.so.1
        # Without the dot product instructions and with them.
        processors=(cortex-a53 cortex-a76)
        zig_target=aarch64-linux-gnu
        zig_cpu=cortex_a53
        # Erratum 835769 of the Cortex-A53: a multiplication after a load may come out wrong.
        rust_flags="-C target-feature=+fix-cortex-a53-835769"
        glibc=2.24
        ;;
    armv7-unknown-linux-gnueabihf)
        triple=$1
        prefix=arm-linux-gnueabihf
        packages=(gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-user-static)
        emulator=qemu-arm-static
        loader=ld-linux-armhf.so.3
        processors=(cortex-a7)
        zig_target=arm-linux-gnueabihf
        zig_cpu=generic+v7a+vfp3d16
        glibc=2.24
        ;;
    hisi-armv7-softfp)
        triple=armv7-unknown-linux-gnueabi
        prefix=arm-linux-gnueabi
        packages=(gcc-arm-linux-gnueabi libc6-dev-armel-cross qemu-user-static)
        emulator=qemu-arm-static
        loader=ld-linux.so.3
        processors=(cortex-a7)
        rust_flags="-C target-feature=-soft-float,+vfp4,+neon,+d32 -C target-cpu=cortex-a7"
        c_flags="-march=armv7-a -mfpu=neon-vfpv4 -mfloat-abi=softfp"
        standard_library=source
        zig_target=arm-linux-gnueabi
        zig_cpu=cortex_a7
        glibc=2.24
        ;;
    *)
        echo "no recipe for the target $1; there are: ${all_targets[*]}" >&2
        exit 2
        ;;
    esac
    [ -z "${VULTUS_EMULATED:-}" ] || [ -z "$emulator" ] || read -ra processors <<<"$VULTUS_EMULATED"
}

apt_install() {
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update -qq
    "${root[@]}" apt-get install -qq -y --no-install-recommends "$@"
}

# Compiler of C, C library and emulator of the described target.
install_packages() {
    if [ -z "$prefix" ]; then return; fi
    if command -v "$prefix-gcc" >/dev/null && command -v "$emulator" >/dev/null && [ -e "/usr/$prefix/lib/$loader" ]; then
        return
    fi
    apt_install "${packages[@]}"
}

has_source() { # RUSTC
    [ -e "$("$1" --print sysroot)/lib/rustlib/src/rust/library/std/Cargo.toml" ]
}

# A compiler with the source of its library: the one at hand, or Debian's, which then compiles everything.
choose_compiler_with_source() {
    rust_compiler=$(command -v rustc)
    rust_cargo=$(command -v cargo)
    if has_source "$rust_compiler"; then return; fi
    if command -v rustup >/dev/null && timeout 300 rustup component add rust-src; then return; fi
    [ -x /usr/bin/rustc ] && has_source /usr/bin/rustc || apt_install rustc-web cargo-web rust-web-src
    rust_compiler=/usr/bin/rustc
    rust_cargo=/usr/bin/cargo
    export RUSTC=$rust_compiler
    PATH="/usr/bin:$PATH"
}

# The standard library of the described target, built into a folder of its own below FOLDER, with the target's flags.
build_standard_library() { # FOLDER
    choose_compiler_with_source
    local sysroot="$1/sysroot-$("$rust_compiler" --version | tr -c 'a-z0-9.\n' -)" empty="$1/empty"
    [ -z "$rust_flags" ] || sysroot="$sysroot-$(cksum <<<"$rust_flags" | cut -d ' ' -f 1)"
    local library="$sysroot/lib/rustlib/$triple/lib"
    if [ ! -d "$library" ]; then
        rm -rf "$empty" "$library.part"
        mkdir -p "$empty/src" "$library.part"
        printf '[package]\nname = "empty"\nedition = "2024"\n[workspace]\n[profile.release]\nopt-level = %s\n' \
            "${standard_library_level:-3}" >"$empty/Cargo.toml"
        : >"$empty/src/lib.rs"
        # With bitcode, as the shipped one: without it no whole program can be optimised at once.
        RUSTC_BOOTSTRAP=1 RUSTFLAGS="$rust_flags -C embed-bitcode=yes" "$rust_cargo" build --release --lib --manifest-path "$empty/Cargo.toml" \
            --target-dir "$empty/target" -Zbuild-std=std,panic_abort,panic_unwind,test --target "$triple"
        rm "$empty/target/$triple/release/deps/"libempty-*
        cp "$empty/target/$triple/release/deps/"*.rlib "$library.part"
        mv "$library.part" "$library"
    fi
    rust_flags="--sysroot=$sysroot $rust_flags"
}

# Sees to it that the described target has a standard library, and sets RUSTFLAGS.
provide_standard_library() { # FOLDER
    local shipped
    shipped="$(rustc --print target-libdir --target "$triple")"
    if [ "$standard_library" = shipped ] && ! compgen -G "$shipped/libstd-*" >/dev/null; then
        if ! command -v rustup >/dev/null || ! timeout 300 rustup target add "$triple"; then
            standard_library=source
        fi
    fi
    if [ "$standard_library" = source ]; then build_standard_library "$1"; fi
    export RUSTFLAGS="$rust_flags ${RUSTFLAGS:-}"
}

# For cargo: C of the described target is compiled by Debian's compiler, and with the target's flags.
export_c_compiler() {
    local name="${triple//-/_}"
    export "CFLAGS_$name=$c_flags"
    if [ -z "$prefix" ]; then return; fi
    export "CC_$name=$prefix-gcc" "AR_$name=$prefix-ar"
}

# Words that run a program of the described target: its own loader is what runs, because qemu's option -L would mix two C
# libraries where the target's is installed as a foreign architecture too.
runner() {
    if [ -n "$emulator" ]; then
        echo "$emulator /usr/$prefix/lib/$loader --library-path ${1:+$1:}/usr/$prefix/lib"
    fi
}
