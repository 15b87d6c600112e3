"""Writing the whole public site as files that any host can serve, with no server behind them."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import resolve
from django.utils import translation

from harken.publishing.registry import static_addresses
from harken.publishing.rewrite import file_for, links_of, make_relative

MANIFEST: Final = "harken-files.json"


class CannotPublish(Exception):
    """The static copy cannot be written; the message says what is in the way."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was done: pages and assets in the copy, files written anew, files removed, bytes in all."""

    pages: int
    assets: int
    written: int
    removed: int
    size: int


def _make_request(path: str) -> WSGIRequest:
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "localhost"}
    setup_testing_defaults(environ)  # the standard library's name for "fill in what WSGI demands"
    return WSGIRequest(environ)


def render_public_page(address: str, language: str, languages: Sequence[str]) -> str:
    """A page as a visitor without a session or a server sees it. Raises `CannotPublish` where there is none."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    path = f"{prefix}{address}"
    with translation.override(language):
        match = resolve(path)
        request = _make_request(path)
        request.user = AnonymousUser()
        request.LANGUAGE_CODE = language
        request.static_copy = True  # type: ignore[attr-defined] # read by harken.base.context
        request.static_languages = list(languages)  # type: ignore[attr-defined] # read by harken.base.context
        request.htmx = False  # type: ignore[attr-defined] # the middleware's answer for a plain request
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if response.status_code != 200:
        raise CannotPublish(f"{path} answered with {response.status_code}.")
    return response.content.decode()


def _write_if_new(target: Path, content: bytes) -> bool:
    """Write a file whole or not at all, and only if it says something else already; whether it was written."""
    if target.is_file() and target.read_bytes() == content:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    partial.write_bytes(content)
    partial.replace(target)
    return True


def _pages(languages: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Every page as (language, address, path)."""
    with translation.override(settings.LANGUAGE_CODE):
        addresses = list(static_addresses())
    for language in languages:
        prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
        for address in addresses:
            yield language, address, f"{prefix}{address}"


def _check_folder(folder: Path) -> dict[str, str]:
    """The files an earlier copy left here. Raises `CannotPublish` for a folder with anybody else's files."""
    manifest = folder / MANIFEST
    if manifest.is_file():
        files = json.loads(manifest.read_text(encoding="utf-8"))
        return dict(files)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotPublish(f"{folder} holds something else; give an empty folder, or that of an earlier copy.")
    return {}


def publish_static(folder: Path, *, languages: Sequence[str], on_page: Callable[[], None] = lambda: None) -> Published:
    """Write every public page in these interface languages into `folder`, with all they load.

    What did not change is not written again, so that an unchanged site leaves every byte and every time as it was;
    pages that are gone are removed. Raises `CannotPublish` when a link would lead nowhere.
    """
    before = _check_folder(folder)
    files: dict[str, str] = {}
    links: dict[str, str] = {}
    pages = written = size = 0
    for language, address, path in _pages(languages):
        html = render_public_page(address, language, languages)
        file = file_for(path)
        for link in links_of(html):
            links.setdefault(link, path)
        content = make_relative(html, file).encode()
        files[file] = hashlib.sha256(content).hexdigest()
        written += _write_if_new(folder / file, content)
        size += len(content)
        pages += 1
        on_page()
    assets = 0
    for link, found_on in sorted(links.items()):
        if link.startswith(settings.STATIC_URL):
            content = _read_asset(link)
            files[file_for(link)] = hashlib.sha256(content).hexdigest()
            written += _write_if_new(folder / file_for(link), content)
            size += len(content)
            assets += 1
        elif file_for(link) not in files:
            raise CannotPublish(f"{found_on} leads to {link}, which is not part of the copy.")
    gone = sorted(set(before) - set(files))
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    _write_if_new(folder / MANIFEST, json.dumps(files, indent=0, sort_keys=True).encode())
    return Published(pages, assets, written, len(gone), size)


def _read_asset(path: str) -> bytes:
    name = path.removeprefix(settings.STATIC_URL)
    source = finders.find(name)  # a name with a hash in it is only known where the static files were collected
    if source:
        return Path(source).read_bytes()
    with staticfiles_storage.open(name) as file:
        return bytes(file.read())
