"""Names and directions of languages."""

from babel import localedata

from harken.base.languages import find_direction, name_in_interface, name_in_itself


def test_a_language_has_its_own_name_and_direction() -> None:
    assert [(name_in_itself(code), find_direction(code)) for code in ("ar", "pt-BR", "xx-nowhere")] == [
        ("العربية", "rtl"),
        ("Português (Brasil)", "ltr"),
        ("xx-nowhere", "ltr"),
    ]


def test_a_text_in_a_language_does_not_keep_all_that_is_known_in_it() -> None:
    """Babel keeps a megabyte for each language that was asked of: with texts in hundreds, more than all else."""
    before = set(localedata._cache)
    assert find_direction("ckb-IR") == "rtl"
    assert find_direction("haw-US") == "ltr"
    assert set(localedata._cache) <= before
    assert name_in_interface("haw") == "Hawaiian"
