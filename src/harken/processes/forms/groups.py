"""Forms for the groups that carry a process."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harken.base.fields import clean_language, language_code, line, words
from harken.people.fields import GroupField
from harken.people.models import Group, GroupKind, Role, User
from harken.people.queries import current_memberships


class GroupForm(forms.Form):
    """A group's words and place. The code is asked for once: documents are cited by it for ever."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=line())
    code = forms.RegexField(
        label=_("Code"),
        regex=r"^[A-Z][A-Z0-9]{0,11}$",
        help_text=_("Two or three capital letters that its documents' codes begin with. It can never be changed."),
        error_messages={"invalid": _("Use capital letters A to Z and digits, a letter first.")},
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=GroupKind.choices, initial=GroupKind.WORKING_GROUP)
    parent = GroupField(
        label=_("Part of"),
        queryset=Group.objects.none(),
        empty_label=None,
        help_text=_("Moving a group takes along all that lies below it. Codes and texts stay as they are."),
    )
    lang = forms.CharField(label=_("Language"), max_length=35, widget=language_code())
    description = forms.CharField(label=_("What this group does"), required=False, widget=words(4))

    def __init__(self, root: Group, group: Group | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Group.objects.filter(path__startswith=root.path).order_by("path")
        parent = cast(GroupField, self.fields["parent"])
        parent.queryset = places.exclude(path__startswith=group.path) if group else places
        if group:
            del self.fields["code"]
        if group and group.parent_id is None:
            del self.fields["parent"]

    def clean_lang(self) -> str:
        """A known language, so that the text gets its direction."""
        return clean_language(str(self.cleaned_data["lang"]))


class MemberForm(forms.Form):
    """Someone's role in a group for a term."""

    username = forms.CharField(
        label=_("Account"),
        max_length=150,
        help_text=_("The user name this person signs in with."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
    starts_on = forms.DateField(
        label=_("From"),
        required=False,
        help_text=_("Left empty: from today."),
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("Left empty: until somebody ends it."),
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )

    def __init__(self, group: Group, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group

    def clean_username(self) -> User:
        """The account of this name."""
        user = User.objects.filter(username=self.cleaned_data["username"].strip(), is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Nobody has an account of this name."))
        return user

    def clean(self) -> dict[str, Any]:
        """A term that ends after it begins, and a role the person does not hold by then."""
        data = super().clean() or {}
        starts, ends = data.get("starts_on") or timezone.localdate(), data.get("ends_on")
        if ends and ends < starts:
            self.add_error("ends_on", _("A term ends after it begins."))
        held = current_memberships(starts).filter(group=self.group, role=data.get("role"))
        if data.get("username") and held.filter(user=data["username"]).exists():
            self.add_error("role", _("%(name)s has this role already.") % {"name": data["username"].name})
        return data
