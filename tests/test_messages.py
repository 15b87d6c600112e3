"""The interface says everything in every language it offers, with the same placeholders."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tools.messages import find_catalogues

PLACEHOLDER = re.compile(r"%(?:\([a-z_]+\))?[sd]")
CATALOGUES = {path.parent.parent.name: path for path in find_catalogues()}


def test_there_is_a_catalogue_for_each_language_but_english() -> None:
    assert {"en", *CATALOGUES} == {code for code, _name in settings.LANGUAGES}


@pytest.mark.parametrize("path", CATALOGUES.values(), ids=CATALOGUES)
def test_every_message_is_translated_with_the_placeholders_of_the_source(path: Path) -> None:
    for entry in polib.pofile(str(path)):
        assert entry.translated(), entry.msgid
        assert not entry.fuzzy, entry.msgid
        texts = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) == wanted, entry.msgid


@pytest.mark.parametrize("path", CATALOGUES.values(), ids=CATALOGUES)
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    written = {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in polib.pofile(str(path))}
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in compiled} == written
