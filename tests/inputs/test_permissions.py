"""Who may see and do what with inputs; what is listed and what can be opened agree."""

import pytest
from django.contrib.auth.models import AnonymousUser

from harken.base.actions import Actor
from harken.base.permits import OPERATOR
from harken.documents.models import Document
from harken.inputs.actions.importing import import_posts
from harken.inputs.actions.recording import About, Said, record_input
from harken.inputs.actions.sources import open_source
from harken.inputs.models import Channel, Consent, Input, Source
from harken.inputs.permissions import (
    inputs_visible_to,
    may_give_input,
    may_import_inputs,
    may_redact,
    may_see_input,
    may_see_source,
    may_see_speakers,
    may_work_with_inputs,
    sources_visible_to,
)
from harken.processes.models import Process
from tests.cast import Cast, add_round, open_phase
from tests.inputs.saying import a_post, a_source, bring_in


def everybody(cast: Cast) -> dict[str, Actor]:
    people: dict[str, Actor] = {
        name: getattr(cast, name) for name in ("amina", "bruno", "chen", "dalia", "esra", "farid")
    }
    return {**people, "anybody": AnonymousUser(), "operator": OPERATOR}


@pytest.fixture
def _ledger(cast: Cast) -> None:
    """Inputs of every consent, on a published text, on a draft and on none; one is Farid's, one source Chen's."""
    _iteration, (published, hidden) = add_round(cast.process, cast.advocacy, "Water", "Dig")
    for consent in Consent:
        source = a_source(cast.process, consent.value, consent)
        bring_in(source, a_post("whole"))
        for document in (published, hidden):
            bring_in(source, a_post(document.code), document=document)
    record_input(actor=cast.farid, process=cast.process, said=Said("I too."), about=About(hidden))
    Document.objects.filter(pk=hidden.pk).update(published=None)
    mine = open_source(
        actor=cast.chen, process=cast.process, channel=Channel.MEETING, key="m", title="Salon", consent=Consent.CLOSED
    )
    import_posts(actor=cast.chen, source=mine, posts=[a_post("point")])


@pytest.mark.usefixtures("_ledger")
@pytest.mark.parametrize("is_public", [True, False])
def test_what_is_listed_can_be_opened_and_nothing_else(cast: Cast, is_public: bool) -> None:
    Process.objects.update(is_public=is_public)
    process = Process.objects.get()
    for name, actor in everybody(cast).items():
        listed = set(inputs_visible_to(actor, process))
        assert listed == {said for said in Input.objects.all() if may_see_input(actor, said)}, name
        sources = set(sources_visible_to(actor, process))
        assert sources == {source for source in Source.objects.all() if may_see_source(actor, source)}, name
        assert is_public or listed or name in {"farid", "anybody"}


@pytest.mark.usefixtures("_ledger")
def test_what_was_said_in_confidence_is_for_those_who_work_with_it(cast: Cast) -> None:
    def seen(actor: Actor) -> set[str]:
        inputs = inputs_visible_to(actor, cast.process).select_related("source")
        return {f"{said.source.key} {said.external_id if said.source.key != 'form' else ''}".strip() for said in inputs}

    everything = {f"{consent} {key}" for consent in Consent for key in ("whole", "AD-R1", "AD-R2")}
    everything |= {"form", "m point"}
    to_all = {"public whole", "public AD-R1", "nameless whole", "nameless AD-R1"}
    assert seen(cast.amina) == seen(OPERATOR) == seen(cast.bruno) == everything
    assert seen(cast.esra) == {name for name in everything if "AD-R2" not in name and name != "form"} | (
        seen(cast.esra) & {"form"}
    )
    assert seen(AnonymousUser()) == to_all
    assert seen(cast.farid) == to_all | {"form"}
    assert to_all | {"m point"} <= seen(cast.chen)
    assert "closed whole" not in seen(cast.chen) | seen(cast.dalia)


def test_who_may_do_what(cast: Cast) -> None:
    def who(permit: object) -> set[str]:
        assert callable(permit)
        return {name for name, actor in everybody(cast).items() if permit(actor, cast.process)}

    assert who(may_give_input) == set(everybody(cast))
    assert who(may_import_inputs) == {"amina", "chen", "operator"}
    assert who(may_work_with_inputs) == who(may_see_speakers) == {"amina", "bruno", "esra", "operator"}
    assert who(may_redact) == {"amina", "operator"}


def test_a_refusal_says_why_and_whether_signing_in_helps(cast: Cast) -> None:
    for permit in (may_import_inputs, may_work_with_inputs, may_redact):
        assert permit(AnonymousUser(), cast.process).sign_in_helps
        assert str(permit(cast.farid, cast.process).reason)
    open_phase(cast.process, "read")
    assert "No phase" in str(may_give_input(cast.amina, cast.process).reason)
    assert may_import_inputs(cast.chen, cast.process)
