# SPDX-License-Identifier: Apache-2.0
"""Takes the events that mcp-keepalive POSTs to `api.webhook`: standard library only, to be copied.

    python3 webhook.py PORT TOKEN_FILE

A 2xx says that the events are dealt with; until then they come again, so each is looked at once only.
"""

import hmac
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Receiver(BaseHTTPRequestHandler):
    last = ("", 0)  # The run of the agent and the number of the last event that was dealt with.

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        token = Path(sys.argv[2]).read_text().strip()
        if not hmac.compare_digest(self.headers.get("authorization", "").encode(), f"Bearer {token}".encode()):
            return self.send_error(401)
        for event in json.loads(body)["events"]:
            run, number = event["id"].rsplit("-", 1)
            if run == Receiver.last[0] and int(number) <= Receiver.last[1]:
                continue
            self.handle_event(event)
            Receiver.last = (run, int(number))
        self.send_response(204)
        self.end_headers()

    def handle_event(self, event: dict):
        """A gateway looks at `kind`: it initializes what is `lost`, and compares with GET /v1/sessions on `reset`."""
        print(event["kind"], event["time"], event["id"], event.get("backend", ""), event.get("key", ""))


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
