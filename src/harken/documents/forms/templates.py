"""Forms for templates: their words in every language of the process, and what each section asks for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from harken.base.languages import find_direction, name_in_interface
from harken.documents.forms.fields import LanguageField
from harken.documents.models import Depth, DocumentKind, Section, Template
from harken.documents.models.templates import in_language
from harken.processes.models import Process


def languages_for(process: Process, *words: Mapping[str, str]) -> list[str]:
    """The languages to ask for words in: those the process offers, then those there are words in already."""
    offered = [process.lang, *process.languages]
    return list(dict.fromkeys([*offered, *(code for spoken in words for code in spoken)]))


class _ByLanguage(forms.Form):
    """A form with the same two fields in every language: a short one and a longer one."""

    def add_words(
        self,
        languages: Sequence[str],
        names: tuple[str, str],
        labels: tuple[Any, Any],
        spoken: tuple[Mapping[str, str], Mapping[str, str]],
    ) -> None:
        self.languages = languages
        self.names = names
        fields: dict[str, forms.Field] = {}
        for code in languages:
            attributes = {"lang": code, "dir": find_direction(code)}
            fields[f"{names[0]}_{code}"] = forms.CharField(
                label=labels[0],
                required=False,
                max_length=300,
                initial=spoken[0].get(code, ""),
                widget=forms.TextInput(attrs=attributes),
            )
            fields[f"{names[1]}_{code}"] = forms.CharField(
                label=labels[1],
                required=False,
                max_length=2000,
                initial=spoken[1].get(code, ""),
                widget=forms.Textarea(attrs={"rows": 2, **attributes}),
            )
        self.fields = {**fields, **self.fields}

    def words(self, name: str) -> dict[str, str]:
        """What was written into the fields of this name, by language."""
        return {code: str(self.cleaned_data.get(f"{name}_{code}", "")) for code in self.languages}

    def by_language(self) -> Iterable[tuple[str, str, list[forms.BoundField]]]:
        """The fields of each language, with its code and its name in the interface's language."""
        for code in self.languages:
            yield code, name_in_interface(code), [self[f"{name}_{code}"] for name in self.names]

    def others(self) -> list[forms.BoundField]:
        """The fields that are the same in every language."""
        spoken = {f"{name}_{code}" for name in self.names for code in self.languages}
        return [self[name] for name in self.fields if name not in spoken]


class TemplateForm(_ByLanguage):
    """What a template is called and says, and whether readers accept its texts."""

    asks_acceptance = forms.BooleanField(
        label=_("Readers can accept texts written with it"),
        required=False,
        help_text=_("As with a charter or a code of conduct."),
    )

    def __init__(self, template: Template, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asks_acceptance"].initial = template.asks_acceptance
        self.add_words(
            languages_for(template.process, template.names, template.descriptions),
            ("name", "description"),
            (_("Name"), _("What it is for")),
            (template.names, template.descriptions),
        )


class SectionForm(_ByLanguage):
    """A section: its words in every language, its budget, the depths it belongs to, whether it may stay empty."""

    budget = forms.IntegerField(
        label=_("Words it may have"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Left empty: as many as it takes. More is allowed, and pointed out."),
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    depths = forms.MultipleChoiceField(
        label=_("Readers find it in"),
        required=False,
        choices=Depth.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The summary for who has a minute, the core for most, the extended text for who wants it all."),
    )
    required = forms.BooleanField(
        label=_("May not stay empty"),
        required=False,
        help_text=_("A text is not shown to readers before something is written here."),
    )

    def __init__(self, process: Process, section: Section, data: Mapping[str, Any] | None = None) -> None:
        initial = {"budget": section.budget, "depths": list(section.depths), "required": section.required}
        super().__init__(data, initial=initial)
        self.add_words(
            languages_for(process, section.titles, section.guidance),
            ("title", "guidance"),
            (_("Title"), _("Guidance for writers")),
            (section.titles, section.guidance),
        )


class NewTemplateForm(forms.Form):
    """A template to add: its name, the kind of text, and which template it begins like."""

    name = forms.CharField(label=_("Name"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    lang = LanguageField(label=_("Language of the name"))
    kind = forms.ChoiceField(label=_("Kind of text"), choices=DocumentKind.choices)
    like = forms.ChoiceField(label=_("Begin with the sections of"), required=False)

    def __init__(self, templates: Sequence[Template], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "en"
        like = cast(forms.ChoiceField, self.fields["like"])
        like.choices = [
            ("", _("none: begin without sections")),
            *((one.slug, in_language(one.names, lang)[0] or one.slug) for one in templates),
        ]


class NewSectionForm(forms.Form):
    """A section to add, by its title in one language; all else is set on its own page."""

    title = forms.CharField(label=_("Title"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    lang = LanguageField(label=_("Language"))
