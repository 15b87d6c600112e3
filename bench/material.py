"""Texts to measure with: made from a seed, so that every run and every machine measures the same."""

from __future__ import annotations

from itertools import accumulate
from random import Random

# Words as frequent as in a natural language (the k-th has a share of 1/k, Zipf's law), made from syllables where
# English runs out: rare words are what texts are told apart by.
_COMMON = """
the of and to in for with on by from at as that this their all any each more must should will can may
groups communities affiliates newcomers volunteers partners regions languages decisions resources skills
knowledge share review publish fund translate adopt support open safe local global fair common yearly
""".split()  # noqa: SIM905 - as a list it would fill a page
_SYLLABLES = "ba co de fi gra hu ju ka lo me no pra qui ro sta tu vi we xe zo lin mar ter ner sol".split()  # noqa: SIM905 - no list of letters
_VOCABULARY_SIZE = 8_000


def _make_vocabulary() -> tuple[list[str], list[float]]:
    """Return the words and the running sums of their shares."""
    chance = Random(0)
    words = list(_COMMON)
    while len(words) < _VOCABULARY_SIZE:
        words.append("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))))
    shares = accumulate(1 / rank for rank in range(1, len(words) + 1))
    return words, list(shares)


_WORDS, _SHARES = _make_vocabulary()


def make_sentence(chance: Random) -> str:
    """Return one sentence of 8 to 18 words."""
    return " ".join(chance.choices(_WORDS, cum_weights=_SHARES, k=chance.randint(8, 18))).capitalize() + "."


def make_passage(chance: Random, sentences: int = 4) -> str:
    """Return a paragraph of some sentences."""
    return " ".join(make_sentence(chance) for _ in range(sentences))


def rewrite_passage(chance: Random, passage: str) -> str:
    """Return the passage as an editor might leave it: one word in ten changed, perhaps a sentence more."""
    words = passage.split(" ")
    for place in chance.sample(range(len(words)), k=max(1, len(words) // 10)):
        words[place] = chance.choices(_WORDS, cum_weights=_SHARES)[0]
    if chance.random() < 0.3:
        words.append(make_sentence(chance))
    return " ".join(words)


def make_outline(*, iterations: int, groups: int, recommendations: int, seed: int = 2030) -> str:
    """Return a strategy page in Markdown.

    Args:
        iterations: how many published rounds, newest first; each rewrites the one before it.
        groups: groups in each.
        recommendations: numbered recommendations in each group.
        seed: another seed, another page.
    """
    chance = Random(seed)
    texts = [[make_passage(chance, 2) for _ in range(recommendations)] for _ in range(groups)]
    rounds = []
    for number in range(1, iterations + 1):
        lines = [
            f"# Iteration {number} ({('March', 'June', 'September')[number % 3]} {2019 + number // 3})",
            "",
        ]
        for place, group in enumerate(texts, start=1):
            lines += [f"## Working Group {_letters(place)}", ""]
            lines += [f"{position}. {text}" for position, text in enumerate(group, start=1)]
            lines.append("")
        rounds.append("\n".join(lines))
        texts = [[rewrite_passage(chance, text) for text in group] for group in texts]
    return "\n".join(reversed(rounds))


def _letters(number: int) -> str:
    """Return letters for a number from 1: A to Z, then AA, AB and so on."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
