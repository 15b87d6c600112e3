"""What speakers agreed to, compared: of two that hold for the same words, the stricter counts."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from harken.core.talk.model import Post
from harken.inputs.models import Consent

STRICTNESS: Final = (Consent.PUBLIC, Consent.NAMELESS, Consent.CLOSED)
"""From what lets most be seen to what lets least."""
_BY_VALUE: Final = {consent.value: consent for consent in Consent}


def strictest(*agreed: Consent) -> Consent:
    """The one that lets least be seen."""
    return max(agreed, key=STRICTNESS.index)


def consent_to(post: Post) -> Consent | None:
    """What the speaker of a post agreed to, where its source says it of each; None where it does not."""
    return _BY_VALUE.get(post.extra.get("consent", ""))


def count_consents(posts: Iterable[Post], agreed: Consent) -> Counter[Consent]:
    """How many posts would come under which consent, of those whose speakers said so; `agreed` holds for all."""
    return Counter(strictest(agreed, own) for post in posts if (own := consent_to(post)) is not None)
