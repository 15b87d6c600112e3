"""Fields of forms that every room uses: words in any script, a language, long lists, a moment on a zone's clock."""

import datetime
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from harken.base.languages import is_known


def clean_language(code: str) -> str:
    """A language code the CLDR knows, so that every text gets its direction."""
    if not is_known(code.strip()):
        raise forms.ValidationError(_("Write a language code such as en, ar or pt-BR."))
    return code.strip()


def words(rows: int = 2) -> forms.Textarea:
    """A field for words in any script; it grows with what is written where the browser can."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def line(**attributes: str) -> forms.TextInput:
    """A field for one line in any script."""
    return forms.TextInput(attrs={"dir": "auto", **attributes})


def language_code() -> forms.TextInput:
    """A field for a language's code; pages offer the usual ones in the list `language-codes`."""
    return forms.TextInput(attrs={"list": "language-codes", "autocomplete": "off", "class": "short"})


def join_options(choices: Any) -> str:
    """The options of a select, none of them chosen."""
    pieces: list[str] = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            pieces.append(f'<optgroup label="{escape(value)}">{join_options(label)}</optgroup>')
        else:
            pieces.append(f'<option value="{escape(value)}">{escape(label)}</option>')
    return "".join(pieces)


class PlainSelect(forms.Select):
    """A select whose options are joined, not each rendered by a template of its own: there may be hundreds."""

    def join(self) -> str:
        """The options, none of them chosen."""
        return join_options(self.choices)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The select with its options."""
        attributes = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        begun = f'<option value="{escape(str(value or ""))}"'
        options = self.join().replace(f"{begun}>", f"{begun} selected>", 1)
        return mark_safe(f"<select{attributes}>{options}</select>")  # noqa: S308 - joined from escaped values


class ZonedDateTimeField(forms.DateTimeField):
    """A moment that is shown and read in one time zone, whatever the server's."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "short"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)
        self.zone: datetime.tzinfo = datetime.UTC

    def prepare_value(self, value: Any) -> Any:
        """The moment on the zone's clock."""
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime.datetime | None:
        """What the zone's clock showed, as a moment; an hour that the clocks skip or show twice is refused."""
        with timezone.override(self.zone):
            return super().to_python(value)
