"""An installation from before drafts could be private becomes one of today without losing a word."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps as apps_of_today
from django.apps.registry import Apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F
from django.test import Client
from django.utils import timezone

from harken.base.permits import OPERATOR
from harken.documents.actions.consensus import accept_document, state_position
from harken.documents.actions.publication import publish_revision
from harken.documents.actions.saving import save_revision
from harken.documents.drafts import DraftPassage
from harken.documents.models import (
    Acceptance,
    Anchor,
    AnchorPlace,
    AnchorState,
    Document,
    EdgeState,
    LineageKind,
    Link,
    LinkDecision,
    LinkKind,
    Passage,
    PassageEdge,
    PassageKind,
    Position,
    PositionKind,
    Publication,
    Revision,
    Template,
    Version,
)
from harken.documents.queries.texts import load_passages
from harken.people.models import Membership, Role, User
from tests.cast import text_of

# With the apps named, the end of a test empties tables of PostgreSQL together with those that point to them.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)

OLD = [("documents", "0002_append_only")]
BETWEEN = [("documents", "0003_living_documents")]
WORDS = (
    "Water  the *beds*,\n  twice; <b>never</b> at noon.\u00a0",
    "الماء أغلى من الذهب — دائمًا.",
    "नमस्ते \u200d e\u0301",
    "",
)

APPEND_ONLY = (
    "documents_version",
    "documents_revision",
    "documents_lineagedecision",
    "documents_publication",
    "documents_passageedge",
    "documents_anchorplace",
    "documents_linkdecision",
    "documents_position",
    "documents_acceptance",
)


def migrate(targets: list[tuple[str, str]]) -> None:
    """Bring the tables to where they were, or are to be."""
    MigrationExecutor(connection).migrate(targets)


def newest() -> list[tuple[str, str]]:
    """Where all tables are today; those of rooms above went back with the documents'."""
    return list(MigrationExecutor(connection).loader.graph.leaf_nodes())


def triggers() -> dict[str, str]:
    """What keeps tables append-only, by name (on SQLite as the statements that make it)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        else:
            cursor.execute("SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
        return dict(cursor.fetchall())


def newest_of_documents() -> list[tuple[str, str]]:
    """Where the documents' tables are today; to leave those of rooms above out takes half the time."""
    return list(MigrationExecutor(connection).loader.graph.leaf_nodes("documents"))


@pytest.fixture
def rules_of_today(clearable_db: None) -> dict[str, str]:
    """What keeps tables append-only in a new database."""
    return triggers()


@pytest.fixture
def old(rules_of_today: dict[str, str]) -> Iterator[Apps]:
    """The models and tables of documents 0002; afterwards all is as it was."""
    migrate(OLD)
    yield MigrationExecutor(connection).loader.project_state(OLD).apps
    migrate(newest())


def write_old_texts(apps: Apps) -> None:
    """Two iterations, the second not public; documents of several revisions, lineage, a document without a text."""

    def make(label: str, **fields: Any) -> Any:
        return apps.get_model(label)._default_manager.create(**fields)

    now = timezone.now()
    ann = make("people.User", username="ann", display_name="Ann")
    body = make("people.Group", name="Garden", code="ALL", kind="movement", path="1/")
    body.path = f"{body.pk:08}/"
    body.save()
    group = make("people.Group", name="Advocacy", code="AD", root=body, parent=body, path=f"{body.path}x/")
    make("people.Membership", user=ann, group=group, role=Role.WRITER, starts_on=timezone.localdate())
    process = make(
        "processes.Process", slug="open-garden", name="Open Garden", body=body, is_public=True, languages=["en"]
    )
    ends = []
    for number, is_public in ((1, True), (2, False)):
        iteration = make(
            "processes.Iteration",
            process=process,
            number=number,
            slug=f"iteration-{number}",
            title=f"Iteration {number}",
            is_public=is_public,
            document_count=2,
        )
        chapter = make("documents.Chapter", iteration=iteration, group=group, position=0, lang="en", notes=["Hm."])
        for place in (1, 2):
            document = make(
                "documents.Document",
                iteration=iteration,
                chapter=chapter,
                code=f"AD-R{place}",
                number=place,
                position=place,
                lang="en",
                title=f"Water {number}.{place}",
                lede=WORDS[0],
            )
            kinds = ["title", "paragraph", "item", "heading", "summary"]
            passages = [
                make("documents.Passage", document=document, public_id=f"b{number}{place}{kind[:5]}") for kind in kinds
            ]
            for revision in (1, 2, 3):
                texts = [f"Water {number}.{place}", *(f"{words}{revision}" for words in WORDS)]
                versions = [
                    make(
                        "documents.Version",
                        passage=passage,
                        kind=kind,
                        lang="ar" if "ا" in text else "en",
                        text=text,
                        html=f"<p>{revision}</p>",
                    ).pk
                    for passage, kind, text in zip(passages, kinds, texts, strict=True)
                ]
                document.current = make(
                    "documents.Revision",
                    document=document,
                    number=revision,
                    version_ids=versions,
                    author=ann if revision > 1 else None,
                    author_name="Ann" if revision > 1 else "operator",
                    at=now,
                    note=f"Nr {revision}",
                    change_class="" if revision == 1 else "wording",
                )
            document.save()
            ends.append(document)
        make("documents.Document", iteration=iteration, chapter=chapter, code="AD-R9", position=9, lang="en", title="–")
    edge = make(
        "documents.LineageEdge",
        process=process,
        earlier=ends[0],
        later=ends[2],
        kind=LineageKind.REVISED,
        state=EdgeState.ACCEPTED,
        reason="Less is lost.",
        words=["water", "ماء"],
    )
    make(
        "documents.LineageDecision",
        edge=edge,
        state=EdgeState.ACCEPTED,
        kind=LineageKind.REVISED,
        reason="Less is lost.",
        by=ann,
        by_name="Ann",
        at=now,
    )


