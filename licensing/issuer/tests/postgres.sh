#!/usr/bin/env bash
# Runs the stores' suite against a PostgreSQL server of its own, in a folder that is removed again.
# Uses an installed server, or Debian's package when run as root. Says why and ends well where
# neither is to be had.
set -euo pipefail
cd "$(dirname "$0")/../../.."

skip() {
    echo "PostgreSQL tests skipped: $1"
    exit 0
}

find_server() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1) || true
    if [ -x "$found/initdb" ]; then
        echo "$found"
    elif command -v initdb >/dev/null && command -v postgres >/dev/null; then
        dirname "$(command -v initdb)"
    fi
}

bin=$(find_server)
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql) \
        >/dev/null 2>&1 || true
    bin=$(find_server)
fi
[ -n "$bin" ] || skip "no server is installed and none can be"

# A server refuses to run as root.
as_user=()
if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || skip "root, and no user named postgres to run the server"
    as_user=(setpriv --reuid=postgres --regid=postgres --init-groups)
    command -v setpriv >/dev/null || skip "root, and no setpriv to become another user"
fi

work=$(mktemp -d)
server=
stop() {
    if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
        kill -INT "$server"
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap stop EXIT
mkdir "$work/data" "$work/socket"
[ "$(id -u)" != 0 ] || chown -R postgres:postgres "$work"

# Only a socket in the folder, so no port is taken and nobody else gets in.
"${as_user[@]}" "$bin/initdb" -D "$work/data" -U postgres -A trust --no-sync >/dev/null
"${as_user[@]}" "$bin/postgres" -D "$work/data" -k "$work/socket" -c listen_addresses= \
    >"$work/log" 2>&1 &
server=$!
for _ in $(seq 100); do
    "$bin/pg_isready" -q -h "$work/socket" -U postgres && break
    kill -0 "$server" 2>/dev/null || { cat "$work/log"; exit 1; }
    sleep 0.1
done

# A socket's folder stands in a URL percent-encoded.
export VULTUS_TEST_POSTGRES="postgres://postgres@${work//\//%2F}%2Fsocket"
cargo test --release -p vultus-issuer --test stores postgres:: -- --ignored "$@"
