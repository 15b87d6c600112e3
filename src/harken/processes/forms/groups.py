"""Forms for the groups that carry a process."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.languages import is_known
from harken.people.models import Group, GroupKind, Role, User


class GroupForm(forms.Form):
    """A group's words and place. The code is asked for once: documents are cited by it for ever."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    code = forms.RegexField(
        label=_("Code"),
        regex=r"^[A-Z][A-Z0-9]{0,11}$",
        help_text=_("Two or three capital letters that documents' codes begin with. Permanent."),
        error_messages={"invalid": _("Use capital letters A to Z and digits, a letter first.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=GroupKind.choices, initial=GroupKind.WORKING_GROUP)
    parent = forms.ModelChoiceField(label=_("Part of"), queryset=Group.objects.none())
    lang = forms.CharField(label=_("Language"), max_length=35)
    description = forms.CharField(
        label=_("What this group does"), required=False, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )

    def __init__(self, root: Group, group: Group | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        places = Group.objects.filter(path__startswith=root.path).order_by("path")
        field.queryset = places.exclude(path__startswith=group.path) if group else places  # type: ignore[attr-defined] # a ModelChoiceField
        if group:
            del self.fields["code"]
        if group and group.parent_id is None:
            del self.fields["parent"]

    def clean_lang(self) -> str:
        """A known language, so that the text gets its direction."""
        code = str(self.cleaned_data["lang"]).strip()
        if not is_known(code):
            raise forms.ValidationError(_("Write a language code such as en, ar or pt-BR."))
        return code


class MemberForm(forms.Form):
    """Someone's role in a group for a term."""

    username = forms.CharField(label=_("Account"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean_username(self) -> User:
        """The account of this name."""
        user = User.objects.filter(username=self.cleaned_data["username"].strip(), is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Nobody has an account of this name."))
        return user

    def clean(self) -> dict[str, Any]:
        """A term that ends after it begins."""
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("A term ends after it begins."))
        return data
