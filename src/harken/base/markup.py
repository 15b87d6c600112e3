"""Safe HTML from what people write: rendered once, when it is written, and stored beside the immutable text.

The markup is a subset of CommonMark (https://spec.commonmark.org/): emphasis, strong, code, links, quotes, lists.
HTML typed by people is shown as the characters they typed, images are not loaded, and what comes out is sanitised
once more by nh3 (a build of ammonia) against a short list of elements.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import nh3

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

ALLOWED_ELEMENTS: Final = {"a", "p", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "br"}
ALLOWED_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
ALLOWED_SCHEMES: Final = {"http", "https", "mailto"}

# Most of what people write has no character with a meaning in CommonMark or HTML. It comes out as it went in, at a
# tenth of the cost; tests/base/test_markup.py holds both ways alike.
_NOT_PLAIN: Final = re.compile("""[^\\w\n ,.;:?!()/'"’‘“”«»¿¡–—…।、。،؛؟%=@#+~|$-]|_""")
# What a line may begin with, where it begins neither a list nor a block of its own.
_BEGINS_PLAIN: Final = re.compile("""(?!\\d{1,9}[.)])[^\\W_]|[("'’‘“”«¿¡]""")
_BLANK_LINES: Final = re.compile("\n{2,}")


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    # 4 MB, which a server that is only read from does without.
    from markdown_it import MarkdownIt  # noqa: PLC0415 - see above

    parser = MarkdownIt("zero", {"html": False, "linkify": False, "breaks": True})
    return parser.enable(
        ["emphasis", "link", "autolink", "escape", "entity", "backticks", "blockquote", "list", "newline", "fence"]
    )


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=ALLOWED_ELEMENTS,
        attributes={element: set(names) for element, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes=ALLOWED_SCHEMES,
        link_rel="nofollow noopener ugc",
    )


def _is_plain(text: str) -> bool:
    """Whether a text is words in lines that mean nothing but themselves."""
    if not text or _NOT_PLAIN.search(text) is not None:
        return False
    return all(line[-1] != " " and _BEGINS_PLAIN.match(line) is not None for line in text.split("\n") if line)


def render_blocks(text: str) -> str:
    """HTML for a text of paragraphs, quotes and lists."""
    if _is_plain(text):
        paragraphs = _BLANK_LINES.split(text.strip("\n")) if "\n" in text else [text]
        blocks = (f"<p>{paragraph}</p>".replace("\n", "<br>\n") for paragraph in paragraphs if paragraph)
        return "\n".join(blocks)
    return _cleaner().clean(_parser().render(text)).strip()


def render_line(text: str) -> str:
    """HTML for one run of words without blocks (a title, a list item, a paragraph whose element is the page's)."""
    if "\n" not in text and _is_plain(text):
        return text
    return _cleaner().clean(_parser().renderInline(text)).strip()
