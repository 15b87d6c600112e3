"""A long document with a long history: saving, comparing and reading it, and many people who save it at once.

The document and its history are made by the room's own actions. What is saved comes as from the editor: the whole text,
typed on a revision.
"""

from __future__ import annotations

import concurrent.futures
import http.client
import statistics
import time
import urllib.parse
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from bench import site
from bench.figures import Figure, Result, median_seconds
from bench.material import make_passage, make_sentence, rewrite_passage
from bench.pages import UnexpectedAnswer, make_client, time_request
from bench.served import serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harken.documents.models import Document, Revision
    from harken.documents.section_text import StoredPassage
    from harken.documents.typed_text import TypedText
    from harken.people.models import User

PASSAGES = 1_000
REVISIONS = 500
ANCHORS = 2_000
SUGGESTIONS = 200
CLIENTS = 50
SAVES = 15
COMPARED = 20
REQUESTS = 30


class Times:
    """Takes elapsed and processor seconds of the same thing, done several times."""

    def __init__(self) -> None:
        self._elapsed: list[float] = []
        self._processor: list[float] = []

    @contextmanager
    def take(self) -> Iterator[None]:
        """Time what is done within."""
        began, processed = time.perf_counter(), time.process_time()
        yield
        self._elapsed.append(time.perf_counter() - began)
        self._processor.append(time.process_time() - processed)

    def describe(self, name: str) -> Iterator[Figure]:
        """Yield the median and the longest, and the median processor time, which other programs disturb less."""
        yield Figure(name, statistics.median(self._elapsed) * 1000, "ms")
        yield Figure(f"{name}, the longest", max(self._elapsed) * 1000, "ms")
        yield Figure(f"{name}, processor", statistics.median(self._processor) * 1000, "ms CPU")


@dataclass
class Site:
    """A document to measure, who writes it, and the chance that changes it."""

    document: Document
    writers: Sequence[User]
    chance: Random

    @property
    def writer(self) -> User:
        """Whoever does what one person does."""
        return self.writers[0]

    @property
    def current(self) -> Revision:
        """The newest revision of the text."""
        if self.document.current is None:
            raise UnexpectedAnswer("The document has no revision.")
        return self.document.current

    @property
    def address(self) -> str:
        """Where readers find the document."""
        from django.urls import reverse

        iteration = self.document.iteration
        return reverse("document", args=[iteration.process.slug, iteration.slug, self.document.code])


def make_site(passages: int = PASSAGES, revisions: int = REVISIONS, writers: int = CLIENTS) -> Site:
    """Make a published document with so many passages and revisions, each of which edited two passages."""
    from django.db import transaction

    from harken.base.permits import OPERATOR
    from harken.documents.actions.publication import publish_revision
    from harken.documents.actions.saving import save_revision
    from harken.documents.actions.texts import create_documents, write_chapter
    from harken.documents.drafts import DraftDocument, DraftPassage
    from harken.documents.models import PassageKind
    from harken.documents.queries.texts import load_passages
    from harken.people.actions import add_member, create_group, create_user
    from harken.people.models import Role
    from harken.processes.actions import add_iteration

    chance = Random(2030)
    process = site.make_process("long")
    with transaction.atomic():
        group = create_group(actor=OPERATOR, name="Writers", code="WR", parent=process.body)
        people = [create_user(username=f"writer-{number}", password=None) for number in range(writers)]
        for person in people:
            add_member(actor=OPERATOR, group=group, user=person, role=Role.WRITER, starts_on=date(2026, 1, 1))
        iteration = add_iteration(actor=OPERATOR, process=process, number=1, title="Iteration 1", date="2026-01")
        chapter = write_chapter(actor=OPERATOR, iteration=iteration, group=group, position=0, lang="en")
        texts = [DraftPassage(PassageKind.TITLE, "A long strategy")]
        texts += [DraftPassage(PassageKind.PARAGRAPH, make_passage(chance, 3)) for _ in range(passages - 1)]
        draft = DraftDocument(code="WR-R1", passages=tuple(texts), position=1, lang="en")
        [document] = create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft])
        for _ in range(revisions - 1):
            drafts = [passage.to_draft() for passage in load_passages(document.current)]
            for place in chance.sample(range(1, len(drafts)), min(2, len(drafts) - 1)):
                drafts[place] = replace(drafts[place], text=rewrite_passage(chance, drafts[place].text))
            save_revision(actor=people[0], document=document, passages=drafts, note="Edited two passages.")
        if revisions > 1:
            publish_revision(actor=people[0], document=document)
    return Site(document, people, chance)


