"""What files are known by that are sources of their own: names that tell those apart which come together."""

import os
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from harken.inputs.laid_out import LaidOut


def name_pages(pages: Sequence[LaidOut]) -> list[str]:
    """The name of each, of what is in a package below the folder that all in it lie in.

    So it is the same alone or with others, and packed anew.
    """
    parents: dict[str, list[PurePosixPath]] = {}
    for page in pages:
        if page.place is not None:
            parents.setdefault(page.package, []).append(page.place.parent)
    shared = {package: os.path.commonpath(folders) for package, folders in parents.items()}
    return [str(page.place.relative_to(shared[page.package])) if page.place else page.given for page in pages]


def name_by_package(pages: Sequence[LaidOut]) -> list[str]:
    """The name of each whose own name is that of all others of its kind: that of the package it came in."""
    often = Counter(page.package for page in pages)
    return [
        page.package if page.package and often[page.package] == 1 else f"{page.package}/{name}".removeprefix("/")
        for page, name in zip(pages, name_pages(pages), strict=True)
    ]


def tell_apart(names: Sequence[str], owners: Sequence[str]) -> list[str]:
    """Keys of which no two are the same: where names are, what each lies in stands before it, else a number."""
    often = Counter(names)
    keys: dict[str, None] = {}
    for name, owner in zip(names, owners, strict=True):
        keys[free_key(f"{owner}/{name}" if owner and often[name] > 1 else name, keys)] = None
    return list(keys)


def free_key(key: str, taken: Collection[str]) -> str:
    """The key, with a number before it where it is taken."""
    free, number = key, 2
    while free in taken:
        free = f"{number}~{key}"
        number += 1
    return free


def keys_of_pages(pages: Sequence[LaidOut], names: Sequence[str]) -> list[str]:
    """The keys of pages that were never brought before."""
    return tell_apart(names, [stem_of(page) for page in pages])


def keys_of_paths(paths: Sequence[Path]) -> list[str]:
    """The keys of files that the command line names: their names, and their folders' before those that are the same."""
    return tell_apart([path.name for path in paths], [path.resolve().parent.name for path in paths])


def stem_of(page: LaidOut) -> str:
    """What its package is called, without its end; "" for what came in none."""
    return Path(page.package).stem
