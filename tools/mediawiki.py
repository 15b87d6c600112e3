"""A MediaWiki of one's own: Debian's package on PHP's server and SQLite, in a temporary folder, gone afterwards."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from tools.postgresql import find_free_port

PROGRAMS = Path("/usr/share/mediawiki")
OWNER = "Amina"
_LONGEST_START = 60  # seconds
_LONGEST_ANSWER = 120.0
# Nothing here is about how fast anybody may edit; jobs would run inside the answers to others.
_SETTINGS = """
$wgRateLimits = [];
$wgJobRunRate = 0;
$wgLanguageCode = getenv( 'WIKI_LANGUAGE' ) ?: 'en';
$wgLocaltimezone = getenv( 'WIKI_ZONE' ) ?: 'UTC';
date_default_timezone_set( $wgLocaltimezone );
"""


class WikiNotStarted(Exception):
    """MediaWiki could not be set up or did not answer; the message carries what it said."""


class EditRefused(Exception):
    """The wiki did not take an edit; the message is the code of its error."""


@dataclass(frozen=True)
class Wiki:
    """A wiki that is set up in a folder.

    Attributes:
        folder: where its settings and its database are.
        port: where it is served on the loopback address.
        passwords: accounts that can edit, the owner's among them.
        pid: the process that serves it, 0 while nobody does; those that answer are its children.
    """

    folder: Path
    port: int
    passwords: dict[str, str] = field(default_factory=dict)
    pid: int = 0

    @property
    def address(self) -> str:
        """Where its scripts are, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        """The address of its Action API."""
        return f"{self.address}/api.php"


def run_script(script: str, *arguments: str, settings: Path | None = None) -> str:
    """Run one of MediaWiki's maintenance scripts and return what it said.

    Raises:
        WikiNotStarted: it failed.
    """
    environment = dict(os.environ)
    if settings is not None:
        environment["MW_CONFIG_FILE"] = str(settings)
    done = subprocess.run(
        ["php", str(PROGRAMS / "maintenance" / script), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise WikiNotStarted(f"{script} failed: {done.stdout.strip()[-2000:]}")
    return done.stdout


@contextmanager
def temporary_wiki(people: Sequence[str] = ()) -> Iterator[Wiki]:
    """Set up a wiki with accounts for `people` (and its owner) and yield it; afterwards nothing of it is left.

    It is not served yet: `serve_wiki` does that, as often as one likes.

    Raises:
        WikiNotStarted: it could not be set up.
    """
    folder = Path(tempfile.mkdtemp(prefix="harken-mediawiki-"))
    wiki = Wiki(folder, find_free_port(), {name: secrets.token_hex(12) for name in (OWNER, *people)})
    settings = folder / "LocalSettings.php"
    try:
        where = ["--dbtype", "sqlite", "--dbpath", str(folder / "database"), "--dbname", "wiki", "--scriptpath", ""]
        where += ["--confpath", str(folder), "--server", wiki.address, "--pass", wiki.passwords[OWNER]]
        run_script("install.php", *where, "Garden", OWNER)
        with settings.open("a", encoding="utf-8") as file:
            file.write(_SETTINGS)
        for name in people:
            run_script("createAndPromote.php", name, wiki.passwords[name], settings=settings)
        yield wiki
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serve_wiki(wiki: Wiki, *, workers: int = 2, language: str = "en", zone: str = "UTC") -> Iterator[Wiki]:
    """Serve a wiki until the block ends, in a language and with its clocks in a time zone.

    Args:
        wiki: from `temporary_wiki`.
        workers: how many processes of PHP answer.
        language: MediaWiki's code of the content language.
        zone: IANA's name of the time zone.

    Raises:
        WikiNotStarted: it did not answer within a minute.
    """
    settings = {"MW_CONFIG_FILE": str(wiki.folder / "LocalSettings.php"), "PHP_CLI_SERVER_WORKERS": str(workers)}
    settings |= {"WIKI_LANGUAGE": language, "WIKI_ZONE": zone}
    log = wiki.folder / "log"
    with log.open("wb") as written:
        server = subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{wiki.port}", "-t", str(PROGRAMS)],
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + _LONGEST_START
        while server.poll() is not None or not _answers(wiki):
            if server.poll() is not None or time.monotonic() > deadline:
                raise WikiNotStarted(f"MediaWiki did not answer: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield replace(wiki, pid=server.pid)
    finally:
        # PHP's server does not end those that answer for it: all are one session.
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def _answers(wiki: Wiki) -> bool:
    try:
        return httpx.get(f"{wiki.api}?action=query&format=json", timeout=_LONGEST_ANSWER).status_code == 200
    except httpx.TransportError:
        return False


class Editor:
    """Somebody who is signed in to a wiki and edits through its API."""

    def __init__(self, wiki: Wiki, name: str) -> None:
        """Sign in.

        Args:
            wiki: a wiki that is served.
            name: one of its accounts.

        Raises:
            EditRefused: it did not let them in.
        """
        self.client = httpx.Client(timeout=_LONGEST_ANSWER)
        self.api = wiki.api
        sign_in = {"action": "login", "lgname": name, "lgpassword": wiki.passwords[name]}
        answer = self._post(**sign_in, lgtoken=self._token("login"))
        if answer["login"]["result"] != "Success":
            raise EditRefused(str(answer["login"]))
        self.token = self._token("csrf")

    def _post(self, **fields: str) -> dict[str, Any]:
        answer = self.client.post(self.api, data={"format": "json", "formatversion": "2", **fields})
        told: dict[str, Any] = json.loads(answer.content)
        return told

    def _token(self, kind: str) -> str:
        return str(self._post(action="query", meta="tokens", type=kind)["query"]["tokens"][f"{kind}token"])

    def edit(self, title: str, **fields: str) -> int:
        """Save an edit (`text`, `appendtext`, `section` … as `action=edit` takes them) and return its revision.

        Raises:
            EditRefused: with the code of the wiki's error, such as `editconflict`.
        """
        answer = self._post(action="edit", title=title, token=self.token, **fields)
        if "error" in answer:
            raise EditRefused(str(answer["error"].get("code")))
        return int(answer["edit"]["newrevid"])

    def read(self, title: str) -> tuple[int, str]:
        """Return the number of a page's latest revision, and its source."""
        asked = {"action": "query", "prop": "revisions", "rvprop": "ids|content", "rvslots": "main", "titles": title}
        [page] = self._post(**asked)["query"]["pages"]
        [revision] = page["revisions"]
        return int(revision["revid"]), str(revision["slots"]["main"]["content"])

    def leave(self) -> None:
        """Close the connection."""
        self.client.close()
