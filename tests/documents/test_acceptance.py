"""Whoever is signed in accepts a text that asks for it; a change of its meaning asks again."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.consensus import TextMovedOn, accept_document
from harken.documents.actions.publication import publish_revision
from harken.documents.actions.saving import save_revision
from harken.documents.drafts import DraftPassage
from harken.documents.models import Acceptance, ChangeClass, Document, DocumentKind, PassageKind, Template
from harken.documents.permissions import may_accept_document
from harken.documents.queries.consensus import AcceptancePanel, acceptance_of
from harken.people.actions import create_user
from harken.people.models import User
from harken.processes.models import Process
from tests.cast import PASSWORD, Cast, add_round

PLACE = "/processes/open-garden/iteration-1/AD-R1/accept/"


@pytest.fixture
def charter(cast: Cast) -> Document:
    """A published charter that asks to be accepted."""
    template = Template.objects.create(
        process=cast.process, slug="charter", kind=DocumentKind.CHARTER, names={"en": "Charter"}, asks_acceptance=True
    )
    _round, (made,) = add_round(cast.process, cast.advocacy, "How we garden together")
    Document.objects.filter(pk=made.pk).update(template=template, kind=DocumentKind.CHARTER)
    return again(made)


def again(document: Document) -> Document:
    """The document as pages load it."""
    return Document.objects.select_related(
        "current", "published", "iteration__process__body", "chapter__group", "template"
    ).get(pk=document.pk)


def save(document: Document, words: str, change: ChangeClass | str, *, publish: bool = True) -> Document:
    passages = [DraftPassage(PassageKind.TITLE, "How we garden"), DraftPassage(PassageKind.PARAGRAPH, words)]
    save_revision(actor=OPERATOR, document=document, passages=passages, change_class=change)
    if publish:
        publish_revision(actor=OPERATOR, document=document)
    return again(document)


def accept(document: Document, user: User) -> Acceptance:
    document = again(document)
    assert document.published
    return accept_document(actor=user, document=document, revision=document.published.number)


def panel(document: Document, user: User) -> AcceptancePanel:
    found = acceptance_of(again(document), user)
    assert found
    return found


def page(document: Document, user: User) -> str:
    """The acceptance's part of the reading page."""
    context = {"document": document, "process": document.iteration.process, "user": user}
    return render_to_string("documents/acceptance.html#panel", context | {"acceptance": panel(document, user)})


def crowd(number: int) -> list[User]:
    return [create_user(username=f"person{n}", password=PASSWORD, email=f"p{n}@example.org") for n in range(number)]


def test_whoever_is_signed_in_accepts_once(cast: Cast, charter: Document) -> None:
    first = accept(charter, cast.farid)
    assert accept(charter, cast.farid).pk == first.pk
    assert (first.name, first.revision.number) == ("Farid", 1)
    assert Acceptance.objects.count() == 1


def test_a_text_that_does_not_ask_is_not_accepted(cast: Cast, charter: Document) -> None:
    Template.objects.update(asks_acceptance=False)
    with pytest.raises(Refused, match="does not ask to be accepted"):
        accept(charter, cast.farid)
    assert acceptance_of(again(charter), cast.farid) is None
    Document.objects.update(template=None)
    assert acceptance_of(again(charter), cast.farid) is None


def test_a_draft_is_not_accepted(cast: Cast, charter: Document) -> None:
    Document.objects.update(published=None)
    with pytest.raises(Refused, match="does not ask to be accepted"):
        accept_document(actor=cast.bruno, document=again(charter), revision=1)


def test_a_hidden_text_is_not_accepted_by_who_cannot_see_it(cast: Cast, charter: Document) -> None:
    Process.objects.update(is_public=False)
    assert not may_accept_document(cast.farid, again(charter))
    assert may_accept_document(cast.dalia, again(charter))


def test_only_a_change_of_meaning_asks_again(cast: Cast, charter: Document) -> None:
    accept(charter, cast.dalia)
    seen = []
    for words, change in (
        ("We sharre.", ChangeClass.TYPO),
        ("We share things.", ChangeClass.WORDING),
        ("We sell things.", ChangeClass.MEANING),
    ):
        save(charter, words, change)
        seen.append(panel(charter, cast.dalia).stands)
    assert seen == [True, True, False]
    assert accept(charter, cast.dalia).revision.number == 4
    mine = panel(charter, cast.dalia)
    assert (mine.mine, mine.stands) == (4, True)
    assert [row.revision.number for row in Acceptance.objects.all()] == [1, 4]


