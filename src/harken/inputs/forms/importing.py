"""The forms by which what was said elsewhere is brought in."""

import datetime
import zoneinfo
from collections.abc import Sequence
from itertools import islice
from typing import Any, ClassVar, Final, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from harken.base.clocks import time_zones
from harken.base.fields import line
from harken.core.talk.tables.mapping import ROLES, TableMapping
from harken.core.talk.tables.reading import Row, Table
from harken.inputs.brought import Format
from harken.inputs.foreign import CannotRead, parse_mapping
from harken.inputs.forms.giving import context_label
from harken.inputs.forms.source_fields import (
    SourceLanguageField,
    group_field,
    headcount_field,
    licence_field,
    title_field,
)
from harken.inputs.models import Consent, ContextKind
from harken.inputs.packages import Room, check_package, is_package
from harken.inputs.queries.texts import LONGEST_NAME
from harken.processes.models import GuidingQuestion

LARGEST: Final = 200_000_000
MOST_FILES: Final = 1000
"""Fewer than a request may carry, so that who chooses more is told what to do."""
EARLIEST_YEAR: Final = 1900
LARGEST_MAPPING: Final = 1_000_000
EXAMPLE_ROWS: Final = 20
MOST_EXAMPLES: Final = 3
LONGEST_EXAMPLE: Final = 60
ORDERS: Final = (
    ("", _("as the column shows")),
    ("day", _("the day comes first")),
    ("month", _("the month comes first")),
)
CALENDARS: Final = (
    ("", _("as its years show")),
    ("gregorian", _("Gregorian")),
    ("hijri", _("Hijri, lunar")),
    ("persian", _("Persian, solar")),
)
ROLE_LABELS: Final = {
    "text": _("what somebody says"),
    "author": _("who says it"),
    "group": _("the group that says it"),
    "time": _("when"),
    "language": _("in which language"),
    "id": _("the row's own number"),
    "reply_to": _("the number of the row it answers"),
    "stance": _("the stance"),
    "headcount": _("how many they are"),
    "place": _("where"),
    "about": _("the text it is about"),
    "heading": _("a title"),
    "consent": _("what they agreed to"),
}


class FilesInput(forms.FileInput):
    """A field for several files, as browsers know it without any script."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleaned, they are a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Each of them, as Django takes one."""
        several = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in several if one or self.required]


class Folded:
    """Some fields of a form, as `base/form.html` shows them, folded under a title; open where one of them is wrong."""

    def __init__(self, form: forms.Form, title: Any, names: Sequence[str]) -> None:
        self.title = title
        self.visible_fields = [form[name] for name in names]
        self.errors = any(field.errors for field in self.visible_fields)


