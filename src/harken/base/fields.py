"""Fields of forms that every room uses: words in any script, a language, long lists, a moment on a zone's clock."""

import datetime
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import escape, format_html
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


class PlainSelect(forms.Select):
    """A select whose options are joined, not each rendered by a template of its own: there may be hundreds."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The select with its options."""
        chosen = str(value or "")
        attributes = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        return format_html("<select{}>{}</select>", attributes, self._join(self.choices, chosen))

    def _join(self, choices: Any, chosen: str) -> SafeString:
        pieces: list[str] = []
        for value, label in choices:
            if isinstance(label, list | tuple):
                pieces.append(format_html('<optgroup label="{}">{}</optgroup>', value, self._join(label, chosen)))
            else:
                mark = " selected" if str(value) == chosen else ""
                pieces.append(f'<option value="{escape(value)}"{mark}>{escape(label)}</option>')
        return mark_safe("".join(pieces))  # noqa: S308 - joined from escaped values


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
