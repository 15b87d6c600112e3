"""Bring the interface's catalogues up to date: `make messages`.

Collects what is to be translated (gettext's own tools have to be installed), keeps the files free of dates and names,
so that they change only when a message does, and compiles them. What still wants a translation is named at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "harken"
WIDTH = 120
HEADERS = (
    "Project-Id-Version",
    "Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Plural-Forms",
)


def find_catalogues() -> list[Path]:
    """The catalogue of each language the interface is translated to."""
    return sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po"))


def collect_messages(languages: list[str]) -> None:
    """Have Django's `makemessages` bring the catalogues of these languages up to the source."""
    options = [option for language in languages for option in ("--locale", language)]
    command = [sys.executable, "-m", "django", "makemessages", "--no-location", "--no-obsolete", "--verbosity", "0"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "harken.settings"}
    subprocess.run([*command, *options], cwd=PACKAGE, env=environment, check=True)


def tidy_catalogue(path: Path) -> list[str]:
    """Write a catalogue in its one form and compile it; returns the messages that want a translation."""
    language = path.parent.parent.name
    catalogue = polib.pofile(str(path), wrapwidth=WIDTH)
    catalogue.header = f"Harken in the language {language}"
    known = {**catalogue.metadata, "Project-Id-Version": "Harken", "Language": language}
    catalogue.metadata = {name: known[name] for name in HEADERS if name in known}
    catalogue.metadata_is_fuzzy = False
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    return [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy]


def main() -> int:
    catalogues = find_catalogues()
    collect_messages([path.parent.parent.name for path in catalogues])
    missing = {path.parent.parent.name: tidy_catalogue(path) for path in catalogues}
    for language, messages in missing.items():
        for message in messages:
            print(f"{language}: {message!r}")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
