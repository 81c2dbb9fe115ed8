# The ledger of sizes, docs/size.md. Sourced by scripts/build-device.sh.

ledger=docs/size.md
ledger_begin='<!-- sizes: begin -->'
ledger_end='<!-- sizes: end -->'

# What libvultus.so may weigh, in bytes. A change that needs more says why in its message and raises the number here.
budget_of() {
    case "$1" in
    x86_64-unknown-linux-gnu) echo 5230000 ;;
    aarch64-unknown-linux-gnu) echo 3820000 ;;
    armv7-unknown-linux-gnueabihf) echo 3740000 ;;
    hisi-armv7-softfp) echo 3760000 ;;
    esac
}

thousands() {
    sed -E ':again; s/^([0-9]+)([0-9]{3})/\1,\2/; t again' <<<"$1"
}

section() { # LIBRARY NAME...: bytes of these sections together
    local library=$1
    shift
    "${tools}size" -A "$library" | awk -v names=" $* " 'index(names, " " $1 " ") { sum += $2 } END { print sum + 0 }'
}

ledger_row() { # TARGET FOLDER GLIBC
    local library="$2/lib/libvultus.so" bytes code data unwind
    bytes=$(stat -Lc %s "$library")
    code=$(section "$library" .text .plt)
    data=$(section "$library" .rodata .data.rel.ro .data .rela.dyn .rel.dyn)
    unwind=$(section "$library" .eh_frame .eh_frame_hdr .gcc_except_table .ARM.exidx .ARM.extab)
    echo "| $1 | $(thousands "$bytes") | $(thousands "$code") | $(thousands "$data") | $(thousands "$unwind") |" \
        "$(thousands "$(stat -c %s "$2/lib/libvultus.a")") | $3 | $(thousands "$(budget_of "$1")") |"
}

# Puts the row of one target in its place; rows of the others stay as they are.
ledger_write() { # TARGET FOLDER GLIBC
    local rows other
    rows=$(sed -n "/$ledger_begin/,/$ledger_end/p" "$ledger")
    {
        sed "/$ledger_begin/q" "$ledger"
        echo "| target | libvultus.so | code | data | unwinding | libvultus.a | glibc | budget |"
        echo "|---|---|---|---|---|---|---|---|"
        for other in "${all_targets[@]}"; do
            if [ "$other" = "$1" ]; then
                ledger_row "$@"
            else
                grep -F "| $other |" <<<"$rows" || true
            fi
        done
        sed -n "/$ledger_end/,\$p" "$ledger"
    } >"$built/ledger"
    cp "$built/ledger" "$ledger"
    echo "written: $ledger"
}

ledger_check() { # TARGET BYTES
    local budget
    budget=$(budget_of "$1")
    if [ "$2" -gt "$budget" ]; then
        fail "libvultus.so of $1 weighs $(thousands "$2") bytes, its budget is $(thousands "$budget") ($ledger)"
    fi
    echo "within its budget of $(thousands "$budget") bytes"
}