class BringForm(forms.Form):
    """What somebody brings, and on what terms."""

    format = forms.ChoiceField(label=_("What it is"), choices=Format.choices, widget=forms.RadioSelect)
    file = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("One or several that belong together, or a .zip of them; together up to 200 MB."),
    )
    address = forms.URLField(
        label=_("Or the address of a live talk page"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text=_("A page of a wiki, or its api.php with titles=Talk:… All its revisions are asked for."),
    )
    consent = forms.ChoiceField(
        label=_("What those who spoke agreed to"),
        choices=Consent.choices,
        help_text=_(
            "Usual is: all public for public talk pages and forums; without names for mail, surveys and lists. Nobody "
            "can be made nameless again once many have read it."
        ),
        widget=forms.RadioSelect,
    )
    title = title_field(required=False)
    group = group_field()
    headcount = headcount_field()
    collected = forms.DateField(
        label=_("When it was collected"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )
    origin = forms.URLField(
        label=_("Where it can be looked at"), required=False, max_length=2000, assume_scheme="https"
    )
    licence = licence_field()
    source = forms.CharField(
        label=_("What it is known by when it comes again"),
        max_length=250,
        required=False,
        help_text=_("The file's name unless you write another: the same source brought again adds only what is new."),
        widget=line(),
    )
    code = forms.CharField(
        label=_("The text it is about"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Its code; empty for the process as a whole."),
        widget=forms.TextInput(attrs={"list": "texts", "autocomplete": "off", "class": "short"}),
    )
    lang = SourceLanguageField()
    zone = forms.CharField(
        label=_("Where clocks stood that do not say"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )
    own = forms.CharField(
        label=_("Our own addresses, of mail"),
        max_length=2000,
        required=False,
        help_text=_("Mail from them is left out: this mailbox wrote it itself. Several with a space between."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    page_title = forms.CharField(
        label=_("Title of the talk page, where it is that of a person"), max_length=300, required=False, widget=line()
    )

    ABOUT_SOURCE: ClassVar = ("title", "group", "headcount", "collected", "origin", "licence", "source")
    ABOUT_READING: ClassVar = ("code", "lang", "zone", "own", "page_title")

    @property
    def first(self) -> Folded:
        """What everybody says."""
        return Folded(self, "", ("format", "file", "address", "consent"))

    @property
    def folded(self) -> list[Folded]:
        """What few say."""
        return [
            Folded(self, _("Where it comes from"), self.ABOUT_SOURCE),
            Folded(self, _("What it is about, and how it is read"), self.ABOUT_READING),
        ]

    def clean_file(self) -> list[UploadedFile[Any]]:
        """Files that are not too large, and packages that can be unpacked."""
        files: list[UploadedFile[Any]] = self.cleaned_data["file"]
        if sum(file.size or 0 for file in files) > LARGEST:
            raise forms.ValidationError(_("This is more than 200 MB. Bring it in with the command “harken import”."))
        if len(files) > MOST_FILES:
            sentence = _("These are more than %(number)d files. Pack them as a .zip.")
            raise forms.ValidationError(sentence, params={"number": MOST_FILES})
        room = Room()
        for file in files:
            if file.file is not None and is_package(file.file, file.name or ""):
                try:
                    check_package(file.file, file.name or "", room)
                except CannotRead as error:
                    raise forms.ValidationError(str(error)) from error
        return files

    def clean_zone(self) -> str:
        """A zone of the IANA database."""
        name = str(self.cleaned_data["zone"])
        if name not in time_zones():
            raise forms.ValidationError(_("Write a time zone such as UTC, Africa/Tunis or America/Lima."))
        return zoneinfo.ZoneInfo(name).key

    def clean_own(self) -> list[str]:
        """Addresses, each by itself."""
        return str(self.cleaned_data["own"]).replace(",", " ").replace(";", " ").split()

    def clean(self) -> dict[str, Any]:
        """One thing is brought: files, or an address of a wiki."""
        data = super().clean() or {}
        files, address, kind = data.get("file"), data.get("address"), data.get("format")
        if bool(files) == bool(address) and not {"file", "address"} & self.errors.keys():
            self.add_error("file", _("Choose files, or write an address: one of them."))
        if files and len(files) > 1 and kind == Format.TABLE:
            self.add_error("file", _("A survey is one table: bring each by itself."))
        if address and kind not in {Format.TALK, None}:
            self.add_error("address", _("Only talk pages are fetched; choose a file of what this is."))
        day, zone = data.get("collected"), data.get("zone")
        if day and zone:
            moment = datetime.datetime.combine(day, datetime.time(), zoneinfo.ZoneInfo(zone))
            if day.year < EARLIEST_YEAR or moment > timezone.now():
                self.add_error("collected", _("Write a day on which somebody can have collected this."))
            data["collected"] = moment.isoformat()
        return data


class SheetForm(forms.Form):
    """Where in a table the columns are called what they are called; sent by GET, and read again with that."""

    header_row = forms.IntegerField(
        label=_("Row of the headings"),
        min_value=0,
        max_value=20,
        help_text=_("As a spreadsheet counts; 0 if there is none."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    shown_row = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, sheets: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sheets) > 1:
            choices = [(name, name) for name in sheets]
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=choices)
            self.order_fields(["sheet"])

    def asked(self) -> tuple[str, int | None]:
        """The sheet, and its row of headings: None where it was never said of this sheet, but left from another."""
        sheet, row = self.cleaned_data.get("sheet", ""), self.cleaned_data["header_row"]
        shown, shown_row = self.cleaned_data["shown"], self.cleaned_data["shown_row"]
        return sheet, None if sheet not in ("", shown) and row == shown_row else row


class MappingFileForm(forms.Form):
    """A mapping from a file, as the page gives it, and as `harken import table --save-mapping` writes it."""

    mapping_file = forms.FileField(label=_("A mapping from a file"))

    def clean_mapping_file(self) -> TableMapping:
        """The mapping in it."""
        file: UploadedFile[Any] = self.cleaned_data["mapping_file"]
        try:
            return parse_mapping(file.read(LARGEST_MAPPING), file.name or "")
        except CannotRead as error:
            raise forms.ValidationError(str(error)) from error


def _examples(table: Table) -> list[str]:
    """What stands in each column, in a few rows that hold anything."""
    seen: list[list[str]] = [[] for _column in table.columns]
    for row in islice((entry for entry in table.rows() if isinstance(entry, Row)), EXAMPLE_ROWS):
        for place, said in enumerate(seen):
            cell = " ".join(row.text(place).split())
            if cell and cell not in said and len(said) < MOST_EXAMPLES:
                said.append(cell[:LONGEST_EXAMPLE] + ("…" if len(cell) > LONGEST_EXAMPLE else ""))
    return [" · ".join(said) for said in seen]


class MappingForm(forms.Form):
    """Which column of a survey is what: a choice for each column, how its dates are read, a name to keep it under."""

    def __init__(
        self,
        table: Table,
        mapping: TableMapping,
        questions: Sequence[GuidingQuestion],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._columns = columns = table.columns
        self._mapping = mapping
        known = {getattr(mapping, role): role for role in ROLES if getattr(mapping, role)}
        contexts = [(f"context:{kind}", context_label(kind)) for kind in ContextKind.values]
        own = sorted({name for name in mapping.contexts.values() if name not in ContextKind.values})
        contexts += [(f"context:{name}", name) for name in own]
        answers = [(f"answer:{question.text}", question.text[:80]) for question in questions]
        choices = [
            ("", _("left out")),
            (_("Of the row"), [(role, ROLE_LABELS[role]) for role in ROLES]),
            (_("An answer to"), [("answer", _("the question in the column's title")), *answers]),
            (_("Something they told of themselves"), [("context", _("what the column's title says")), *contexts]),
        ]
        for number, (column, examples) in enumerate(zip(columns, _examples(table), strict=True)):
            initial: str = known.get(column, "")
            if column in mapping.answers:
                asked = mapping.answers[column]
                initial = f"answer:{asked}" if any(key == f"answer:{asked}" for key, _label in answers) else "answer"
            elif column in mapping.contexts:
                initial = f"context:{mapping.contexts[column]}"
            # The page shows help as HTML.
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=column, required=False, choices=choices, initial=initial, help_text=escape(examples)
            )
        self.fields["order"] = forms.ChoiceField(
            label=_("In dates such as 03/04/2026"), required=False, choices=ORDERS, initial=mapping.order
        )
        self.fields["calendar"] = forms.ChoiceField(
            label=_("Calendar of the dates"), required=False, choices=CALENDARS, initial=mapping.calendar
        )
        self.fields["save_as"] = forms.CharField(
            label=_("Keep this under a name"), max_length=100, required=False, widget=line()
        )

    def clean(self) -> dict[str, Any]:
        """Each role is one column's; something is said somewhere."""
        data = super().clean() or {}
        chosen = [data.get(f"column-{number}", "") for number in range(len(self._columns))]
        for number, role in enumerate(chosen):
            if role in ROLES and chosen.index(role) != number:
                self.add_error(f"column-{number}", _("Another column is this already."))
        if not any(role == "text" or role.startswith("answer") for role in chosen):
            self.add_error(None, _("Say which column holds what people say: a text, or an answer."))
        return data

    def mapping(self) -> TableMapping:
        """What was chosen; what no column says stays as it was."""
        roles: dict[str, str] = dict.fromkeys(ROLES, "")
        answers: dict[str, str] = {}
        contexts: dict[str, str] = {}
        for number, column in enumerate(self._columns):
            role = str(self.cleaned_data.get(f"column-{number}", ""))
            if role in roles:
                roles[role] = column
            elif role.startswith("answer"):
                answers[column] = role.partition(":")[2] or column
            elif role.startswith("context"):
                contexts[column] = role.partition(":")[2] or column
        before = self._mapping
        return TableMapping(
            **cast(dict[str, Any], roles),
            answers=answers,
            contexts=contexts,
            sheet=before.sheet,
            header_row=before.header_row,
            order=self.cleaned_data["order"],
            calendar=self.cleaned_data["calendar"],
            language_of_all=before.language_of_all,
        )
