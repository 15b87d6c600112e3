"""Forms of the origin table."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.core.outline import OutlineError
from harken.core.outline.decoding import decode_text
from harken.documents.origin_table import NotATable, OriginLine, read_origin_table

MOST_BYTES = 2_000_000


class DropForm(forms.Form):
    """Why nothing came of a draft."""

    draft = forms.CharField(max_length=120)
    reason = forms.CharField(
        max_length=2000, error_messages={"required": _("Say why, in a few words: readers will see it.")}
    )


class OriginsImportForm(forms.Form):
    """An origin table, as a file or as text, and a reason for the lines that give none."""

    file = forms.FileField(
        label=_("A file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"})
    )
    text = forms.CharField(
        label=_("The table itself"),
        help_text=_("As CSV with the columns document and draft, or a line for each text: AD R2, R8 → Title."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "class": "source"}),
    )
    reason = forms.CharField(
        label=_("Why, for lines that do not say"),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    lines: list[OriginLine]
    table: str = ""

    def clean(self) -> dict[str, Any]:
        """Read the one that is given; `lines` are what it says, and `table` its text."""
        data = super().clean() or {}
        self.lines = []
        try:
            self.table = self._read(data)
            if self.table and not self.errors:
                self.lines = read_origin_table(self.table)
        except (NotATable, OutlineError) as error:
            self.add_error("file" if data.get("file") else "text", str(error))
        return data

    def _read(self, data: dict[str, Any]) -> str:
        file = data.get("file")
        if file is None:
            if not data.get("text") and not self.errors:
                raise forms.ValidationError(_("Give one of the two: a file, or the table itself."))
            return str(data.get("text") or "")
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("A table may have 2 MB at most."))
        text, _notes = decode_text(file.read())
        return text
