# SPDX-License-Identifier: Apache-2.0
"""Certificates for the TLS tests, made anew for each run by the openssl program."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

SERVER_NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1"
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass
class Identity:
    """A certificate and its key, PEM files."""

    certificate: Path
    key: Path


class Authority:
    """A certificate authority of its own in a directory of its own."""

    def __init__(self, directory: Path, name: str = "authority"):
        self.directory = directory
        self.certificate, self.key = directory / f"{name}.pem", directory / f"{name}.key"
        _openssl("req", "-x509", *NEW_KEY, "-keyout", self.key, "-out", self.certificate, "-subj", f"/CN={name}")

    def issue(self, name: str, days: int = 2, extension: str = SERVER_NAMES) -> Identity:
        """A certificate of this authority; one of -1 days expired yesterday."""
        identity = Identity(self.directory / f"{name}.pem", self.directory / f"{name}.key")
        request, extensions = self.directory / f"{name}.csr", self.directory / f"{name}.ext"
        extensions.write_text(extension + "\n")
        _openssl("req", "-new", *NEW_KEY, "-keyout", identity.key, "-out", request, "-subj", f"/CN={name}")
        signed = ("-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", days)
        _openssl("x509", "-req", "-in", request, *signed, "-extfile", extensions, "-out", identity.certificate)
        return identity


def server_context(identity: Identity, clients: Authority | None = None) -> ssl.SSLContext:
    """What a server needs; with `clients` it wants to see a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate, identity.key)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients.certificate)
    return context


def _openssl(*arguments):
    command = ["openssl", *map(str, arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, f"{command}: {done.stderr}"
