"""Which column of a table means what: a choice people make once and keep as JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Literal

__all__ = ["ROLES", "MappingError", "Role", "TableMapping"]

# What one column can mean. Of `text`, `answers` and `contexts` there may be several.
Role = Literal[
    "text",
    "author",
    "group",
    "time",
    "language",
    "id",
    "reply_to",
    "stance",
    "headcount",
    "place",
    "about",
    "heading",
    "consent",
]
ROLES: Final[tuple[Role, ...]] = (
    "text",
    "author",
    "group",
    "time",
    "language",
    "id",
    "reply_to",
    "stance",
    "headcount",
    "place",
    "about",
    "heading",
    "consent",
)
_VERSION: Final = 1


class MappingError(Exception):
    """A mapping that cannot be read or does not fit a table; the sentence says where."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """Which column of a table means what, by the columns' names ("" where there is none).

    `text` is what somebody says. `author` and `group` are who; a `headcount` says how many they are. `reply_to` holds
    the `id` of the row that is answered. `about` names the document or passage it is about, `heading` a title.
    `answers` are columns that each answer one guiding question: column to question. `contexts` are voluntary facts:
    column to the name of the context. `consent` says what the speaker agreed to.
    `order` says whether the day or the month comes first in the column of times, `calendar` of which calendar they are,
    `language_of_all` what language everything is in where no column says it.
    """

    text: str = ""
    author: str = ""
    group: str = ""
    time: str = ""
    language: str = ""
    id: str = ""
    reply_to: str = ""
    stance: str = ""
    headcount: str = ""
    place: str = ""
    about: str = ""
    heading: str = ""
    consent: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    contexts: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    header_row: int | None = None
    order: Literal["", "day", "month"] = ""
    calendar: Literal["", "gregorian", "hijri", "persian"] = ""
    language_of_all: str = ""

    def columns(self) -> Iterator[str]:
        """Yield the names of all columns that mean something."""
        yield from (column for role in ROLES if (column := getattr(self, role)))
        yield from self.answers
        yield from self.contexts

    def check(self, columns: tuple[str, ...]) -> None:
        """Raise MappingError if a column is missing from `columns`, or nothing is said anywhere."""
        missing = [column for column in self.columns() if column not in columns]
        if missing:
            raise MappingError(f"The table has no column {', '.join(f'“{column}”' for column in missing)}.")
        if not self.text and not self.answers:
            raise MappingError("No column is chosen that holds what people say: neither a text nor an answer.")

    def to_json(self) -> str:
        """Return the mapping as JSON, to be kept."""
        said = {name: value for name, value in asdict(self).items() if value not in ("", {}, None)}
        return json.dumps({"version": _VERSION, **said}, ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> "TableMapping":
        """Return the mapping that `to_json` wrote.

        Raises:
            MappingError: it is no such JSON; the sentence names what is wrong.
        """
        try:
            said = json.loads(text)
        except ValueError as error:
            raise MappingError(f"The mapping is not valid JSON: {error}.") from error
        if not isinstance(said, dict) or said.pop("version", None) != _VERSION:
            raise MappingError(f"The mapping is not one of version {_VERSION}.")
        known = {field.name for field in fields(cls)}
        for name, value in said.items():
            _check_entry(name, value, known)
        return cls(**said)


def _check_entry(name: str, value: Any, known: set[str]) -> None:
    if name not in known:
        raise MappingError(f"The mapping has an entry “{name}” that nothing is known of.")
    if name in ("answers", "contexts"):
        is_sound = isinstance(value, dict) and all(isinstance(word, str) for word in (*value, *value.values()))
    elif name == "header_row":
        is_sound = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    elif name in ("order", "calendar"):
        allowed = ("day", "month") if name == "order" else ("gregorian", "hijri", "persian")
        is_sound = value in allowed
    else:
        is_sound = isinstance(value, str)
    if not is_sound:
        raise MappingError(f"The entry “{name}” of the mapping is not what it should be.")
