"""How much a document may ask of us before it is refused."""

from dataclasses import dataclass

from harken.core.outline.model import OutlineError

__all__ = ["Limits", "format_size"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one document; each is refused with one sentence.

    `input_bytes` is the file as it comes, `unpacked_bytes` what a DOCX or ODT may inflate to (declared and actual),
    `package_entries` how many files it may hold, `package_ratio` how many times smaller than its content it may be once
    that content exceeds `ratio_from_bytes`; `characters` is the text of any document after decoding (for HTML: with
    its markup);
    `blocks` its headings, paragraphs and list items; `headings` the headings among them; `converter_seconds` and
    `converter_megabytes` the time and memory pandoc may take. The converter's time and memory are the only ones that
    depend on the machine.
    """

    input_bytes: int = 50_000_000
    unpacked_bytes: int = 200_000_000
    package_entries: int = 10_000
    package_ratio: int = 200
    ratio_from_bytes: int = 10_000_000
    characters: int = 5_000_000
    blocks: int = 50_000
    headings: int = 10_000
    converter_seconds: float = 60.0
    converter_megabytes: int = 512

    def check_input(self, size: int) -> None:
        """Raise OutlineError if a file of `size` bytes is larger than allowed."""
        if size > self.input_bytes:
            raise OutlineError(
                f"The file has {format_size(size)}; at most {format_size(self.input_bytes)} can be read."
            )

    def check_characters(self, count: int) -> None:
        """Raise OutlineError if a text of `count` characters is longer than allowed."""
        if count > self.characters:
            raise OutlineError(
                f"The document holds {count:,} characters of text; at most {self.characters:,} can be read."
            )

    def check_blocks(self, count: int) -> None:
        """Raise OutlineError if there are more headings, paragraphs and list items than allowed."""
        if count > self.blocks:
            raise OutlineError(
                f"The document has more than {self.blocks:,} paragraphs, headings and list items; "
                "it is too long to be an outline."
            )

    def check_headings(self, count: int, line: int | None = None) -> None:
        """Raise OutlineError if there are more headings than allowed; `line` is where the first one too many stands."""
        if count > self.headings:
            where = f" (the first one too many is on line {line})" if line is not None else ""
            raise OutlineError(
                f"The document has more than {self.headings:,} headings{where}; it is too long to be an outline."
            )


def format_size(size: int) -> str:
    """Return a size in bytes as people say it: `812 bytes`, `23 kB`, `200 MB`."""
    if size < 1_000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1_000:.0f} kB"
    return f"{size / 1_000_000:,.0f} MB" if size >= 10_000_000 else f"{size / 1_000_000:.1f} MB"
