"""What people said, for tests of themes."""

import datetime

import pytest

from harken.inputs.actions.preparing import prepare_inputs
from tests.cast import Cast
from tests.inputs.saying import NOON, a_post, a_source, bring_in


@pytest.fixture
def talk(cast: Cast) -> None:
    """Four things said on a talk page, one hour after the other."""
    texts = [
        "The well is dry in summer.\n\nDig it deeper.",
        "البئر جاف في الصيف.",
        "Old seeds are best.",
        "More shade.",
    ]
    posts = [
        a_post(str(place), text, lang="ar" if place == 2 else "en", at=NOON + datetime.timedelta(hours=place))
        for place, text in enumerate(texts, 1)
    ]
    bring_in(a_source(cast.process), *posts)
    prepare_inputs()
