# SPDX-License-Identifier: Apache-2.0
"""What a new TLS connection costs, with the system's certificates to verify it and without verifying."""

import tempfile
from pathlib import Path

from .processes import Peer, play, say
from .spread import spread, table
from .tls_front import TLSFront

TITLE = "New connections"
ABOUT = """\
Connections to nginx that is told not to resume sessions, verified with Debian's whole bundle of authorities;
`resumed`: with session tickets."""

#: What Debian's libcurl reads: 140 authorities or so.
SYSTEM = Path("/etc/ssl/certs/ca-certificates.crt")
KEPT = 200


def measure(rounds: int) -> dict:
    result: dict[str, dict] = {}
    # Whoever resumes a session does not verify anything again, so that there would be no difference to see.
    with Peer() as peer, TLSFront(peer.url, resumes=False) as front, tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.pem"
        bundle.write_text(SYSTEM.read_text() + front.ca_file.read_text())
        result["authorities"] = {"count": bundle.read_text().count("BEGIN CERTIFICATE")}
        for name, options in {"verified": {"ca_file": bundle}, "not verified": {}}.items():
            say(f"cold: {name}")
            found = [
                play("handshakes", url=front.closing_url, calls=400, in_flight=1, **options) for _ in range(rounds)
            ]
            kept = [play("handshakes", url=front.url, calls=KEPT, in_flight=KEPT, **options) for _ in range(rounds)]
            result[name] = {
                "microseconds": spread([one["processorMicroseconds"] / one["connections"] for one in found])["median"],
                "bytes": spread([one["residentBytes"] / one["connections"] for one in kept])["median"],
            }
        with TLSFront(peer.url, resumes=True) as resuming:
            bundle.write_text(SYSTEM.read_text() + resuming.ca_file.read_text())
            say("cold: resumed")
            result["resumed"] = {"microseconds": _cost(rounds, resuming.closing_url, ca_file=bundle)}
    return result


def _cost(rounds: int, url: str, **options) -> float:
    found = [play("handshakes", url=url, calls=400, in_flight=1, **options) for _ in range(rounds)]
    return spread([one["processorMicroseconds"] / one["connections"] for one in found])["median"]


def report(result: dict) -> str:
    rows = [
        [f"new TLS connection, {name}", f"{one['microseconds']:.0f}"]
        + [f"{one['bytes'] / 1024:.0f}" if "bytes" in one else ""]
        for name, one in result.items()
        if name != "authorities"
    ]
    return table(["", "µs with its request", "KiB resident while open"], rows)
