"""What the suite needs that no Python package carries: PostgreSQL, Chromium, fonts, gettext, MediaWiki, Dovecot.

Each is looked for first; what is missing is installed from Debian's packages where that is allowed (as root,
or with a sudo that asks nothing), and otherwise named in one line together with the way to get it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

OLDEST_POSTGRESQL = 15


class ProvisionMissing(Exception):
    """Something the suite needs is not there and cannot be installed; the message says how to get it."""


@dataclass(frozen=True)
class Provision:
    """One thing the suite needs from the machine.

    Attributes:
        name: what it is, for people.
        packages: Debian's packages that bring it.
        brew: Homebrew's formulas or casks that bring it.
        find: returns where it is, or None.
    """

    name: str
    packages: tuple[str, ...]
    brew: str
    find: Callable[[], Path | None]


def find_postgresql() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs that are new enough, or None."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/local/opt").glob("postgresql@*/bin")]
    folders += Path("/opt/homebrew/opt").glob("postgresql@*/bin")
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found: list[tuple[int, Path]] = []
    for folder in folders:
        if not ((folder / "initdb").exists() and (folder / "postgres").exists()):
            continue
        said = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
        ).stdout
        version = re.search(r"\d+", said)
        if version and int(version.group()) >= OLDEST_POSTGRESQL:
            found.append((int(version.group()), folder))
    return max(found)[1] if found else None


def find_chromium() -> Path | None:
    """Return a Chromium or Chrome, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return Path(found)
    for application in ("Chromium", "Google Chrome"):
        path = Path(f"/Applications/{application}.app/Contents/MacOS/{application}")
        if path.exists():
            return path
    return None


def find_fonts() -> Path | None:
    """Return a font when there is one for Arabic and one for Devanagari, else None."""
    if sys.platform == "darwin":
        return Path("/System/Library/Fonts")
    if not shutil.which("fc-list"):
        return None
    found: Path | None = None
    for language in ("ar", "hi"):
        listed = subprocess.run(
            ["fc-list", f":lang={language}", "file"], capture_output=True, text=True, check=False
        ).stdout.strip()
        if not listed:
            return None
        found = Path(listed.splitlines()[0].rstrip(": "))
    return found


def find_gettext() -> Path | None:
    """Return `msgfmt`, or None."""
    found = shutil.which("msgfmt")
    return Path(found) if found else None


def find_php() -> Path | None:
    """Return a PHP that has what MediaWiki asks for, or None."""
    found = shutil.which("php")
    if not found:
        return None
    listed = subprocess.run([found, "-m"], capture_output=True, text=True, check=False).stdout.split()
    return Path(found) if {"intl", "mbstring", "pdo_sqlite", "xml"} <= set(listed) else None


def find_mediawiki() -> Path | None:
    """Return the folder of Debian's MediaWiki, or None."""
    folder = Path("/usr/share/mediawiki")
    return folder if (folder / "api.php").exists() else None


def find_dovecot() -> Path | None:
    """Return Dovecot's server program if it speaks IMAP, or None."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return Path(found) if found and Path("/usr/lib/dovecot/imap").exists() else None


POSTGRESQL = Provision("PostgreSQL 15 or newer", ("postgresql",), "postgresql@17", find_postgresql)
CHROMIUM = Provision("Chromium", ("chromium",), "--cask chromium", find_chromium)
FONTS = Provision(
    "fonts for Arabic and Devanagari", ("fontconfig", "fonts-noto-core"), "--cask font-noto-sans", find_fonts
)
PHP = Provision("PHP for MediaWiki", ("php-cli", "php-intl", "php-mbstring", "php-sqlite3", "php-xml"), "php", find_php)
MEDIAWIKI = Provision("Debian's MediaWiki", ("mediawiki",), "mediawiki (Debian alone has it)", find_mediawiki)
DOVECOT = Provision("Dovecot", ("dovecot-imapd",), "dovecot (Debian's package is what is tested)", find_dovecot)
GETTEXT = Provision("gettext", ("gettext",), "gettext", find_gettext)


def find_installer() -> list[str] | None:
    """Return the words that start an `apt-get` which may install, or None where there is none."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return None


def provide(provisions: Iterable[Provision], *, installer: Callable[[], list[str] | None] = find_installer) -> None:
    """See to it that everything is there; install what is not where that is allowed.

    Args:
        provisions: what has to be there.
        installer: returns the words that start the machine's installer, or None; asked only if something is missing.

    Raises:
        ProvisionMissing: something is not there, and cannot or may not be installed.
    """
    missing = [provision for provision in provisions if provision.find() is None]
    starts_with = installer() if missing else None
    if missing and starts_with:
        packages = sorted({package for provision in missing for package in provision.packages})
        print(f"Installing {', '.join(packages)}", flush=True)
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
            # What apt says is kept for the case that something is still missing after it.
            done = subprocess.run(
                [*starts_with, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                print("\n".join(done.stdout.splitlines()[-8:]), file=sys.stderr)
        missing = [provision for provision in missing if provision.find() is None]
    if missing:
        names = " and ".join(provision.name for provision in missing)
        packages = sorted({package for provision in missing for package in provision.packages})
        brew = " && ".join(f"brew install {provision.brew}" for provision in missing)
        way = brew if sys.platform == "darwin" else f"apt-get install {' '.join(packages)}"
        raise ProvisionMissing(f"Missing: {names}. Get it with: {way}")
