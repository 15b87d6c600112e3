"""Fields of forms that choose among the groups of a tree."""

from django import forms

from harken.people.models import Group


class GroupField(forms.ModelChoiceField):  # type: ignore[type-arg] # django-stubs' generic needs its runtime patch
    """A group of the tree, each one set in as deep as it lies."""

    def label_from_instance(self, obj: Group) -> str:
        """The name behind a mark for each group above it."""
        depth = obj.path.count("/") - 1
        return f"{'· ' * depth}{obj.name}"
