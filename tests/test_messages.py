"""The interface says everything in every language it offers, with the same placeholders."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

import harken
from tools.messages import find_catalogues

PLACEHOLDER = re.compile(r"%(?:\([a-z_]+\))?[sd]")
CATALOGUES = {path.parent.parent.name: path for path in find_catalogues()}
PACKAGE = Path(harken.__file__).parent
COLLECTED = {"_", "gettext", "ngettext", "pgettext", "gettext_lazy", "ngettext_lazy", "pgettext_lazy"}


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


def test_every_message_stands_where_it_is_collected() -> None:
    """Those in longer strings (f-strings) and behind other names than Django's tool knows would stay English."""
    missed = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                missed += [f"{path}: {one.asname}" for one in node.names if one.asname not in {None, "_"}]
            if isinstance(node, ast.JoinedStr):
                calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
                missed += [f"{path}:{one.lineno}" for one in calls if ast.unparse(one.func) in COLLECTED]
    assert missed == []
