"""A survey's column of consent: what a row refuses nobody reads, however often and by whatever way it is brought."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harken.__main__ import cli
from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR
from harken.core.talk.model import Post
from harken.inputs.actions.bringing import ImportTerms, bring_in
from harken.inputs.actions.counting import recount_inputs
from harken.inputs.actions.importing import ImportReport
from harken.inputs.actions.moderating import show_inputs
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.redaction import redact_input
from harken.inputs.foreign import Part
from harken.inputs.models import Channel, Consent, Input, Source, Wording
from harken.inputs.queries.counts import count_in_process
from harken.processes.models import Process
from tests.cast import Cast, text_of
from tests.inputs.saying import a_post

SURVEY = """Name,What would you keep?,Einwilligung
Noor,The roses and all of the beds,yes
Hans,Die alte Hecke am Zaun bleibt,"Ja, aber ohne Namen"
Sami,البوابة القديمة عند السور,لا
Rosa,La fuente del patio grande,no publicar
Amit,पुराना द्वार और सारे फूल,हाँ
Zoe,The gravel path to the well,perhaps
Lea,The bench under the lime tree,
"""


def bring_table(folder: Path, text: str = SURVEY, *more: str) -> dict[str, Any]:
    path = folder / "survey.csv"
    path.write_text(text, encoding="utf-8")
    arguments = ["import", "table", str(path), "--process", "open-garden", "--json", *more]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def consents() -> dict[str, str]:
    """What each speaker's input lies under, with its standing where it has one."""
    said = Wording.objects.filter(number=1).select_related("input__source")
    return {one.speaker_name: f"{one.input.source.consent} {one.input.standing or ''}".strip() for one in said}


EXPECTED = {
    "Noor": "public",
    "Hans": "nameless",
    "Sami": "closed",
    "Rosa": "closed",
    "Amit": "public",
    "Zoe": "closed",
    "Lea": "closed",
}


def test_each_row_lies_under_what_its_speaker_agreed_to(cast: Cast, client: Client, tmp_path: Path) -> None:
    told = bring_table(tmp_path)
    assert consents() == EXPECTED
    unclear = [(one["place"], one["text"]) for one in told["examples"] if one["reason"] == "unclear_consent"]
    assert unclear == [("row 7", "perhaps"), ("row 8", "")]
    shown = text_of(client, "/processes/open-garden/inputs/")
    assert all(words in shown for words in ("The roses", "Noor", "Die alte Hecke", "पुराना द्वार"))
    for refused in ("Hans", "البوابة", "Sami", "La fuente", "Rosa", "gravel", "Zoe", "lime tree", "Lea"):
        assert refused not in shown
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 0
    assert count_in_process(cast.process) == 7


def content_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    pieces: Iterable[bytes] = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined] # only where it streams
    return b"".join(pieces).decode()


def test_no_feed_and_no_page_shows_what_a_row_refuses(cast: Cast, client: Client, tmp_path: Path) -> None:
    bring_table(tmp_path)
    prepare_inputs()
    for ending in ("inputs.json", "inputs.atom", "inputs/", "inputs/?q=garden", "inputs/?lang=de", ""):
        words = content_of(client, f"/processes/open-garden/{ending}")
        assert "The roses" in words or "?" in ending
        for refused in ("Hans", "Sami", "البوابة", "La fuente", "gravel", "lime tree"):
            assert refused not in words, ending


def test_the_stricter_of_the_row_and_the_terms_counts(cast: Cast, tmp_path: Path) -> None:
    bring_table(tmp_path, SURVEY, "--consent", "nameless")
    assert consents() == {name: consent.replace("public", "nameless") for name, consent in EXPECTED.items()}
    # Who brings the rest of it on better terms opens nothing that lies there, and what is new no wider than it was.
    bring_table(tmp_path, SURVEY + "Ida,The well in the middle of it all,yes\n", "--consent", "public")
    assert consents()["Ida"] == "nameless"
    assert Source.objects.count() == 2


def test_the_same_again_adds_nothing_and_opens_no_source(cast: Cast, tmp_path: Path) -> None:
    bring_table(tmp_path)
    sources = set(Source.objects.values_list("pk", "key", "title", "consent"))
    assert {title for _pk, _key, title, _consent in sources} == {"survey.csv"}
    again = bring_table(tmp_path)
    assert (again["added"], again["changed"], again["same"]) == (0, 0, 7)
    assert set(Source.objects.values_list("pk", "key", "title", "consent")) == sources
    assert consents() == EXPECTED


