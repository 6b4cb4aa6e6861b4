# SPDX-License-Identifier: Apache-2.0
"""nginx with TLS in front of the peer: on one port it keeps connections, on another it closes each."""

import socket
import subprocess
import tempfile
from pathlib import Path

from .processes import Failure

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_tickets {tickets};
    ssl_session_cache none;
    upstream peer {{ server {peer}; keepalive 64; }}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    keepalive_requests 100000000;
    server {{ listen 127.0.0.1:{keeping} ssl; location / {{ proxy_pass http://peer; }} }}
    server {{ listen 127.0.0.1:{closing} ssl; keepalive_timeout 0; location / {{ proxy_pass http://peer; }} }}
}}
"""


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class TLSFront:
    def __init__(self, peer_url: str, resumes: bool = True):
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        self.ca_file = folder / "certificate.pem"
        making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
        making += ["-addext", "subjectAltName=IP:127.0.0.1"]
        making += ["-keyout", folder / "key.pem", "-out", self.ca_file]
        subprocess.run([str(part) for part in making], check=True, capture_output=True)
        keeping, closing = free_ports(2)
        self.url, self.closing_url = f"https://127.0.0.1:{keeping}", f"https://127.0.0.1:{closing}"
        text = CONFIGURATION.format(
            folder=folder,
            peer=peer_url.removeprefix("http://"),
            keeping=keeping,
            closing=closing,
            tickets="on" if resumes else "off",
        )
        (folder / "nginx.conf").write_text(text)
        command = ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
        self.process = subprocess.Popen(command)
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", closing)) == 0:
                    return
            if self.process.poll() is not None:
                raise Failure(f"nginx did not start: {(folder / 'error.log').read_text()}")

    def __enter__(self) -> "TLSFront":
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()
