"""Numbers and bullets that somebody typed: "1.", "1)", "(1)", "١.", "१.", "•" and their like at the start of a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harken.core.outline.blocks import Block, Kind
from harken.core.outline.dates import is_month
from harken.core.outline.iterations import read_iteration_heading
from harken.core.outline.lexicon import split_words

__all__ = ["ItemMark", "read_item_mark", "read_typed_lists"]

_WORD_BEFORE_NUMBER = (
    r"(?:recommendation|recomendación|recomendação|recommandation|empfehlung|التوصية|توصية|सिफारिश|अनुशंसा)"
    r"\s*(?:no?\.?\s*)?[#№]?\s*"
)
_NUMBERED = re.compile(
    rf"^(?:{_WORD_BEFORE_NUMBER})?\(?(?P<number>\d{{1,4}})\s?"
    r"(?P<mark>\.\)|[.)\]．）、。](?=\s|$)|[.)\]．）、。](?=[^\W\d])|[.)\]．）](?=[\"'“«‘(])|[:：](?=\s)|[-–—](?=\s+[^\s\d])|(?=\t))(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_DOTTED = re.compile(
    r"^\(?(?P<number>\d{1,3}(?:\.\d{1,3}){1,4})\s?(?:[.):\]–-]\s*|\s+)(?P<rest>[^\W\d].*|[\"'“«(].*)$", re.DOTALL
)
_BULLET = re.compile(
    r"^(?:[•‣◦▪▫●○■□◆◇►▶➢➤✓✔·⁃∙\uf0b7\uf0a7\u25aa](?=\s|\w|[\"'“«‘(])|[*+–—-](?=\s)|o(?=\t)|\(?[a-z]\)(?=\s)|[a-z]\.(?=\s+[A-Z])"
    r"|\(?[ivx]{2,5}[.)](?=\s))\s*(?P<rest>.*)$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ItemMark:
    """A mark at the start of a line: `kind` tells kinds of marks apart, `rest` is the line behind it.

    `depth` is said only by numbers such as `2.1.3` (3); it is 0 otherwise.
    """

    kind: str
    number: int | None
    rest: str
    depth: int = 0


def read_item_mark(line: str, previous: ItemMark | None) -> ItemMark | None:
    """Return the mark a line starts with, or None; `previous`, the last mark above, tells numbers from dates."""
    dotted = _DOTTED.match(line)
    if dotted is not None:
        return _read_dotted(dotted, previous)
    numbered = _NUMBERED.match(line)
    if numbered is not None and read_iteration_heading(line.strip()) is not None:
        return None
    if numbered is not None and _is_item_number(numbered, previous):
        return ItemMark("1", int(numbered["number"]), numbered["rest"])
    bullet = _BULLET.match(line)
    if bullet is not None and bullet["rest"].strip():
        lettered = line.lstrip("(")[:1].isalpha() and line[:2] != "o\t"
        return ItemMark("a" if lettered else "*", None, bullet["rest"])
    return None


def _read_dotted(match: re.Match[str], previous: ItemMark | None) -> ItemMark | None:
    """Return the mark of "2.1 Words" if it goes on with the numbers above; otherwise it is a fraction or a version."""
    parts = [int(part) for part in match["number"].split(".")]
    if previous is None or previous.number is None:
        return None
    follows = previous.depth == len(parts) and parts[-1] in (1, previous.number + 1)
    if follows or (parts[-1] == 1 and previous.number == parts[-2]):
        return ItemMark("1" * len(parts), parts[-1], match["rest"], len(parts))
    return None


def _is_item_number(match: re.Match[str], previous: ItemMark | None) -> bool:
    value = int(match["number"])
    if previous is not None and previous.number == value - 1:
        return True
    if len(match["number"]) == 4:
        return False  # a year
    # "15. September 2019" opens a German sentence more often than an item, unless the number is a first one.
    words = split_words(match["rest"][:60])
    if not words or not is_month(words[0]):
        return True
    return value == 1 and not (len(words) > 1 and words[1].isdecimal())


def read_typed_lists(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with paragraphs that start with a typed number or bullet as list items.

    Office documents and web pages hold many lists that are none to their program. Numbers count if they start at 1 or
    go on.
    """
    result: list[Block] = []
    previous: ItemMark | None = None
    for block in blocks:
        if block.kind is not Kind.PARAGRAPH or block.in_table:
            if block.kind is not Kind.CONTINUATION:
                previous = ItemMark("1", block.number, "") if block.kind is Kind.ITEM else None
            result.append(block)
            continue
        items, previous = _split_paragraph(block, previous)
        result.extend(items)
    return result


def _split_paragraph(block: Block, previous: ItemMark | None) -> tuple[list[Block], ItemMark | None]:
    items: list[Block] = []
    for place, line in enumerate(block.text.split("\n")):
        mark = read_item_mark(line, previous)
        if mark is not None and mark.kind in ("1", "*") and line[0] not in "*+–—-" and _goes_on(mark, previous):
            lead = block.lead - (len(line) - len(mark.rest)) if place == 0 else 0
            items.append(Block(Kind.ITEM, mark.rest.strip(), block.line, 1, mark.number, max(0, lead)))
            previous = mark
        elif items and items[-1].kind is Kind.ITEM:
            last = items[-1]
            items[-1] = Block(Kind.ITEM, f"{last.text}\n{line}", last.line, 1, last.number, last.lead)
        elif items:
            items[-1] = Block(
                Kind.PARAGRAPH, f"{items[-1].text}\n{line}", block.line, lead=block.lead, tight=block.tight
            )
        else:
            items.append(Block(Kind.PARAGRAPH, line, block.line, lead=block.lead, tight=block.tight))
    return items, previous


def _goes_on(mark: ItemMark, previous: ItemMark | None) -> bool:
    if mark.number is None:
        return True
    return mark.number == 1 or (previous is not None and previous.number == mark.number - 1)