def test_a_change_of_meaning_that_readers_do_not_see_yet_asks_nobody(cast: Cast, charter: Document) -> None:
    accept(charter, cast.dalia)
    save(charter, "We sell things.", ChangeClass.MEANING, publish=False)
    assert panel(charter, cast.dalia).stands
    save(charter, "We sell things!", ChangeClass.TYPO, publish=True)
    assert not panel(charter, cast.dalia).stands


def test_what_changed_while_it_was_read_is_not_accepted_unread(cast: Cast, charter: Document) -> None:
    save(charter, "We sell things.", ChangeClass.MEANING)
    with pytest.raises(TextMovedOn, match="Read it as it is now"):
        accept_document(actor=cast.dalia, document=charter, revision=1)
    assert not Acceptance.objects.exists()


def test_an_acceptance_cannot_be_taken_out_of_the_record(cast: Cast, charter: Document) -> None:
    accept(charter, cast.dalia)
    for statement in ("UPDATE documents_acceptance SET name = ''", "DELETE FROM documents_acceptance"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(("number", "expected"), [(0, None), (1, None), (9, None), (10, 10), (12, 12)])
def test_a_small_number_is_not_told(cast: Cast, charter: Document, number: int, expected: int | None) -> None:
    for user in crowd(number):
        accept(charter, user)
    assert panel(charter, cast.farid).count == expected
    said = f"{expected} people have accepted" if expected else "Fewer than 10 people have accepted"
    assert said in page(charter, cast.farid)


def test_who_accepted_another_meaning_is_not_counted_and_nobody_twice(cast: Cast, charter: Document) -> None:
    people = crowd(11)
    for user in people:
        accept(charter, user)
    save(charter, "We share things.", ChangeClass.WORDING)
    assert panel(charter, cast.farid).count == 11
    save(charter, "We sell things.", ChangeClass.MEANING)
    assert panel(charter, cast.farid).count is None
    for user in people[:10]:
        accept(charter, user)
    assert panel(charter, cast.farid).count == 10


def test_each_reader_is_told_the_one_thing_to_do(cast: Cast, charter: Document) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert "Accept this text" in page(charter, cast.dalia)
    accept(charter, cast.dalia)
    said = page(charter, cast.dalia)
    assert "You accepted it on" in said
    assert "<button" not in said
    save(charter, "We share things.", ChangeClass.WORDING)
    assert "Its wording has changed since, not its meaning" in page(charter, cast.dalia)
    save(charter, "We sell things.", ChangeClass.MEANING)
    said = page(charter, cast.dalia)
    assert "You accepted revision 1 on" in said
    assert "Accept it again" in said
    found = acceptance_of(again(charter), AnonymousUser())
    context = {"document": charter, "process": charter.iteration.process, "user": AnonymousUser(), "acceptance": found}
    request = type("Request", (), {"path": "/processes/open-garden/iteration-1/AD-R1/"})
    said = render_to_string("documents/acceptance.html#panel", context | {"request": request})
    assert "Sign in to accept it" in said
    assert "You accepted" not in said


def test_it_is_accepted_in_the_browser(client: Client, cast: Cast, charter: Document) -> None:
    assert client.post(PLACE, {"revision": "1"}).status_code == 302
    assert not Acceptance.objects.exists()
    client.force_login(cast.farid)
    response = client.post(PLACE, {"revision": "1"})
    assert response["Location"] == "/processes/open-garden/iteration-1/AD-R1/#acceptance"
    assert Acceptance.objects.get().user == cast.farid
    for revision in ("", "two", "99"):
        assert client.post(PLACE, {"revision": revision}).status_code == 302
    assert client.get(PLACE).status_code == 405
    Template.objects.update(asks_acceptance=False)
    assert client.post(PLACE, {"revision": "1"}).status_code == 403


def test_who_accepts_is_one_query(
    cast: Cast, charter: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for user in crowd(3):
        accept(charter, user)
        fresh = again(charter)
        with django_assert_num_queries(1):
            assert acceptance_of(fresh, user)


def test_readers_pages_are_made_anew_when_the_number_told_changes(charter: Document) -> None:
    def version() -> int:
        return Process.objects.get(pk=charter.iteration.process_id).content_version

    before = version()
    people = crowd(11)
    for user in people[:9]:
        accept(charter, user)
    assert version() == before
    for user in people[9:]:
        accept(charter, user)
    assert version() == before + 2
