"""How organisers say how a process takes input."""

import pytest
from django.test import Client
from django.urls import reverse

from harken.base.models import AuditEvent
from harken.base.permits import Refused
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.models import ContextKind, InputRules, LateInput, Moderation
from harken.inputs.queries.rules import rules_of
from tests.cast import Cast, text_of

SENT = {
    "moderation": "before",
    "late": "accepted",
    "correction_minutes": "60",
    "answer_days": "14",
    "posts_per_hour": "0",
    "most_links": "1",
    "refused_hosts": "https://Pills.example/buy\nbücher.example",
    "contexts": ["region", "language community"],
    "context_note": "Counted, never shown with your name.",
}


def test_only_organisers_set_rules_and_only_changes_are_on_record(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_input_rules(actor=cast.bruno, process=cast.process, rules=Rules())
    version = cast.process.content_version
    for _twice in range(2):
        set_input_rules(
            actor=cast.amina,
            process=cast.process,
            rules=Rules(late=LateInput.ACCEPTED, contexts=[ContextKind.REGION] * 2),
        )
    [event] = AuditEvent.objects.filter(verb="set input rules")
    assert event.detail == {"late": "accepted", "contexts": ["region"]}
    cast.process.refresh_from_db()
    assert cast.process.content_version == version + 1
    assert rules_of(cast.process).late == LateInput.ACCEPTED


def test_the_form_shows_the_defaults_and_keeps_what_is_decided(cast: Cast, amina: Client) -> None:
    address = reverse("input-rules", args=[cast.process.slug])
    assert 'value="1440"' in text_of(amina, address)
    assert not InputRules.objects.exists()
    assert amina.post(address, SENT).status_code == 302
    rules = InputRules.objects.get()
    assert (rules.moderation, rules.posts_per_hour) == (Moderation.BEFORE, 0)
    assert rules.refused_hosts == ["pills.example", "xn--bcher-kva.example"]
    assert rules.contexts == ["region", "language community"]
    page = text_of(amina, address)
    assert "Counted, never shown with your name." in page
    assert "pills.example\nxn--bcher-kva.example</textarea>" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("refused_hosts", "nonsense"),
        ("answer_days", "0"),
        ("posts_per_hour", "-1"),
        ("contexts", ["shoe size"]),
        ("moderation", "never"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_changed(cast: Cast, amina: Client, field: str, value: object) -> None:
    answer = amina.post(reverse("input-rules", args=[cast.process.slug]), {**SENT, field: value})
    assert answer.status_code == 422
    assert "This was not saved yet." in answer.content.decode()
    assert not InputRules.objects.exists()
