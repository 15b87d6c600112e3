"""Templates: the sections a kind of document has, as data that organisers edit."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harken.processes.models import Process


class Depth(models.TextChoices):
    """A view a passage belongs to, from the shortest to the whole."""

    SUMMARY = "summary", _("Summary")
    CORE = "core", _("Core")
    EXTENDED = "extended", _("Extended")


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a template.

    `key` is permanent: passages name it. `titles` and `guidance` map language codes to words; `budget` is a number of
    words (None: no limit); `depths` says in which views it is read; a `required` section may not stay empty. One that
    was `removed` keeps its key and its words, for the passages that were written under it.
    """

    key: str
    titles: dict[str, str]
    guidance: dict[str, str]
    budget: int | None = None
    depths: tuple[str, ...] = (Depth.CORE.value, Depth.EXTENDED.value)
    required: bool = False
    removed: bool = False

    def to_json(self) -> dict[str, Any]:
        """The section as it is stored."""
        return {
            "key": self.key,
            "titles": self.titles,
            "guidance": self.guidance,
            "budget": self.budget,
            "depths": list(self.depths),
            "required": self.required,
            "removed": self.removed,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Section":
        """The section that `to_json` stored."""
        return cls(
            key=data["key"],
            titles=data["titles"],
            guidance=data["guidance"],
            budget=data["budget"],
            depths=tuple(data["depths"]),
            required=data["required"],
            removed=data.get("removed", False),
        )


SUMMARY_SECTION = "summary"
"""The key of the section whose one passage is the document's summary: its commitment in a line, what lists show."""


def in_language(words: dict[str, str], lang: str) -> tuple[str, str]:
    """The words for `lang` (else for its base language, English, or any), and the language they are in."""
    for code in (lang, lang.split("-", maxsplit=1)[0], "en", *words):
        if words.get(code):
            return words[code], code
    return "", lang


class Template(models.Model):
    """What a kind of document is made of in one process. Documents keep following it when it changes.

    `slug` is permanent, and the shipped template's own where it came with the program. `names` maps language codes to
    names. `asks_acceptance` lets readers accept the text, as with a code of conduct.
    """

    process = models.ForeignKey(Process, models.CASCADE, related_name="templates")
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20)
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict, blank=True)
    sections_json = models.JSONField(default=list)
    asks_acceptance = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["process", "slug"], name="template_once")]

    def __str__(self) -> str:
        return in_language(self.names, "en")[0] or self.slug

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections in reading order, without those that were removed."""
        return tuple(section for section in self.every_section if not section.removed)

    @property
    def every_section(self) -> tuple[Section, ...]:
        """The sections in reading order, and those that were removed."""
        return tuple(Section.from_json(data) for data in self.sections_json)
