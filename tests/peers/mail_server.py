"""OpenSMTPD: takes mail for every address and keeps it in a maildir."""

from __future__ import annotations

import email
import email.policy
import os
from email.message import EmailMessage

from tests.peers.lan import Host
from tests.peers.needs import require


class MailServer:
    port = 25

    def __init__(self, host: Host) -> None:
        require("smtpd")
        self.host = host
        self.maildir = host.folder / "mail"
        self.maildir.mkdir()
        os.chown(self.maildir, 65534, 65534)  # it delivers as nobody
        (host.folder / "smtpd.conf").write_text(
            f"listen on 0.0.0.0 port {self.port}\n"
            'table everyone { "@" = "nobody" }\n'
            f'action "keep" maildir "{self.maildir}" virtual <everyone>\n'
            'match from any for any action "keep"\n'
        )
        self.start()

    def start(self) -> None:
        folder = self.host.folder
        mounts = {"/var/spool": folder / "spool", "/run": folder / "run"}
        self.host.spawn("smtpd", "smtpd", "-d", "-f", str(folder / "smtpd.conf"), mounts=mounts)
        self.host.wait_until(lambda: self.host.listens_tcp(self.port), "smtpd")

    def mails(self) -> list[EmailMessage]:
        """Every mail delivered so far, in no order. One recipient each: Delivered-To names it."""
        found = []
        for file in sorted(self.maildir.glob("new/*")):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found.append(message)
        return found
