"""A small wiki on the loopback address: its API gives what a test puts there, and is as busy or broken as told."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SITE = {
    "general": {"lang": "en", "articlepath": "/wiki/$1", "timezone": "UTC"},
    "namespaces": {"2": {"id": 2, "name": "User"}, "3": {"id": 3, "name": "User talk"}},
}


@dataclass
class Answer:
    """Something else than what was asked for, once."""

    body: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Wiki:
    """Pages: title → revisions as (author, text), a minute apart. `instead` are answers that come first."""

    pages: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    instead: list[Answer] = field(default_factory=list)
    models: dict[str, str] = field(default_factory=dict)
    at_a_time: int = 2
    asked: list[dict[str, str]] = field(default_factory=list)
    visitors: set[str] = field(default_factory=set)
    address: str = ""

    @property
    def api(self) -> str:
        return f"{self.address}/w/api.php"

    def answer(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("meta") == "siteinfo":
            return {"query": SITE}
        if asked.get("meta") == "allmessages":
            return {"query": {"allmessages": []}}
        titles = list(self.pages)
        if "pageids" in asked:
            named = [titles[int(number) - 1] for number in asked["pageids"].split("|")]
        elif "titles" in asked:
            named = asked["titles"].replace("_", " ").split("|")
        else:
            start = int(asked.get("gapcontinue", 0))
            named = titles[start : start + self.at_a_time]
            more = start + self.at_a_time < len(titles)
            going_on = {"continue": {"gapcontinue": str(start + self.at_a_time)}} if more else {}
            return {"query": {"pages": [self._page(title) for title in named]}, **going_on}
        if "revisions" not in asked["prop"]:
            return {"query": {"pages": [self._page(title) for title in named]}}
        return self._revisions(named[0], int(asked.get("rvcontinue", 0)))

    def _page(self, title: str) -> dict[str, Any]:
        if title not in self.pages:
            return {"title": title, "missing": True}
        number = list(self.pages).index(title) + 1
        model = self.models.get(title, "wikitext")
        address = f"{self.address}/wiki/{title.replace(' ', '_')}"
        return {"pageid": number, "ns": 1, "title": title, "fullurl": address, "contentmodel": model}

    def _revisions(self, title: str, start: int) -> dict[str, Any]:
        revisions = self.pages[title]
        given = [
            {
                "revid": number + 1,
                "parentid": number,
                "user": author,
                "timestamp": f"2019-08-09T10:{number:02}:30Z",
                "slots": {"main": {"content": text}},
            }
            for number, (author, text) in enumerate(revisions)
        ][start : start + self.at_a_time]
        page = {**self._page(title), "revisions": given}
        is_last = start + self.at_a_time >= len(revisions)
        going_on = {} if is_last else {"continue": {"rvcontinue": str(start + self.at_a_time), "continue": "||"}}
        return {"query": {"pages": [page]}, **going_on}


class _Handler(http.server.BaseHTTPRequestHandler):
    wiki: Wiki
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.wiki.visitors.add(self.headers["User-Agent"])
        if parts.path != "/w/api.php":
            link = "<link rel='EditURI' type='application/rsd+xml' href='/w/api.php?action=rsd&amp;x=1'>"
            self.give(Answer(f"<html><head>{link if parts.path.startswith('/wiki') else ''}</head></html>"))
            return
        asked = dict(parse_qsl(parts.query))
        self.wiki.asked.append(asked)
        if self.wiki.instead:
            self.give(self.wiki.instead.pop(0))
            return
        self.give(Answer(json.dumps(self.wiki.answer(asked))))

    def give(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name the standard library gave it
        """Keep the test's output clean."""


@contextmanager
def serve(wiki: Wiki) -> Iterator[Wiki]:
    """Serve a wiki until the block ends; its address is set."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"wiki": wiki}))
    server.daemon_threads = True
    wiki.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield wiki
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
