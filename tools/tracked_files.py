"""What holds for every file of the repository, whatever language it is in.

- nothing of the machine it was written on: no home or work folder, no package index address;
- nothing about the tools it was written with;
- every suppression has its reason on its line;
- no file over 500 lines (it becomes a folder), except what is made by machine or grows by nature;
- UTF-8, Unix line ends, a line end at the end, no spaces before line ends.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 500

# Letters in brackets, so that this file passes its own check.
_MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:[w]ork|[r]oot|[U]sers|home/[a-z]+)(?:/|\b)")
_INDEX = re.compile(
    r"\b(?:pypi|npmjs|pythonhosted|debian)\.(?:org|com)\b|--(?:extra-)?index[-]url|--find[-]links",
    re.IGNORECASE,
)
_AUTHORING = re.compile(
    r"\b[A]I[- ](?:session|agent|assistant|generated)|\b[l]anguage model\b|\b[c]hatgpt\b|\b[c]laude\b|"
    r"\b[c]opilot\b|\b[a]nthropic\b|\b[o]penai\b|\b[c]o-authored-by:",
    re.IGNORECASE,
)
_NOQA = re.compile(r"#\s*noqa\b(?::\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?(?P<reason>.*)$")
_TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?:\[[^\]]*\])?(?P<reason>.*)$")
_NO_COVER = re.compile(r"#\s*pragma:\s*no (?:cover|branch)(?P<reason>.*)$")
_REASON = re.compile(r"\w+\W+\w+")

_BINARY = frozenset({".gif", ".ico", ".jpg", ".mo", ".odt", ".docx", ".pdf", ".png", ".webp", ".zip", ".gz"})
# What a machine makes, what grows by nature, and a text that is not ours to cut.
_MAY_BE_LONG = re.compile(r"^(?:requirements/|LICENSE$|CHANGELOG\.md$|.*/migrations/|.*\.(?:po|pot|json|csv|svg)$)")
# Here the words would be about the thing itself.
_MAY_NAME_INDEX = frozenset({"tools/lock.py"})


def list_files() -> list[str]:
    """Return the paths that git tracks, and those it would, relative to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")
    return sorted(path for path in listed.split("\0") if path and (ROOT / path).is_file())


def complaints_about_line(path: str, line: str) -> Iterator[str]:
    """Yield what is wrong with one line of a file."""
    if found := _MACHINE_PATH.search(line):
        yield f"names a folder of one machine ({found.group()})"
    if path not in _MAY_NAME_INDEX and (found := _INDEX.search(line)):
        yield f"names a package index ({found.group()})"
    if found := _AUTHORING.search(line):
        yield f"speaks of how it was written ({found.group()})"
    if line != line.rstrip() and not path.endswith(".md"):
        yield "ends with a space"
    if path.endswith(".py"):
        for pattern in (_NOQA, _TYPE_IGNORE, _NO_COVER):
            if (found := pattern.search(line)) and not _REASON.search(found["reason"]):
                yield "suppresses a check without a reason on its line"


def complaints_about_file(path: str) -> Iterator[str]:
    """Yield what is wrong with one file, as "path:line: what"."""
    content = (ROOT / path).read_bytes()
    if Path(path).suffix in _BINARY or not content:
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        yield f"{path}: is not UTF-8 (byte {wrong.start})"
        return
    if "\r" in text:
        yield f"{path}: has carriage returns"
    if not text.endswith("\n"):
        yield f"{path}: does not end with a line end"
    lines = text.splitlines()
    if len(lines) > LONGEST and not _MAY_BE_LONG.match(path):
        yield f"{path}: has {len(lines)} lines; over {LONGEST} it becomes a folder"
    if path == "LICENSE":
        return
    for number, line in enumerate(lines, start=1):
        for complaint in complaints_about_line(path, line):
            yield f"{path}:{number}: {complaint}"


def find_complaints() -> list[str]:
    """Return every complaint about every file of the repository; empty when all is well."""
    return [complaint for path in list_files() for complaint in complaints_about_file(path)]