def test_a_refusal_that_comes_later_is_heeded_where_the_input_is(cast: Cast, client: Client, tmp_path: Path) -> None:
    bring_table(tmp_path)
    sterner = SURVEY.replace("beds,yes", "beds,no").replace("फूल,हाँ", "फूल,बिना नाम के")
    told = bring_table(tmp_path, sterner)
    assert (told["added"], told["same"], told["findings"]["stricter_consent"]) == (0, 7, 2)
    sentences = [(one["place"], one["text"]) for one in told["examples"] if one["reason"] == "stricter_consent"]
    assert [place for place, _text in sentences] == ["row 2", "row 6"]
    assert sentences[0][1].startswith("no: ")
    assert "moderator" in sentences[0][1]
    assert consents() == {**EXPECTED, "Noor": "public held", "Amit": "public held"}
    shown = text_of(client, "/processes/open-garden/inputs/")
    assert "The roses" not in shown
    assert "पुराना द्वार" not in shown
    assert AuditEvent.objects.filter(verb="held input").count() == 2
    assert "stricter_consent" not in bring_table(tmp_path, sterner)["findings"]
    assert AuditEvent.objects.filter(verb="held input").count() == 2


def test_moderators_are_told_why_it_waits(cast: Cast, amina: Client, tmp_path: Path) -> None:
    bring_table(tmp_path)
    bring_table(tmp_path, SURVEY.replace("beds,yes", "beds,no"))
    page = text_of(amina, "/processes/open-garden/moderation/")
    assert "The roses" in page
    assert "agreed to more people reading it before" in page


def test_what_a_moderator_let_through_is_not_held_again_but_for_a_further_refusal(cast: Cast, tmp_path: Path) -> None:
    bring_table(tmp_path)
    nameless = SURVEY.replace("beds,yes", "beds,anonymous")
    bring_table(tmp_path, nameless)
    said = Wording.objects.get(speaker_name="Noor").input
    redact_input(actor=cast.amina, said=said, words=False, speaker=True, reason="Asked for")
    show_inputs(actor=cast.amina, process=cast.process, inputs=[said.pk])
    bring_table(tmp_path, nameless)
    said.refresh_from_db()
    assert said.standing is None
    bring_table(tmp_path, SURVEY.replace("beds,yes", "beds,no"))
    said.refresh_from_db()
    assert said.standing == "held"


