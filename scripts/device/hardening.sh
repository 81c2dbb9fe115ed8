# What makes a fault in a device's library harder to use, switched on and read back from the file. Sourced.

# Flags of C for a triple: canaries on stacks, checked copies, marked targets of indirect branches.
c_hardening() { # TRIPLE
    local flags="-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"
    case "$1" in
    x86_64-*) flags="$flags -fcf-protection=full" ;;
    aarch64-*) flags="$flags -mbranch-protection=standard" ;;
    esac
    echo "$flags"
}

# Pairs FROM=TO of the folders of this machine that compilers write into what they make: the packages of the registry,
# whichever it came from, the source of the standard library, and the repository.
path_pairs() {
    local packages
    echo "${CARGO_HOME:-$HOME/.cargo}=cargo"
    for packages in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
        [ ! -d "$packages" ] || echo "$packages=packages"
    done
    echo "$(rustc --print sysroot)/lib/rustlib/src/rust=rust"
    echo "$PWD=vultus"
}

rust_path_flags() {
    path_pairs | sed 's/^/--remap-path-prefix=/' | tr '\n' ' '
}

c_path_flags() {
    path_pairs | sed 's/^/-ffile-prefix-map=/' | tr '\n' ' '
}

# Each line: what the library lacks. `tools` is the prefix of the programs that read it.
hardening_gaps() { # LIBRARY
    local library=$1 headers dynamic imports pair
    headers=$("${tools}readelf" -lW "$library")
    dynamic=$("${tools}readelf" -dW "$library")
    imports=$("${tools}nm" -D --undefined-only "$library")
    grep -q 'LOAD' <<<"$headers" || echo "its headers cannot be read"
    grep -qE 'GNU_STACK .* RW +0' <<<"$headers" || echo "its stack may be executable"
    grep -q 'GNU_RELRO' <<<"$headers" || echo "what the loader fills in stays writable (no RELRO)"
    grep -qE 'BIND_NOW|\bNOW\b' <<<"$dynamic" || echo "functions are bound while it runs (no BIND_NOW)"
    ! grep -qE 'TEXTREL' <<<"$dynamic" || echo "its code is written when it is loaded (TEXTREL)"
    ! grep -qE 'RPATH|RUNPATH' <<<"$dynamic" || echo "it says where to look for libraries (RPATH)"
    ! grep -qE 'LOAD .* RWE ' <<<"$headers" || echo "a part is writable and executable"
    grep -q '__stack_chk_fail' <<<"$imports" || echo "its C has no canaries on stacks"
    grep -qaF 'attempt to add with overflow' "$library" || echo "its sums are not checked"
    while IFS== read -r pair _; do
        ! grep -qaF "$pair/" "$library" || echo "it names $pair"
    done < <(path_pairs)
}

# What a library in its final form must not have besides.
symbols_left() { # LIBRARY
    "${tools}readelf" -SW "$1" | grep -oE ' \.(symtab|debug_[a-z]+|comment) ' || true
}
