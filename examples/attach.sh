#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Opens a session as any MCP client would, and asks the agent to keep it alive by replacing the sessions file.
#
#   examples/attach.sh BACKEND URL SESSIONS_FILE
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: ${0##*/} BACKEND URL SESSIONS_FILE" >&2; exit 64; }
backend="$1" url="$2" file="$3"
umask 077 # session ids are credentials

headers=(--header 'content-type: application/json' --header 'accept: application/json, text/event-stream')
version=2025-11-25
client='{"name": "attach.sh", "version": "1"}'
answer="$(curl --silent --show-error --fail --include "${headers[@]}" "$url" --data \
    '{"jsonrpc": "2.0", "id": 1, "method": "initialize",
      "params": {"protocolVersion": "'"$version"'", "capabilities": {}, "clientInfo": '"$client"'}}')"
id="$(tr -d '\r' <<<"$answer" | sed -n 's/^mcp-session-id: //Ip')"
[ -n "$id" ] || { echo "error: $url issued no session id" >&2; exit 1; }
curl --silent --show-error --fail "${headers[@]}" --header "mcp-session-id: $id" "$url" \
    --data '{"jsonrpc": "2.0", "method": "notifications/initialized"}' >/dev/null

# Written whole under another name and then renamed, so that the agent never sees half of it.
cat >"$file.new" <<END
{"sessions": [{"backend": "$backend", "session_id": "$id", "protocol_version": "$version"}]}
END
mv "$file.new" "$file"
echo "$file lists one session on $backend" >&2
