"""By which words inputs are found."""

from typing import Final

from harken.base.search import WordTable

INPUT_WORDS: Final = WordTable("input_words")
