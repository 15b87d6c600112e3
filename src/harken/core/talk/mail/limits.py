"""How much of one message is kept, so that no message can fill the memory."""

from dataclasses import dataclass

__all__ = ["MailLimits"]


@dataclass(frozen=True, slots=True)
class MailLimits:
    """Bounds on one message; what is beyond them is counted, left out and reported.

    `text_bytes` is the text of all its parts before decoding, `header_bytes` the header of one part, `parts` how many
    parts are listed, `depth` how deep they may nest, `references` how many messages it may say that it answers.
    """

    text_bytes: int = 4_000_000
    header_bytes: int = 256_000
    parts: int = 1_000
    depth: int = 50
    references: int = 100
