"""The templates that come with the program, one file each, in every language of the interface.

They are data: what a process has until its organisers change anything, and what it can take up again. A file's name is
the template's slug, which documents of all installations share.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from harken.documents.models import DocumentKind, Section


@dataclass(frozen=True, slots=True)
class ShippedTemplate:
    """A template as its file has it; names and descriptions by language."""

    slug: str
    kind: DocumentKind
    names: dict[str, str]
    descriptions: dict[str, str]
    sections: tuple[Section, ...]
    asks_acceptance: bool
    position: int


def _read(slug: str, text: str) -> ShippedTemplate:
    data = tomllib.loads(text)
    return ShippedTemplate(
        slug=slug,
        kind=DocumentKind(data["kind"]),
        names=data["names"],
        descriptions=data["descriptions"],
        sections=tuple(
            Section(
                key=section["key"],
                titles=section["titles"],
                guidance=section["guidance"],
                budget=section.get("budget"),
                depths=tuple(section["depths"]),
                required=section["required"],
            )
            for section in data["sections"]
        ),
        asks_acceptance=data.get("asks_acceptance", False),
        position=data["position"],
    )


@lru_cache(maxsize=1)
def shipped_templates() -> tuple[ShippedTemplate, ...]:
    """Every template that comes with the program, in the order they are offered."""
    found = (
        _read(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8"))
        for file in files(__name__).iterdir()
        if file.name.endswith(".toml")
    )
    return tuple(sorted(found, key=lambda template: template.position))