def test_a_column_that_is_mapped_later_holds_back_what_it_refuses(cast: Cast, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    answers = {"What would you keep?": "What would you keep?"}
    mapping.write_text(json.dumps({"version": 1, "author": "Name", "answers": answers}), encoding="utf-8")
    bring_table(tmp_path, SURVEY, "--mapping", str(mapping))
    assert set(consents().values()) == {"public"}
    told = bring_table(tmp_path)
    assert (told["added"], told["same"]) == (0, 7)
    assert [name for name, consent in consents().items() if consent == "public"] == ["Noor", "Amit"]


def test_a_refusal_with_the_same_words_and_number_counts(cast: Cast, tmp_path: Path) -> None:
    rows = "id,name,text,consent\n7,Noor,The roses stay where they are,yes\n7,Noor,The roses stay where they are,no\n"
    mapping = tmp_path / "mapping.json"
    mapping.write_text(
        json.dumps({"version": 1, **{role: role for role in ("id", "text", "consent")}, "author": "name"})
    )
    bring_table(tmp_path, rows, "--mapping", str(mapping))
    assert consents() == {"Noor": "public held"}


def test_other_files_are_no_part_of_it(cast: Cast, tmp_path: Path) -> None:
    bring_table(tmp_path)
    bring_table(tmp_path, SURVEY, "--source", "another")
    assert Input.objects.count() == 14
    assert Source.objects.count() == 6


def test_a_look_says_how_many_of_each(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(SURVEY, encoding="utf-8")
    look = ["import", "table", str(path), "--preview"]
    told = json.loads(CliRunner().invoke(cli, [*look, "--json"]).stdout)
    assert told["consents"] == {"public": 2, "nameless": 1, "closed": 4}
    stricter = json.loads(CliRunner().invoke(cli, [*look, "--json", "--consent", "closed"]).stdout)
    assert stricter["consents"] == {"public": 0, "nameless": 0, "closed": 7}
    assert "2 public, 1 nameless, 4 closed" in CliRunner().invoke(cli, look).output
    path.write_text("text\nThe roses stay\n", encoding="utf-8")
    assert "consents" not in json.loads(CliRunner().invoke(cli, [*look, "--json"]).stdout)


@pytest.mark.usefixtures("_files_of_their_own")
def test_the_browser_says_how_many_of_each(cast: Cast, amina: Client) -> None:
    file = SimpleUploadedFile("survey.csv", SURVEY.encode())
    terms = {"format": "table", "zone": "UTC", "consent": "nameless", "file": file}
    page = text_of(amina, amina.post("/processes/open-garden/inputs/import/", terms)["Location"])
    for number, consent in ((0, Consent.PUBLIC), (3, Consent.NAMELESS), (4, Consent.CLOSED)):
        assert f"<li>{consent.label}: {number}</li>" in page


def _bring_posts(process: Process, name: str, posts: Sequence[Post], agreed: Consent) -> ImportReport:
    [report] = bring_in(
        actor=OPERATOR,
        process=process,
        parts=[Part(posts)],
        channel=Channel.SURVEY,
        name=name,
        terms=ImportTerms(consent=agreed),
    )
    return report


SAID = st.sampled_from(["", *Consent.values])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    runs=st.lists(
        st.tuples(st.sampled_from(Consent), st.dictionaries(st.integers(0, 5), SAID, max_size=6)),
        min_size=1,
        max_size=4,
    )
)
def test_nobody_reads_more_than_any_row_or_terms_last_agreed_to(
    cast: Cast, runs: list[tuple[Consent, dict[int, str]]]
) -> None:
    # All examples write into one database.
    name = f"run {Input.objects.count()}"
    order = list(Consent.values)
    known: set[int] = set()
    for agreed, rows in runs:
        posts = [a_post(f"{name}-{number}", extra={"consent": said} if said else {}) for number, said in rows.items()]
        report = _bring_posts(cast.process, name, posts, agreed)
        assert (report.added, report.changed) == (len(rows.keys() - known), 0)
        for number, said in rows.items():
            found = Input.objects.select_related("source").get(external_id=f"{name}-{number}")
            least = order.index(said) if said else 0
            if number not in known:
                least = max(least, order.index(agreed))
            assert order.index(found.source.consent) >= least or found.standing == "held"
        known |= rows.keys()
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 0
    assert Input.objects.filter(external_id__startswith=name).count() == len(known)


@pytest.mark.parametrize("consent", Consent)
def test_a_source_beside_is_opened_once_and_says_what_the_first_does(cast: Cast, consent: Consent) -> None:
    for _time in range(2):
        _bring_posts(cast.process, "survey.csv", [a_post("a", extra={"consent": consent.value})], Consent.PUBLIC)
    source = Input.objects.get().source
    assert (source.consent, source.title, source.channel) == (consent, "survey.csv", "survey")
    assert AuditEvent.objects.filter(verb="opened source").count() == (1 if consent == Consent.PUBLIC else 2)


def test_a_reply_to_what_nobody_may_read_can_be_read_alone(cast: Cast, client: Client, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    roles = {"version": 1, "id": "id", "reply_to": "to", "text": "text", "author": "name", "consent": "consent"}
    mapping.write_text(json.dumps(roles))
    rows = "id,to,name,text,consent\n1,,Zanobia,A secret about the gate,no\n2,1,Noor,I know nothing of it,yes\n"
    bring_table(tmp_path, rows, "--mapping", str(mapping))
    reply = Input.objects.select_related("parent__source").get(external_id="2")
    assert reply.parent is not None
    assert (reply.parent.external_id, reply.parent.source.consent) == ("1", "closed")
    page = text_of(client, f"/processes/open-garden/inputs/{reply.pk}/")
    assert "I know nothing of it" in page
    assert "secret" not in page
    assert "Zanobia" not in page
    text_of(client, f"/processes/open-garden/inputs/{reply.parent.pk}/", status=404)
