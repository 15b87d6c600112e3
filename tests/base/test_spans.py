"""From when to when, by whose clock."""

import datetime

import pytest
from django.utils import translation

from harken.base.templatetags.harken import span_in_zone

BEGINS = datetime.datetime(2026, 12, 4, 17, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("lang", "zone", "hours", "words"),
    [
        ("en", "UTC", 3, "December 4, 2026, 17:00–20:00 (UTC)"),
        ("en", "Africa/Tunis", 3, "December 4, 2026, 18:00–21:00 (Tunis)"),
        ("de", "Europe/Vienna", 8, "4. Dezember 2026, 18:00 – 5. Dezember 2026, 02:00 (Wien)"),
        ("ar", "Africa/Tunis", 3, "4 ديسمبر 2026، 18:00–21:00 (تونس)"),
    ],
)
def test_a_span_is_told_by_its_own_clock(lang: str, zone: str, hours: int, words: str) -> None:
    with translation.override(lang):
        assert span_in_zone(BEGINS, BEGINS + datetime.timedelta(hours=hours), zone) == words
