"""A real Chromium for the tests of this folder, on the site that pytest-django serves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tools.provisions import find_chromium

# No first-run page, no updates, no lists fetched in the background: the browser talks to the test's server
# alone.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each page gets a context of its own."""
    program = find_chromium()
    if program is None:
        pytest.fail("Chromium is not on this machine: `make test` installs it or says how to get it.")
    # Chromium refuses its sandbox to root.
    flags = [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous interface keeps an event loop running in this thread; the database is used
        # beside it, never from inside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _rows_can_be_cleared(clearable_db: None) -> None:
    """The browser asks a server of its own, which sees what is stored and not what a transaction holds."""


class OpenPage(Protocol):
    """How a test gets a page; see `open_page`."""

    def __call__(
        self,
        path: str = "/",
        *,
        width: int = 1360,
        scheme: Literal["light", "dark"] = "light",
        lang: str = "en",
        javascript: bool = True,
    ) -> Page: ...


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """Return a function that opens an address: `open_page("/about/", width=360, scheme="dark", lang="ar")`.

    When the test is over it fails if any page logged an error (a refused script or style among them), raised
    one, or asked another host for anything.
    """
    complaints: list[str] = []

    def note_console(message: ConsoleMessage) -> None:
        # Chromium also reports the page itself when it does not exist, which some tests ask for on purpose.
        is_missing_page = message.location.get("url") == (message.page and message.page.url) and "404" in message.text
        if message.type == "error" and not is_missing_page:
            complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def note_request(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:", "about:")):
            complaints.append(f"asked another host: {request.url}")

    contexts = []

    def open_address(
        path: str = "/",
        *,
        width: int = 1360,
        scheme: Literal["light", "dark"] = "light",
        lang: str = "en",
        javascript: bool = True,
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale=lang,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", note_console)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("request", note_request)
        page.goto(path)
        return page

    yield open_address
    for context in contexts:
        context.close()
    assert complaints == []
