#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Keeps one MCP session alive through the agent's local API for as long as a command runs: registers it, renews its lease
# while the command runs, and releases it at the end, whatever that is.
#
#   keep.sh BACKEND KEY COMMAND...     the session's id is read from the environment: MCP_SESSION_ID
#
# The socket is that of MCP_KEEPALIVE_SOCKET, by default /run/mcp-keepalive/api.sock.
set -euo pipefail

[ $# -ge 3 ] || {
    echo "usage: MCP_SESSION_ID=... keep.sh BACKEND KEY COMMAND..." >&2
    exit 64
}
[[ "$1$2" =~ ^[A-Za-z0-9._~-]+$ ]] || {
    echo "keep.sh: backend and key may have letters, digits and ._~- here; others would have to be percent-encoded" >&2
    exit 64
}
socket="${MCP_KEEPALIVE_SOCKET:-/run/mcp-keepalive/api.sock}"
session="http://agent/v1/backends/$1/sessions/$2"
lease="${LEASE_SECONDS:-60}"
shift 2

# call METHOD URL [BODY]: the id goes through a pipe, for the arguments of a process are there for everybody to see.
call() {
    curl --silent --show-error --fail-with-body --max-time 10 --unix-socket "$socket" --request "$1" "$2" \
        ${3:+--header "Content-Type: application/json" --data @-} <<<"${3:-}"
}

call PUT "$session" "{\"session_id\": \"${MCP_SESSION_ID:?}\", \"lease_seconds\": $lease}" >&2
echo >&2
# Without the output of its caller, who may wait for the end of that.
renew() {
    trap 'kill "${waiting:-}"' EXIT
    trap 'exit' TERM
    while true; do
        sleep "$((lease > 3 ? lease / 3 : 1))" &
        waiting=$!
        wait "$waiting"
        # 404: released, or the backend lost it; there is nothing left to renew.
        call POST "$session/renew" "{}" || return
    done
}
renew >/dev/null 2>&1 &
renewing=$!
trap 'kill "$renewing" 2>/dev/null || true; call DELETE "$session" || true' EXIT
"$@"
