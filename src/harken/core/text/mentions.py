"""Where one text names another: by its code ("AD-R2"), its title, or its group and number ("Capacity Building 3").

What the words before a name say about it ("depends on", "conflicts with") comes from a short list in the seven
interface languages; it is read in the sentence that names, nowhere else.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from harken.core.text.folding import fold
from harken.core.text.sentences import split_sentences
from harken.core.text.words import Word, split_words

__all__ = ["Mention", "Name", "Stance", "find_mentions"]

Stance = Literal["depends_on", "needed_by", "supports", "conflicts_with", "overlaps", ""]

# A title of that many words is a name wherever it stands; a shorter one ("Transparency") only in quotes or emphasis.
TITLE_WORDS = 5
# How far before a name, in words, what is said of it may stand, as in "depends on the work done under AD-R2".
REACH = 8
_OPENING = "\"'“”‘„«‹»›「『*_"

_CUES: dict[Stance, str] = {
    "depends_on": """
        depends on|depend on|dependent on|depending on|requires|require|needs|relies on|rely on|builds on|build on
        builds upon|based on|presupposes|follows from|only works with
        setzt voraus|hängt ab von|hängt von|abhängig von|beruht auf|baut auf|braucht|benötigt|setzt auf
        depende de|dependen de|requiere|requieren|necesita|se basa en|se apoya en|presupone
        dépend de|dépendent de|dépend du|requiert|nécessite|repose sur|s’appuie sur|suppose
        dependem de|requer|requerem|precisa de|baseia-se em|apoia-se em|pressupõe
        يعتمد على|تعتمد على|يتطلب|تتطلب|يحتاج إلى|تحتاج إلى|يستند إلى|تستند إلى
        पर निर्भर|पर आधारित|की आवश्यकता|की ज़रूरत""",
    "needed_by": """
        required by|required for|needed by|needed for|precondition for|prerequisite for|basis for|basis of
        voraussetzung für|grundlage für|nötig für|condición para|base para|necesario para|necesaria para
        condition pour|condition de|nécessaire à|nécessaire pour|condição para|necessário para|necessária para
        شرط ل|أساس ل|ضروري ل""",
    "supports": """
        supports|support|strengthens|strengthen|complements|complement|contributes to|reinforces|enables|helps with
        unterstützt|stärkt|ergänzt|trägt bei zu|ermöglicht|apoya|refuerza|complementa|contribuye a|fortalece
        soutient|renforce|complète|contribue à|apoia|reforça|contribui para|fortalece
        يدعم|تدعم|يعزز|تعزز|يكمل|تكمل|يساهم في|का समर्थन|को मज़बूत""",
    "conflicts_with": """
        conflicts with|conflict with|contradicts|contradict|contrary to|at odds with|in tension with|incompatible with
        opposes|instead of|goes against|unlike
        widerspricht|im widerspruch zu|unvereinbar mit|statt|anstelle von|gegen
        contradice|en contra de|incompatible con|choca con|en vez de|en lugar de
        contredit|en contradiction avec|contraire à|incompatible avec|au lieu de|s’oppose à
        contradiz|contrário a|incompatível com|em vez de|opõe-se a
        يتعارض مع|تتعارض مع|يناقض|تناقض|بدلا من|के विपरीत|के विरुद्ध|से टकरा""",
    "overlaps": """
        overlaps with|overlap with|overlaps|duplicates|same as|similar to
        überschneidet sich mit|deckt sich mit|ähnlich wie|se solapa con|coincide con|similar a|igual que
        recoupe|chevauche|semblable à|sobrepõe-se a|semelhante a|coincide com
        يتداخل مع|تتداخل مع|मिलता-जुलता""",
}


def _fold_cues() -> dict[str, list[tuple[tuple[str, ...], Stance]]]:
    """Return the cues by their first word, the longest first."""
    cues: defaultdict[str, list[tuple[tuple[str, ...], Stance]]] = defaultdict(list)
    for stance, listed in _CUES.items():
        for cue in listed.replace("\n", "|").split("|"):
            words = tuple(word.folded for word in split_words(cue))
            if words:
                cues[words[0]].append((words, stance))
    return {first: sorted(found, key=lambda cue: -len(cue[0])) for first, found in cues.items()}


_BY_FIRST_WORD = _fold_cues()


@dataclass(frozen=True, slots=True)
class Name:
    """What the text with the key `key` may be called: code, title, and group with number where it has one."""

    key: str
    code: str
    title: str
    group_name: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """The text `source` names `target` in `sentence`; `words` are the name and what is said of it, as they stand.

    `stance` is what the sentence says, "" where it only names.
    """

    source: str
    target: str
    stance: Stance
    words: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    folded: tuple[str, ...]
    target: str
    kind: Literal["code", "title", "place"]


def _patterns(names: Sequence[Name]) -> dict[str, list[_Pattern]]:
    """Return what the texts may be called by the first word, the longest name first; what names several is left out."""
    spelled: defaultdict[tuple[str, ...], list[_Pattern]] = defaultdict(list)
    for name in names:
        place = f"{name.group_name} {name.number}" if name.group_name and name.number is not None else ""
        for kind, text in (("code", name.code), ("title", name.title), ("place", place)):
            folded = tuple(word.folded for word in split_words(text))
            if len(folded) > 1 or (folded and kind == "code"):
                spelled[folded].append(_Pattern(folded, name.key, kind))  # type: ignore[arg-type] # the three above
    by_first: defaultdict[str, list[_Pattern]] = defaultdict(list)
    for folded, patterns in spelled.items():
        if len({pattern.target for pattern in patterns}) == 1:
            by_first[folded[0]].append(patterns[0])
    return {first: sorted(found, key=lambda one: -len(one.folded)) for first, found in by_first.items()}


def find_mentions(names: Sequence[Name], texts: Sequence[str]) -> list[Mention]:
    """Return where each of `texts` (of the same order as `names`) names another, in the order of reading.

    A code counts as it is written, whatever its case; a title of `TITLE_WORDS` words anywhere, a shorter one where
    quotes or emphasis open before it. Texts that share a name are not told apart and so not found by it. Linear in
    the length of all texts.
    """
    patterns = _patterns(names)
    codes = {name.key: fold(name.code) for name in names}
    mentions = []
    for name, text in zip(names, texts, strict=True):
        for sentence in (text[start:end] for start, end in split_sentences(text)):
            words = split_words(sentence)
            for start, pattern in _named(sentence, words, patterns, codes):
                if pattern.target != name.key:
                    stance, cue = _read_stance(sentence, words, start)
                    last = words[start + len(pattern.folded) - 1]
                    said = sentence[words[start].start : last.end].strip(_OPENING)
                    mentions.append(Mention(name.key, pattern.target, stance, (said, *cue), sentence))
    return mentions


def _named(
    sentence: str, words: Sequence[Word], patterns: dict[str, list[_Pattern]], codes: dict[str, str]
) -> Iterator[tuple[int, _Pattern]]:
    """Yield the names in a sentence with the number of their first word; none within another."""
    start = 0
    while start < len(words):
        found = next(
            (one for one in patterns.get(words[start].folded, ()) if _stands_at(one, sentence, words, start, codes)),
            None,
        )
        if found:
            yield start, found
        start += len(found.folded) if found else 1


def _stands_at(pattern: _Pattern, sentence: str, words: Sequence[Word], start: int, codes: dict[str, str]) -> bool:
    here = words[start : start + len(pattern.folded)]
    if len(here) < len(pattern.folded) or any(
        word.folded != folded for word, folded in zip(here, pattern.folded, strict=True)
    ):
        return False
    if pattern.kind == "code":
        return fold(sentence[here[0].start : here[-1].end]).strip(_OPENING) == codes[pattern.target]
    if pattern.kind == "title" and len(pattern.folded) < TITLE_WORDS:
        first = here[0]
        return first.surface[0] in _OPENING or sentence[: first.start].rstrip()[-1:] in set(_OPENING)
    return True


def _read_stance(sentence: str, words: Sequence[Word], name_at: int) -> tuple[Stance, tuple[str, ...]]:
    """Return the last thing said before the name within `REACH` words, and its words as they stand."""
    for start in range(name_at - 1, max(-1, name_at - 1 - REACH), -1):
        for cue, stance in _BY_FIRST_WORD.get(words[start].folded, ()):
            end = start + len(cue)
            if end <= name_at and tuple(word.folded for word in words[start:end]) == cue:
                return stance, (sentence[words[start].start : words[end - 1].end],)
    return "", ()
