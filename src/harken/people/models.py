"""People and the bodies they form."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """An account. The name shown is what the person chose: a pseudonym is as good as any other."""

    first_name = None  # type: ignore[assignment] # Django's two fields do not fit the names people have
    last_name = None  # type: ignore[assignment] # see above
    display_name = models.CharField(_("name shown"), max_length=150, blank=True)
    lang = models.CharField(_("language"), max_length=35, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)

    @property
    def name(self) -> str:
        """What others see."""
        return self.display_name or self.username

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name shown; Django's own pages and mails ask for it under this method's name."""
        return self.name

    def get_short_name(self) -> str:
        """The name shown."""
        return self.name


class GroupKind(models.TextChoices):
    """What sort of body a group is."""

    MOVEMENT = "movement", _("Movement")
    CORE_TEAM = "core-team", _("Core team")
    WORKING_GROUP = "working-group", _("Working group")
    AFFILIATE = "affiliate", _("Affiliate")
    HUB = "hub", _("Hub")
    COUNCIL = "council", _("Council")
    ELECTORATE = "electorate", _("Electorate")


class Group(models.Model):
    """Any body of the one tree of groups.

    `path` is the chain of ids from the root, each padded and ended by `/`, so that everything below a group is
    found by one prefix. `code` is what documents' codes begin with (`AD` of `AD-R2`), unique below one root.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=500, db_index=True, editable=False)
    kind = models.CharField(max_length=20, choices=GroupKind.choices, default=GroupKind.WORKING_GROUP)
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=200)
    lang = models.CharField(_("language"), max_length=35, default="en")
    description = models.TextField(_("what this group does"), blank=True)
    description_html = models.TextField(blank=True, editable=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root", "code"], name="group_code_once_in_tree"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="group_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member does in a group, and below it."""

    ORGANISER = "organiser", _("Organiser")
    WRITER = "writer", _("Writer")
    LIAISON = "liaison", _("Liaison")
    TRANSLATOR = "translator", _("Translator")
    RESPONDER = "responder", _("Responder")
    MODERATOR = "moderator", _("Moderator")
    MEMBER = "member", _("Member")


class Membership(models.Model):
    """One person's role in one group for a term; a role that ended stays on record."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "group", "role", "starts_on"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.group}"
