"""Headings with numbers: recommendations that are set as headings, and chapters that are merely counted."""

import re
from collections.abc import Sequence
from dataclasses import replace

from harken.core.outline.blocks import Block, Kind
from harken.core.outline.iterations import read_iteration_heading
from harken.core.outline.lexicon import RECOMMENDATION_WORDS, is_word

__all__ = ["read_numbered_headings"]

_NUMBER_PREFIX = re.compile(r"^\(?(?P<number>\d{1,3})\s?[.)\]:–—-]?\)?\s+(?P<rest>\S.*)$")
_NAMED_PREFIX = re.compile(
    r"^(?P<word>[^\W\d]+)\s*(?:no?\.?\s*)?[#№]?\s*(?P<number>\d{1,3})\s*[.):：–—-]?\s+(?P<rest>\S.*)$"
)


def read_numbered_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with recommendations set as headings ("Recommendation 3: ...", "3. ...") as list items.

    Headings of one level that are numbered in a row are items, and what stands below them continues them, if they name
    themselves recommendations or have no list below. Otherwise only the number is dropped ("2. Advocacy").
    """
    result = list(blocks)
    index = 0
    while index < len(result):
        series = _numbered_series(result, index)
        # One number may be chance; "Recommendation 1" is not.
        if not series or (len(series) < 2 and not series[0][3]):
            index += 1
            continue
        level = result[index].level
        end = next(
            (
                i
                for i in range(series[-1][0] + 1, len(result))
                if result[i].kind is Kind.HEADING and result[i].level <= level
            ),
            len(result),
        )
        named = series[0][3]
        as_items = named or not any(block.kind is Kind.ITEM for block in result[index:end])
        for place, number, rest, _ in series:
            block = result[place]
            if as_items:
                result[place] = Block(Kind.ITEM, rest, block.line, 1, number)
            else:
                result[place] = replace(block, text=rest)
        if as_items:
            starts = {place for place, _, _, _ in series}
            for place in range(index, end):
                if place not in starts:
                    result[place] = _as_continuation(result[place])
        index = end if as_items else series[-1][0] + 1
    return result


def _as_continuation(block: Block) -> Block:
    text = block.text
    if block.kind is Kind.ITEM:
        text = f"{block.number}. {text}" if block.number is not None else f"• {text}"
    return Block(Kind.CONTINUATION, text, block.line, 1)


def _numbered_series(blocks: Sequence[Block], index: int) -> list[tuple[int, int, str, bool]]:
    """Return place, number, text and whether it says "recommendation" of each heading numbered in a row."""
    series: list[tuple[int, int, str, bool]] = []
    level = blocks[index].level
    for place in range(index, len(blocks)):
        block = blocks[place]
        if block.kind is not Kind.HEADING:
            if not series:
                break
            continue
        if block.level > level and series:
            continue
        numbered = _read_heading_number(block)
        if block.level != level or numbered is None:
            break
        number, rest, named = numbered
        if series and (number != series[-1][1] + 1 or named != series[-1][3]):
            break
        series.append((place, number, rest, named))
    return series


def _read_heading_number(block: Block) -> tuple[int, str, bool] | None:
    if read_iteration_heading(block.text) is not None:
        return None
    match = _NUMBER_PREFIX.match(block.text)
    if match is not None:
        return int(match["number"]), match["rest"], False
    match = _NAMED_PREFIX.match(block.text)
    if match is not None and is_word(match["word"], RECOMMENDATION_WORDS):
        return int(match["number"]), match["rest"], True
    return None
