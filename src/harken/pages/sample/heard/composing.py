"""Comments made of the clauses of a language: an opening, a claim and a closing, each claim once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from harken.pages.sample.heard.content import LANGUAGES, Claim, SpokenLanguage, read_language

ON_TALK_PAGES: Final = ("MM-R1", "SK-R4")
"""What is said of these texts was said on their talk pages, of the next ones in their forum topics."""

IN_THE_FORUM: Final = ("TS-R5", "SR-R3")

# Of the other claims in a language, so many came by each way; what remains came by the form.
_SHARES: Final = (("survey", 7), ("mail", 4), ("list", 2))


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as somebody made it by a way (`channel`); `keep` and `missing` answer guiding questions."""

    channel: str
    on: str
    lang: str
    stance: str
    text: str
    by: str
    place: str
    keep: str
    missing: str


def compose_comments(seed: int) -> list[Comment]:
    """All comments in all languages, the same for the same seed, in the order in which they were made."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    comments = [comment for lang in LANGUAGES for comment in _compose(read_language(lang), chance)]
    chance.shuffle(comments)
    return comments


def _compose(spoken: SpokenLanguage, chance: random.Random) -> Iterator[Comment]:
    openings, closings = (cycle(chance.sample(part, len(part))) for part in (spoken.openings, spoken.closings))
    people, places = (cycle(chance.sample(part, len(part))) for part in (spoken.people, spoken.places))
    keep, missing = cycle(spoken.keep), cycle(spoken.missing)
    claims = chance.sample(spoken.claims, len(spoken.claims))
    channels = iter([channel for channel, count in _SHARES for _ in range(count)])
    for claim in claims:
        place = next(places)
        yield Comment(
            channel=_channel_of(claim, channels),
            on=claim.on,
            lang=spoken.lang,
            stance=claim.stance,
            text=f"{next(openings).format(place=place)} {claim.text} {next(closings)}",
            by=next(people),
            place=place,
            keep=next(keep),
            missing=next(missing),
        )


def _channel_of(claim: Claim, channels: Iterator[str]) -> str:
    if claim.on in ON_TALK_PAGES:
        return "talk"
    if claim.on in IN_THE_FORUM:
        return "forum"
    return next(channels, "form")
