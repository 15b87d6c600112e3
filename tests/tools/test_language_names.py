"""The list of languages is what the Unicode CLDR says."""

from harken.base.language_names import OWN_NAMES
from tools.language_names import own_names


def test_languages_stand_under_the_names_they_have_in_themselves() -> None:
    assert list(OWN_NAMES.items()) == list(own_names().items())
    assert OWN_NAMES["ar"] == "العربية"
