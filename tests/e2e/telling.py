"""A company whose hub tells shoppers: a real mail server (aiosmtpd) and a receiver of webhooks beside it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import ssl
import subprocess
import threading
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from lab.api import Json
from lab.company import Company, free_port

SECRET = "of-the-receiver"


USER, PASSWORD = "hub", "of-the-hub"


def certificate(folder: Path, name: str) -> Path:
    """A certificate that vouches for itself, and its key, in one file."""
    file = folder / f"{name}.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, "-keyout", file, "-out", f"{file}.cert"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with file.open("a") as both:
        both.write(Path(f"{file}.cert").read_text())
    return file


def sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()))


class MailServer:
    """Takes mail by STARTTLS and from those that sign in, as long as it is told nothing else."""

    def __init__(self, certificate: Path) -> None:
        self.certificate = certificate
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.receivers: list[list[str]] = []
        self.refuse_receiver = ""  # an answer to RCPT TO
        self.refuse_text = ""  # an answer to the text
        self.silent = threading.Event()  # no answer to the text, which it has
        self.slow_seconds = 0.0  # before its answer to the text
        self._controller: Controller | None = None
        self.start()

    def start(self) -> None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(self.certificate)
        demands = {"tls_context": tls, "require_starttls": True, "authenticator": sign_in, "auth_required": True}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20, **demands)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.refuse_receiver:
            return self.refuse_receiver
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse_text:
            return self.refuse_text
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.receivers.append(list(envelope.rcpt_tos))
        await asyncio.sleep(self.slow_seconds)
        while self.silent.is_set():
            await asyncio.sleep(0.02)
        return "250 OK"

    def of(self, subject: str) -> list[EmailMessage]:
        return [mail for mail in list(self.mails) if subject in str(mail["Subject"])]


class Receiver:
    """Takes webhooks; answers each with `status`."""

    def __init__(self) -> None:
        receiver = self
        self.status = 204
        self.bodies: list[Json] = []
        self.paths: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
                assert self.headers["X-Cairn-Signature"] == f"sha256={signature}"
                told = json.loads(body)
                assert self.headers["X-Cairn-Delivery"] == told["delivery"]
                receiver.paths.append(self.path)
                receiver.bodies.append(told)
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/notices?of=cairn"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class TellingCompany(Company):
    """Its hub tells shoppers by e-mail and by webhook."""

    def __init__(self, directory: Path, binaries: Path, *arguments: Any, **more: Any):
        super().__init__(directory, binaries, *arguments, **more)
        directory.mkdir(parents=True, exist_ok=True)
        self.certificate = certificate(directory, "mail")
        self.mail = MailServer(self.certificate)
        self.receiver = Receiver()

    def stop(self) -> None:
        super().stop()
        self.mail.silent.clear()
        self.mail.stop()
        self.receiver.stop()

    def _write_hub_file(self, password_file: str) -> None:
        super()._write_hub_file(password_file)
        secret = self.directory / "receiver.secret"
        secret.write_text(f"{SECRET}\n")
        secret.chmod(0o600)
        password = self.directory / "mail.password"
        password.write_text(f"{PASSWORD}\n")
        password.chmod(0o600)
        with (self.directory / "hub.toml").open("a") as file:
            file.write(
                '\n[notifications]\nshop_name = "Häfen & Co"\norder_link = "https://shop.example/o/{order}"\ndigest_s = 0\n'
                f'\n[notifications.smtp]\nserver = "localhost:{self.mail.port}"\nca_file = "{self.certificate}.cert"\n'
                f'user = "{USER}"\npassword_file = "{password}"\nsender = "orders@shop.example"\n'
                "timeout_ms = 500\n"
                f'\n[notifications.webhook]\nurl = "{self.receiver.url}"\nsecret_file = "{secret}"\n'
            )


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part
    return str(part.get_content())
