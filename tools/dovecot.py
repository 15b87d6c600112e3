"""An IMAP server of one's own: Debian's Dovecot in a temporary folder, on free ports, gone when the work is done."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.postgresql import find_free_port

USER = "inbox@harken.example"
OTHER_PASSWORD = "grüneBeete"  # noqa: S105 - of a server that is gone after the test
"""Lets the user in as well: not all passwords are in plain letters."""
_LONGEST_START = 60  # seconds

# https://doc.dovecot.org/2.3/configuration_manual/: everything inside the folder, one user, no system accounts.
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {inner}
default_internal_group = {group}
default_login_user = {outer}
mail_uid = {mail}
mail_gid = {mail_group}
first_valid_uid = 1
mail_location = maildir:{folder}/maildir
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
ssl_dh =
passdb {{
  driver = static
  args = password={password}
}}
passdb {{
  driver = static
  args = password={other_password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class ServerNotStarted(Exception):
    """Dovecot did not start; the message carries what it wrote."""


@dataclass(frozen=True)
class PostOffice:
    """A running server with one mailbox.

    Attributes:
        port: for IMAP that begins in the clear and offers STARTTLS.
        tls_port: for IMAP inside TLS.
        password: the one user's, whose name is `USER`.
        maildir: where a mail server would put what comes.
        certificate: what its TLS is to be trusted by; it is for `localhost` and
            for `::ffff:127.0.0.1`, which is this machine too.
    """

    port: int
    tls_port: int
    password: str
    maildir: Path
    certificate: Path


def _make_certificate(folder: Path) -> None:
    arguments = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    arguments += ["-addext", "subjectAltName=DNS:localhost,IP:::ffff:127.0.0.1", "-keyout", str(folder / "key.pem")]
    subprocess.run(
        ["openssl", "req", *arguments, "-out", str(folder / "certificate.pem")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def _accounts() -> dict[str, str]:
    """Whose the processes are: the package's own accounts where we may choose, else ours alone."""
    if os.geteuid() == 0:
        return {"inner": "dovecot", "group": "dovecot", "outer": "dovenull", "mail": "mail", "mail_group": "mail"}
    group = grp.getgrgid(os.getegid()).gr_name
    own = getpass.getuser()
    return {"inner": own, "group": group, "outer": own, "mail": own, "mail_group": group}


@contextmanager
def temporary_post_office(program: Path) -> Iterator[PostOffice]:
    """Run Dovecot with an empty mailbox and yield it; afterwards nothing of it is left.

    Args:
        program: the server program, `dovecot`.

    Raises:
        ServerNotStarted: it did not let its user in within a minute.
    """
    folder = Path(tempfile.mkdtemp(prefix="harken-dovecot-"))
    try:
        accounts = _accounts()
        office = PostOffice(
            find_free_port(), find_free_port(), secrets.token_hex(12), folder / "maildir", folder / "certificate.pem"
        )
        _make_certificate(folder)
        for part in (office.maildir, *(office.maildir / name for name in ("cur", "new", "tmp"))):
            part.mkdir()
            if os.geteuid() == 0:
                mail = pwd.getpwnam(accounts["mail"])
                os.chown(part, mail.pw_uid, mail.pw_gid)
        folder.chmod(0o755)
        ports = {"port": office.port, "tls_port": office.tls_port, "password": office.password}
        ports["other_password"] = OTHER_PASSWORD
        configuration = folder / "dovecot.conf"
        configuration.write_text(_CONFIGURATION.format(folder=folder, **ports, **accounts), encoding="utf-8")
        said = folder / "said"
        with said.open("wb") as written:
            server = subprocess.Popen(
                [str(program), "-F", "-c", str(configuration)],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + _LONGEST_START
            while not _lets_in(office):
                if server.poll() is not None or time.monotonic() > deadline:
                    logged = folder / "log"
                    told = said.read_text() + (logged.read_text(errors="replace") if logged.exists() else "")
                    raise ServerNotStarted(f"Dovecot did not start: {told.strip()[-2000:]}")
                time.sleep(0.05)
            yield office
        finally:
            server.terminate()
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lets_in(office: PostOffice) -> bool:
    try:
        with imaplib.IMAP4("127.0.0.1", office.port, timeout=5) as connection:
            connection.login(USER, office.password)
            return True
    except (imaplib.IMAP4.error, OSError):
        return False
