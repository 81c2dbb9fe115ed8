#!/usr/bin/env bash
# Lays the C interface out under a prefix, as `make install` would.
#
#   ffi/packaging/install.sh [--libraries FOLDER] [--pack FOLDER]... PREFIX
#   ffi/packaging/install.sh --libraries target/release --pack models/lite /usr/local
#   ffi/packaging/install.sh target/device/hisi-armv7-softfp      beside libraries that are there already
#
#   PREFIX/include/vultus.h, vultus.hpp
#   PREFIX/lib/libvultus.so.1, libvultus.so, libvultus.a          from --libraries, where cargo calls them libvultus_ffi
#   PREFIX/lib/pkgconfig/vultus.pc                                pkg-config --cflags --libs vultus
#   PREFIX/lib/cmake/Vultus/                                      find_package(Vultus)
#   PREFIX/share/vultus/packs/                                    of --pack
#   PREFIX/share/doc/vultus/examples/                             programs to copy from
#
# Nothing in it depends on the place: the prefix may be moved, or be the root of a device's file system.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
ffi="$(dirname "$here")"

usage() {
    sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//p;}' "$0"
}

libraries=
packs=()
prefix=
while [ $# -gt 0 ]; do
    case "$1" in
    --libraries | --pack)
        [ $# -ge 2 ] || { echo "$1 asks for a folder (see --help)" >&2; exit 2; }
        if [ "$1" = --pack ]; then packs+=("$2"); else libraries="$2"; fi
        shift
        ;;
    --help | -h)
        usage
        exit 0
        ;;
    -*)
        echo "no such option: $1 (see --help)" >&2
        exit 2
        ;;
    *)
        [ -z "$prefix" ] || { echo "one prefix, not two: $prefix and $1" >&2; exit 2; }
        prefix="$1"
        ;;
    esac
    shift
done
[ -n "$prefix" ] || { usage >&2; exit 2; }

# Numbers come from the header: it is what programs are compiled with.
number() {
    sed -n "s/^#define $1 \([0-9]*\)\$/\1/p" "$ffi/include/vultus.h"
}
abi="$(number VULTUS_ABI_VERSION)"
major="$(number VULTUS_VERSION_MAJOR)"
minor="$(number VULTUS_VERSION_MINOR)"
version="$major.$minor.$(number VULTUS_VERSION_PATCH)"
# What the static library asks of the system; the shared one names it itself.
system="-lgcc_s -lrt -lpthread -lm -ldl"

fill() { # TEMPLATE FILE
    sed -e "s/@VERSION@/$version/g" -e "s/@VERSION_MAJOR@/$major/g" -e "s/@VERSION_MINOR@/$minor/g" \
        -e "s/@ABI_VERSION@/$abi/g" -e "s/@SYSTEM_LIBRARIES@/$system/g" \
        -e "s/@SYSTEM_LIBRARIES_LIST@/${system// /;}/g" "$here/$1" >"$2"
    chmod 644 "$2"
}

mkdir -p "$prefix/include" "$prefix/lib/pkgconfig" "$prefix/lib/cmake/Vultus" "$prefix/share/doc/vultus/examples"
if [ -n "$libraries" ]; then
    install -m 755 "$libraries/libvultus_ffi.so" "$prefix/lib/libvultus.so.$abi"
    ln -sf "libvultus.so.$abi" "$prefix/lib/libvultus.so"
    install -m 644 "$libraries/libvultus_ffi.a" "$prefix/lib/libvultus.a"
fi
install -m 644 "$ffi/include/vultus.h" "$ffi/include/vultus.hpp" "$prefix/include/"
install -m 644 "$ffi/examples/"*.c "$ffi/examples/"*.cpp "$ffi/examples/"*.h "$prefix/share/doc/vultus/examples/"
fill vultus.pc.in "$prefix/lib/pkgconfig/vultus.pc"
fill VultusConfig.cmake.in "$prefix/lib/cmake/Vultus/VultusConfig.cmake"
fill VultusConfigVersion.cmake.in "$prefix/lib/cmake/Vultus/VultusConfigVersion.cmake"
for pack in ${packs[@]+"${packs[@]}"}; do
    mkdir -p "$prefix/share/vultus/packs"
    cp -r "$pack" "$prefix/share/vultus/packs/"
done
echo "installed in $prefix"