def everything(apps: Apps) -> dict[str, list[dict[str, Any]]]:
    """Every row of the old tables, by the columns they had then."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("documents").get_models()
    }


def kept(before: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The same columns of the same tables, as they are now."""
    return {
        label: list(apps_of_today.get_model(label)._default_manager.order_by("pk").values(*rows[0])) if rows else []
        for label, rows in before.items()
    }


def test_an_upgrade_keeps_every_word_publishes_what_was_public_and_lets_nobody_change_it(
    old: Apps, client: Client, rules_of_today: dict[str, str]
) -> None:
    write_old_texts(old)
    assert_append_only(APPEND_ONLY[:3])
    before = everything(old)
    migrate(newest())
    assert triggers() == rules_of_today
    assert kept(before) == before
    assert len(before["documents.Version"]) == 60
    for document in Document.objects.select_related("current", "published"):
        assert document.published == document.current
        assert list(document.publications.values_list("revision__number", "by_name")) == [
            (revision.number, revision.author_name) for revision in document.revisions.all()
        ]
        texts = [passage.text for passage in load_passages(document.current)]
        assert texts[1:] == ([f"{words}3" for words in WORDS] if document.current else [])
    first = Publication.objects.filter(revision__number=2).select_related("revision")[0]
    assert (first.at, first.by, first.override_reason, first.blocking) == (
        first.revision.at,
        first.revision.author,
        "",
        [],
    )
    assert "Water 1.1" in text_of(client, "/processes/open-garden/iteration-1/AD-R1/")
    assert client.get("/processes/open-garden/iteration-2/AD-R1/").status_code == 404
    write_new_rows()
    assert_append_only(APPEND_ONLY)


def write_new_rows() -> None:
    """A row in every table that is append-only, in an installation that was upgraded."""
    document = Document.objects.select_related("iteration__process", "current").filter(code="AD-R1")[0]
    other = Document.objects.get(iteration=document.iteration, code="AD-R2")
    ann = User.objects.get()
    passages = [*(passage.to_draft() for passage in load_passages(document.current))]
    passages.append(DraftPassage(PassageKind.PARAGRAPH, "And sing to them."))
    save_revision(actor=OPERATOR, document=document, passages=passages)
    publish_revision(actor=OPERATOR, document=document)
    assert document.current
    number = document.current.number
    state_position(actor=ann, document=document, revision=number, kind=PositionKind.CONSENT)
    document.template = Template.objects.create(
        process=document.iteration.process, slug="charter", kind="charter", asks_acceptance=True
    )
    document.save()
    accept_document(actor=ann, document=document, revision=number)
    passage = Passage.objects.filter(document=document)[0]
    version = Version.objects.filter(passage=passage)[0]
    now = timezone.now()
    revision: Revision = document.current
    anchor = Anchor.objects.create(
        document=document, passage=passage, version=version, revision=revision, exact="Water", at=now
    )
    AnchorPlace.objects.create(anchor=anchor, revision=revision, state=AnchorState.LOOSE)
    PassageEdge.objects.create(
        document=document, earlier=passage, kind=LineageKind.DROPPED, revision=revision, by_name="Ann", at=now
    )
    link = Link.objects.create(
        iteration=document.iteration, source=document, target=other, kind=LinkKind.SUPPORTS, state=EdgeState.ACCEPTED
    )
    LinkDecision.objects.create(
        link=link, state=EdgeState.ACCEPTED, kind=LinkKind.SUPPORTS, reason="It does.", by_name="Ann", at=now
    )
    assert Position.objects.count() == Acceptance.objects.count() == 1
    assert Membership.objects.count() == 1


def assert_append_only(tables: tuple[str, ...]) -> None:
    for table in tables:
        for statement in ("UPDATE {table} SET id = id", "DELETE FROM {table}"):
            with (
                pytest.raises(IntegrityError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement.format(table=table))


def test_one_can_go_back_and_come_again_while_nothing_is_private(old: Apps) -> None:
    write_old_texts(old)
    before, rules = everything(old), triggers()
    migrate(newest_of_documents())
    published = list(Publication.objects.values())
    for targets in (BETWEEN, OLD):
        migrate(targets)
        if targets == OLD:
            assert everything(old) == before
            assert triggers() == rules
            assert_append_only(APPEND_ONLY[:3])
        migrate(newest_of_documents())
        assert kept(before) == before, targets
        assert list(Publication.objects.values()) == published, targets


def test_going_back_never_shows_a_private_draft(old: Apps) -> None:
    write_old_texts(old)
    migrate(newest_of_documents())
    begun, hidden = Document.objects.filter(code="AD-R2").order_by("id")
    Document.objects.filter(pk=hidden.pk).update(published=None)
    save_revision(actor=OPERATOR, document=begun, passages=[DraftPassage(PassageKind.TITLE, "Not for you yet")])
    for document in (begun, hidden):
        with pytest.raises(IrreversibleError, match="private drafts to everybody: AD-R2"):
            migrate(OLD)
        Document.objects.filter(pk=document.pk).update(published=F("current"))
    assert Publication.objects.count() == 12
