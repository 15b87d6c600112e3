"""Texts to measure with: made from a seed, so that every run and every machine measures the same."""

from __future__ import annotations

from random import Random

_SUBJECTS = (
    "Working groups",
    "Affiliates",
    "Regional hubs",
    "Newcomers",
    "Organisers",
    "Language communities",
    "Partners",
    "Volunteers",
)
_VERBS = (
    "share",
    "review",
    "publish",
    "fund",
    "translate",
    "adopt",
    "evaluate",
    "document",
    "protect",
    "simplify",
    "govern",
    "support",
)
_OBJECTS = (
    "a common calendar",
    "the rules of conduct",
    "grants for small events",
    "mentoring across borders",
    "a register of skills",
    "open data about participation",
    "the cost of travel",
    "decisions and their reasons",
    "safe places to meet",
    "training in the local language",
    "a yearly review of power",
    "tools that work offline",
    "the minutes of every council",
)
_MANNERS = (
    "within one year",
    "with the people concerned",
    "in every region",
    "without new central staff",
    "before money is spent",
    "and report twice a year",
    "wherever two groups overlap",
    "as long as communities ask for it",
    "by open election",
)


def make_sentence(chance: Random) -> str:
    """Return one sentence of about twelve words."""
    subject, verb = chance.choice(_SUBJECTS), chance.choice(_VERBS)
    return f"{subject} {verb} {chance.choice(_OBJECTS)} {chance.choice(_MANNERS)}."


def make_passage(chance: Random, sentences: int = 4) -> str:
    """Return a paragraph of some sentences."""
    return " ".join(make_sentence(chance) for _ in range(sentences))


def rewrite_passage(chance: Random, passage: str) -> str:
    """Return the passage as an editor might leave it: a word changed, perhaps a sentence more."""
    sentences = passage.split(". ")
    place = chance.randrange(len(sentences))
    words = sentences[place].split(" ")
    words[chance.randrange(len(words))] = chance.choice(_VERBS)
    sentences[place] = " ".join(words)
    if chance.random() < 0.3:
        sentences.insert(place, make_sentence(chance).rstrip("."))
    return ". ".join(sentences)


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
