"""The people every test knows, and a process for them; made through the same actions as everything else."""

import datetime
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from harken.base.permits import OPERATOR
from harken.documents.actions.texts import create_documents
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Document, PassageKind
from harken.people.actions import add_member, create_group, create_user
from harken.people.models import Group, Role, User
from harken.processes.actions import add_iteration, add_phase, create_process
from harken.processes.models import Iteration, Process

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Cast:
    """Amina organises, Bruno writes, Chen is a liaison, Dalia and Esra belong to the movement, Farid does not."""

    amina: User
    bruno: User
    chen: User
    dalia: User
    esra: User
    farid: User
    process: Process
    advocacy: Group


@pytest.fixture
def cast(db: None) -> Cast:
    """A public process in which no phase is set, with one working group."""
    people = {
        name: create_user(username=name, password=PASSWORD, display_name=name.title(), email=f"{name}@example.org")
        for name in ("amina", "bruno", "chen", "dalia", "esra", "farid")
    }
    process = create_process(
        actor=OPERATOR, slug="open-garden", name="Open Garden", is_public=True, languages=["en", "ar"]
    )
    advocacy = create_group(actor=OPERATOR, name="Advocacy", code="AD", parent=process.body)
    since = timezone.localdate() - datetime.timedelta(days=30)
    for name, group, role in (
        ("amina", process.body, Role.ORGANISER),
        ("bruno", advocacy, Role.WRITER),
        ("chen", process.body, Role.LIAISON),
        ("dalia", process.body, Role.MEMBER),
        ("esra", process.body, Role.TRANSLATOR),
    ):
        add_member(actor=OPERATOR, group=group, user=people[name], role=role, starts_on=since)
    return Cast(**people, process=process, advocacy=advocacy)


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """A browser in which Amina is signed in."""
    client.force_login(cast.amina)
    return client


@pytest.fixture
def chen(client: Client, cast: Cast) -> Client:
    """A browser in which Chen is signed in."""
    client.force_login(cast.chen)
    return client


def text_of(client: Client, address: str, *, status: int = 200) -> str:
    """The page at an address, which has to answer with `status`."""
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def add_round(process: Process, group: Group, *titles: str, number: int = 1) -> tuple[Iteration, list[Document]]:
    """An iteration with one chapter that holds a recommendation for each title."""
    iteration = add_iteration(
        actor=OPERATOR, process=process, number=number, title=f"Iteration {number}", date=f"2026-{number:02}"
    )
    chapter = Chapter.objects.create(iteration=iteration, group=group, position=0, lang="en")
    documents = create_documents(
        actor=OPERATOR,
        chapter=chapter,
        drafts=[draft(f"{group.code}-R{n}", text, n) for n, text in enumerate(titles, 1)],
    )
    return iteration, documents


def draft(code: str, title: str, number: int = 1, *paragraphs: str, lang: str = "en") -> DraftDocument:
    """A recommendation as it is written down."""
    passages = [DraftPassage(PassageKind.TITLE, title)]
    passages += [DraftPassage(PassageKind.PARAGRAPH, text) for text in paragraphs]
    return DraftDocument(code=code, passages=tuple(passages), position=number, lang=lang, number=number)


def open_phase(process: Process, *actions: str) -> None:
    """A phase that began an hour ago and ends in an hour."""
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    add_phase(actor=OPERATOR, process=process, name="Now", opens_at=now - hour, closes_at=now + hour, actions=actions)