def edit_typed(passages: Sequence[StoredPassage], places: Sequence[int], chance: Random) -> TypedText:
    """Return the editor's fields with the passages at `places` rewritten."""
    from harken.documents.typed_text import write_typed

    edited = list(passages)
    for place in places:
        edited[place] = replace(edited[place], text=rewrite_passage(chance, edited[place].text))
    return write_typed(edited, None)


def time_saves(made: Site, changed: int, *, behind: int = 0) -> Times:
    """Return the times of saving `changed` edited passages.

    `behind` is how many revisions others have saved since the words were begun.
    """
    from harken.documents.actions.typing import save_typed
    from harken.documents.queries.texts import find_revision, load_passages

    times = Times()
    for number in range(SAVES):
        current = made.current
        base = find_revision(made.document, current.number - behind)
        passages = load_passages(base)
        untouched = _untouched(passages, load_passages(current))
        typed = edit_typed(passages, made.chance.sample(untouched, min(changed, len(untouched))), made.chance)
        begun = current.number - behind
        with times.take():
            saved = save_typed(
                actor=made.writer, document=made.document, typed=typed, base=begun, note=f"Save {number}"
            )
        if saved.revision is None:
            raise UnexpectedAnswer("An edited text was not saved.")
    return times


def _untouched(passages: Sequence[StoredPassage], now: Sequence[StoredPassage]) -> list[int]:
    """Return the places of passages nobody has changed since, but for the title."""
    versions = {passage.version_id for passage in now}
    return [place for place, passage in enumerate(passages) if place and passage.version_id in versions]


def time_comparisons(made: Site) -> Times:
    """Return the times of comparing two revisions, any two, each passage and word."""
    from harken.documents.queries.history import compare_revisions
    from harken.documents.queries.texts import find_revision

    newest = made.current.number
    pairs = [[1, newest], *(sorted(made.chance.sample(range(1, newest + 1), 2)) for _ in range(COMPARED - 1))]
    times = Times()
    for pair in pairs:
        with times.take():
            old, new = (find_revision(made.document, number) or made.current for number in pair)
            compare_revisions(made.document, old, new)
    return times


def place_anchors(made: Site, anchors: int, suggestions: int) -> None:
    """Hang quotes on the published text, and suggestions nobody has decided about."""
    from django.db import transaction

    from harken.documents.actions.anchors import place_anchor
    from harken.documents.actions.suggestions import suggest_words
    from harken.documents.models import Version

    made.document.refresh_from_db()
    # Nothing was saved since it was published.
    versions = list(Version.objects.filter(pk__in=made.current.version_ids[1:]))
    with transaction.atomic():
        for number in range(anchors):
            version = versions[number % len(versions)]
            start = made.chance.randrange(max(1, len(version.text) - 40))
            end = min(start + 40, len(version.text))
            place_anchor(actor=made.writer, document=made.document, version=version, start=start, end=end)
        for number in range(suggestions):
            version = versions[number * 7 % len(versions)]
            words = f"{make_sentence(made.chance)} {rewrite_passage(made.chance, version.text)}"
            suggest_words(
                actor=made.writer, document=made.document, version=version, words=words, reason="It says more."
            )


