"""Where the sentences of a text begin and end, in any script.

The base are the default rules of Unicode Standard Annex #29, section 5 (https://www.unicode.org/reports/tr29/): a
sentence ends at a sign that ends sentences, with the quotes and brackets that close behind it. Where those rules leave
room for tailoring, this is done: abbreviations and initials by language, numbers of order and of list items, a line
break inside a paragraph (which is only where the line was full), and list items.
"""

__all__ = ["split_sentences"]

# What ends a sentence wherever it stands, since no space need follow: CJK, danda, Arabic, Armenian, Ethiopic, Burmese,
# Khmer, Tibetan (STerm of UAX #29).
_SURE = "。．｡！？।॥؟۔։።፧፨။၊។៕៖༎᠃᠉᱾᱿꓿꩞꩟"
_SURE = _SURE.replace("၊", "").replace("៖", "")  # commas and colons of their scripts, named here to be left out
