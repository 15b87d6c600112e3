"""Turning a page made for a server into one that lies in a folder: every link becomes a relative path to a file."""

import re
from posixpath import relpath
from typing import Final

# Our page templates write attributes in double quotes, and text people wrote has its quotes escaped, so that this
# finds the attributes of elements and nothing else.
_LINK: Final = re.compile(r'(?P<name>\s(?:href|src))="(?P<path>/[^"]*)"')


def file_for(path: str) -> str:
    """The file a page or asset lies in: `/processes/x/` → `processes/x/index.html`."""
    clean = path.lstrip("/")
    return f"{clean}index.html" if not clean or clean.endswith("/") else clean


def split_link(path: str) -> tuple[str, str]:
    """A link's path, and its `?query#fragment` as written; a file has no use for a query, so only `#fragment` stays."""
    before, hash_sign, fragment = path.partition("#")
    return before.partition("?")[0], f"{hash_sign}{fragment}" if hash_sign else ""


def links_of(html: str) -> set[str]:
    """The paths on this site that a page leads to or loads, without query and fragment."""
    return {split_link(match["path"])[0] for match in _LINK.finditer(html)}


def make_relative(html: str, file: str) -> str:
    """The page with each link to this site as a path from `file`'s folder."""
    folder = file.rpartition("/")[0] or "."

    def replace(match: re.Match[str]) -> str:
        path, fragment = split_link(match["path"])
        return f'{match["name"]}="{relpath(file_for(path), folder)}{fragment}"'

    return _LINK.sub(replace, html)