def measure_page(name: str, address: str, user: User | None) -> Iterator[Figure]:
    """Yield processor time and SQL queries of a page; `user` None is a reader who is not signed in."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = make_client()
    if user is not None:
        client.force_login(user)
    time_request(client, address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = len(captured)  # at once: the next request forgets them
    taken = statistics.median(time_request(client, address)[0] for _ in range(REQUESTS))
    yield Figure(name, taken, "ms CPU")
    yield Figure(f"{name}, SQL", queries, "queries")


def save_at_once(made: Site) -> Iterator[Figure]:
    """Yield how long it takes when all save another passage of one revision through the server, and what is lost.

    Each writer sends the whole text, as the editor does, with a sentence of their own at the end of one passage.
    """
    from django.conf import settings
    from django.db import connections

    from harken.documents.queries.texts import load_passages
    from harken.documents.typed_text import write_typed

    made.document.refresh_from_db()
    base = made.current
    passages = load_passages(base)
    places = made.chance.sample(range(1, len(passages)), len(made.writers))
    bodies, cookies, sentences = [], [], []
    token = "a" * 32
    for writer, place in zip(made.writers, places, strict=True):
        client = make_client()
        client.force_login(writer)
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
        sentence = f"{writer.username} was here: {make_sentence(made.chance)}"
        sentences.append(sentence)
        edited = list(passages)
        edited[place] = replace(edited[place], text=f"{edited[place].text} {sentence}")
        typed = write_typed(edited, None)
        fields = {"title": typed.title, "summary": typed.summary, "base": base.pk, "step": "save", "note": sentence}
        fields |= {"change_class": "meaning", "csrfmiddlewaretoken": token}
        fields |= {f"section-{key}": text for key, text in typed.sections.items()}
        bodies.append(urllib.parse.urlencode(fields).encode())
    connections.close_all()
    address = f"{made.address}edit/"
    with serve() as served, concurrent.futures.ThreadPoolExecutor(len(bodies)) as pool:
        began = time.perf_counter()
        waits = list(
            pool.map(
                lambda body, cookie: post(served.port, address, body, f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}"),
                bodies,
                cookies,
            )
        )
        whole = time.perf_counter() - began
    made.document.refresh_from_db()
    text = "\n".join(passage.text for passage in load_passages(made.document.current))
    lost = sum(sentence not in text for sentence in sentences)
    yield Figure(f"{len(bodies)} writers save one text at once, all answered", whole, "s")
    yield Figure(f"{len(bodies)} writers save one text at once, the median waits", statistics.median(waits), "s")
    yield Figure(f"{len(bodies)} writers save one text at once, words lost", lost, "saves")


def post(port: int, address: str, body: bytes, cookie: str) -> float:
    """Send a form, and return the seconds until it was answered that it is saved."""
    headers = {"Host": "localhost", "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    began = time.perf_counter()
    try:
        connection.request("POST", address, body, headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != 302:
        raise UnexpectedAnswer(f"{address} answered {answer.status}")
    return time.perf_counter() - began


def measure_all(made: Site, *, anchors: int = ANCHORS, suggestions: int = SUGGESTIONS) -> Iterator[Figure]:
    """Yield the figures, without those of many writers at once."""
    from harken.documents.actions.publication import publish_revision

    share = max(1, len(made.current.version_ids) // 20)
    yield from time_saves(made, 1).describe("save, one passage edited")
    yield from time_saves(made, share).describe("save, 5 % of the passages edited")
    yield from time_saves(made, 1, behind=10).describe("save, one passage edited, ten revisions behind")
    yield from time_comparisons(made).describe("compare two revisions")
    yield from measure_page("page, a reader", made.address, None)
    yield from measure_page("page, a writer", made.address, made.writer)
    publish_revision(actor=made.writer, document=made.document)
    place_anchors(made, anchors, suggestions)
    hung = f"with {anchors:,} anchors and {suggestions} suggestions"
    yield from measure_page(f"page, a reader, {hung}", made.address, None)
    yield from time_saves(made, 1).describe(f"save, one passage edited, {hung}")
    yield from time_saves(made, share).describe(f"save, 5 % of the passages edited, {hung}")
    publish = median_seconds(lambda: publish_revision(actor=made.writer, document=made.document), 1)
    yield Figure(f"publish, {hung}", publish * 1000, "ms")


def measure() -> Result:
    site.prepare()
    began = time.perf_counter()
    made = make_site()
    built = Figure(f"make {PASSAGES:,} passages and {REVISIONS} revisions", time.perf_counter() - began, "s")
    figures = [built, *measure_all(made), *save_at_once(made)]
    notes = (
        f"{PASSAGES:,} passages of about 40 words, {REVISIONS} revisions that edited two passages each.",
        f"Saves: {SAVES} of each kind, as from the editor; comparisons: {COMPARED} pairs; pages: {REQUESTS} requests.",
    )
    return Result(tuple(figures), SAVES, notes)
