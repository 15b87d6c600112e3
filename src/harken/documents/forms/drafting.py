"""Forms of a group's own space."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from harken.base.fields import words
from harken.documents.forms.fields import LanguageField
from harken.documents.models import Chapter, DocumentKind, Template
from harken.documents.models.templates import in_language
from harken.people.models import User


class NewTextForm(forms.Form):
    """What a new text is, what it is called, and in which language it is written."""

    template = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=1000, widget=words(2))
    lang = LanguageField(label=_("Language it is written in"), help_text=_("A code such as en, ar or pt-BR."))
    heading = forms.ChoiceField(label=_("Stands under"), required=False)
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(
        self,
        chapter: Chapter,
        templates: Sequence[Template],
        codes: dict[DocumentKind, str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chapter = chapter
        lang = get_language() or "en"
        offered = cast(forms.ChoiceField, self.fields["template"])
        offered.choices = [(one.slug, in_language(one.names, lang)[0] or one.slug) for one in templates]
        headings = cast(forms.ChoiceField, self.fields["heading"])
        headings.choices = [("", _("no question or heading")), *((text, text) for text in chapter.headings)]
        if not chapter.headings:
            del self.fields["heading"]
        example = next((codes[DocumentKind(one.kind)] for one in templates), "")
        self.fields["code"].help_text = _(
            "Left empty: the next free one, such as %(code)s. Texts are cited by it; it can never be changed."
        ) % {"code": example}

    def clean_code(self) -> str:
        """A code of the group, or none."""
        code = str(self.cleaned_data["code"]).strip().upper()
        begin = f"{self.chapter.group.code}-"
        rest = code.removeprefix(begin)
        if code and (not code.startswith(begin) or not rest.isascii() or not rest.isalnum()):
            raise forms.ValidationError(
                _("Begin with %(begin)s and go on with capital letters and digits, as in %(begin)sR7."),
                params={"begin": begin},
            )
        return code


class FollowTemplateForm(forms.Form):
    """Which template a text follows."""

    template = forms.ChoiceField(label=_("This text follows"))

    def __init__(self, templates: Sequence[Template], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "en"
        offered = cast(forms.ChoiceField, self.fields["template"])
        offered.choices = [(one.slug, in_language(one.names, lang)[0] or one.slug) for one in templates]


class ReviewerForm(forms.Form):
    """Somebody to invite, by the name they sign in with or the one others see."""

    who = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("The user name, or the name others see."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "auto"}
        ),
    )

    def clean_who(self) -> User:
        """The one account of this name."""
        name = str(self.cleaned_data["who"]).strip()
        people = User.objects.filter(is_active=True)
        found = list(people.filter(username=name)) or list(
            people.filter(Q(username__iexact=name) | Q(display_name__iexact=name))[:2]
        )
        if not found:
            raise forms.ValidationError(_("Nobody has an account of this name."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several people are called so. Write the user name."))
        return found[0]
