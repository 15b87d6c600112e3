"""Forms of the analysis room: a theme, where one lies, and what an input is coded with."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harken.analysis.actions.themes import LONGEST_NAME
from harken.analysis.queries.themes import ThemeRow, ThemeTree
from harken.analysis.theme_choices import offer_themes
from harken.base.fields import PlainSelect, clean_language, language_code, line, words

_LONGEST_TEXT = 20_000
_LONGEST_QUOTE = 100_000


class ThemeForm(forms.Form):
    """A theme's name and description, and what it lies below.

    Of a theme that there is the page tells the form where it lay, so that only a place which somebody chose is another.
    """

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME, widget=line())
    lang = forms.CharField(label=gettext_lazy("Language"), max_length=35, widget=language_code())
    description = forms.CharField(
        label=gettext_lazy("What belongs to it, and what does not"),
        required=False,
        max_length=_LONGEST_TEXT,
        widget=words(),
    )
    parent = forms.ChoiceField(label=gettext_lazy("Part of"), required=False, widget=PlainSelect)

    def __init__(self, *args: Any, tree: ThemeTree, without: ThemeRow | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = {without, *tree.below(without)} if without else set()
        offered = offer_themes(row for row in tree.rows if row not in left_out)
        parent = self.fields["parent"]
        parent.show_hidden_initial = without is not None
        if isinstance(parent, forms.ChoiceField):
            parent.choices = [("", _("no other theme")), *offered]

    def clean_lang(self) -> str:
        """A language code the CLDR knows."""
        return clean_language(self.cleaned_data["lang"])


class MergeForm(forms.Form):
    """The theme that another one becomes part of for good."""

    into = forms.ChoiceField(label=gettext_lazy("Into"), widget=PlainSelect)

    def __init__(self, *args: Any, tree: ThemeTree, theme: ThemeRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = {theme, *tree.below(theme)}
        into = self.fields["into"]
        if isinstance(into, forms.ChoiceField):
            into.choices = [("", "–"), *offer_themes(row for row in tree.rows if row not in left_out)]


class CodeForm(forms.Form):
    """A theme, and the words of an input that belong to it."""

    theme = forms.ChoiceField(label=gettext_lazy("Theme"), widget=PlainSelect)
    quote = forms.CharField(
        label=gettext_lazy("Words that belong to it"),
        help_text=gettext_lazy("Copied from the input; empty for all of it."),
        required=False,
        max_length=_LONGEST_QUOTE,
        widget=words(),
    )

    def __init__(self, *args: Any, tree: ThemeTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme = self.fields["theme"]
        if isinstance(theme, forms.ChoiceField):
            theme.choices = [("", "–"), *offer_themes(tree.rows)]
