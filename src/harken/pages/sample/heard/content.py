"""What is said about the sample, read from the TOML files in `content/inputs/`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from harken.pages.sample.content import read_toml

LANGUAGES: Final = ("en", "ar", "de", "es", "fr", "hi", "pt")


@dataclass(frozen=True, slots=True)
class SpokenPost:
    """One post of a conversation; `by` is somebody's key or any other name, `name` what acts call the post."""

    by: str
    lang: str
    said: str
    stance: str = ""
    depth: int = 1
    agrees: bool = False
    name: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Posts about the text with the key `text` ("" for the whole process), or about `words` of it.

    `page` is the talk page that it stood on, `heading` its heading or subject; it began `day` days after the
    reference day.
    """

    channel: str
    text: str
    day: int
    posts: tuple[SpokenPost, ...]
    words: str = ""
    heading: str = ""
    page: str = ""
    late: bool = False

    def parents(self) -> Iterator[tuple[SpokenPost, int | None]]:
        """Each post, and the place among the posts of the one it replies to."""
        above: list[int] = []
        for place, post in enumerate(self.posts):
            del above[post.depth - 1 :]
            yield post, above[-1] if above else None
            above.append(place)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence about the second draft with the code `on`."""

    on: str
    stance: str
    text: str


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """What comments in a language are made of: an opening (with a place), a claim, a closing; and who speaks.

    `keep` and `missing` are answers to the guiding questions of what to keep and who is missing.
    """

    lang: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    openings: tuple[str, ...]
    closings: tuple[str, ...]
    keep: tuple[str, ...]
    missing: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that went round: its words with gaps, what was put into these, and how many sent it by which way."""

    lang: str
    text: str
    stance: str
    subject: str
    letter: str
    places: tuple[str, ...]
    things: tuple[str, ...]
    counts: tuple[str, ...]
    names: tuple[str, ...]
    by_form: int
    by_mail: int

    def copies(self) -> Iterator[tuple[str, str]]:
        """Each copy that was sent: the name under it, and its words; no two are the same."""
        for number in range(self.by_form + self.by_mail):
            words = self.letter.format(
                place=self.places[number % len(self.places)],
                thing=self.things[(number // 2) % len(self.things)],
                count=self.counts[(number // 3) % len(self.counts)],
            )
            first = self.names[number % len(self.names)]
            yield f"{first} {chr(ord('A') + number // len(self.names))}.", words


def read_conversations() -> tuple[Conversation, ...]:
    """Every conversation that was written down word by word."""
    return tuple(
        Conversation(**{**raw, "posts": tuple(SpokenPost(**post) for post in raw["posts"])})
        for raw in read_toml("inputs", "conversations.toml")["conversations"]
    )


def read_language(lang: str) -> SpokenLanguage:
    """What comments in `lang` are made of."""
    raw = read_toml("inputs", f"words-{lang}.toml")
    lists = {name: tuple(raw[name]) for name in ("people", "places", "openings", "closings", "keep", "missing")}
    return SpokenLanguage(lang=raw["lang"], claims=tuple(Claim(*claim) for claim in raw["claims"]), **lists)


def read_letters() -> tuple[Letter, ...]:
    """Every letter that went round."""
    letters: list[dict[str, Any]] = read_toml("inputs", "campaign.toml")["letters"]
    gaps = ("places", "things", "counts", "names")
    return tuple(Letter(**{**raw, **{gap: tuple(raw[gap]) for gap in gaps}}) for raw in letters)


def read_held() -> list[Mapping[str, Any]]:
    """What came by the form with links that the rules do not let through."""
    held: list[Mapping[str, Any]] = read_toml("inputs", "held.toml")["held"]
    return held


def read_meetings() -> list[Mapping[str, Any]]:
    """The meetings, with their points or registrations."""
    meetings: list[Mapping[str, Any]] = read_toml("inputs", "meetings.toml")["meetings"]
    return meetings


def read_acts() -> Mapping[str, Any]:
    """What became of what was said, by what was done."""
    return read_toml("inputs", "acts.toml")
