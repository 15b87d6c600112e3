"""Fifty people save one text at the same moment: every save is in the text or was asked about."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from django.conf import settings
from django.db import connection, connections

from harken.documents.actions.saving import EditConflict
from harken.documents.actions.typing import save_typed
from harken.documents.merging import Choice
from harken.documents.models import Document, Revision
from harken.documents.typed_text import TypedText
from tests.cast import Cast
from tests.documents.writing import as_it_is, begin_draft, texts_of, typed_of

pytestmark = [
    pytest.mark.usefixtures("clearable_db"),
    # With the apps named PostgreSQL empties the tables of the search with those they are about, which are ours alone.
    pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS),
]

CLIENTS = 50
Made = TypeVar("Made")


@contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """Let other threads open the test's database as other clients do.

    SQLite's is in memory, where tables are locked without any waiting: the threads get a copy of it in a file, as it is
    in use.
    """
    if connection.vendor != "sqlite":
        yield
        return
    path = folder / "copy.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        # The first to turn a file to WAL takes it alone and waits for nobody: done before the clients come, and kept
        # open until they have gone.
        copy.execute("PRAGMA journal_mode=WAL")
        # The last of so many waits for all others, on a busy machine for longer than a person would.
        patient = {**connection.settings_dict["OPTIONS"], "timeout": 180}
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(connection.settings_dict, "NAME", str(path))
            patch.setitem(connection.settings_dict, "OPTIONS", patient)
            yield


def in_thread(work: Callable[[], Made]) -> Made:
    """What `work` gives, done with a connection of its own."""

    def run() -> Made:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as lane:
        return lane.submit(run).result()


def save_all_at_once(cast: Cast, document: Document, texts: list[TypedText]) -> list[str]:
    """Every text saved by a client of its own, on revision 1: what became of each, asked ones saved with both."""
    barrier = Barrier(len(texts))

    def save(typed: TypedText) -> str:
        barrier.wait(timeout=180)
        try:
            return save_until_it_is_in(typed)
        finally:
            connections.close_all()

    def save_until_it_is_in(typed: TypedText) -> str:
        asked = False
        choices: dict[int, Choice] = {}
        while True:
            try:
                save_typed(actor=cast.amina, document=document, typed=typed, base=1, choices=choices)
            except EditConflict as conflict:
                asked = True
                for one in conflict.merged.conflicts:
                    assert one.theirs is not None
                    assert one.mine is not None
                    words = replace(one.mine, text=one.proposal)
                    choices[one.passage_id] = Choice(one.theirs.version_id, "words", (words,))
            else:
                return "asked" if asked else "saved"

    with ThreadPoolExecutor(max_workers=len(texts)) as pool:
        return list(pool.map(save, texts))


def test_fifty_clients_save_at_once_and_nothing_is_lost(cast: Cast, tmp_path: Path) -> None:
    paragraphs = [f"Bed {number} is watered by the house beside it." for number in range(CLIENTS)]
    document = begin_draft(cast, "\n\n".join(paragraphs))
    typed = typed_of(document)

    def text_by(client: int) -> TypedText:
        # Half of them change a passage of their own, the others all the same one.
        place = client if client % 2 else 0
        changed = [*paragraphs[:place], f"{paragraphs[place]} So says client{client}x.", *paragraphs[place + 1 :]]
        return replace(typed, sections={"": "\n\n".join(changed)})

    with shared_database(tmp_path):
        outcomes = save_all_at_once(cast, document, [text_by(client) for client in range(CLIENTS)])
        text, numbers, current = in_thread(
            lambda: (
                texts_of(document),
                list(Revision.objects.filter(document=document).order_by("number").values_list("number", flat=True)),
                as_it_is(cast).current,
            )
        )
    whole = "\n".join(text)
    assert [client for client in range(CLIENTS) if f"client{client}x" not in whole] == []
    assert outcomes.count("asked") == CLIENTS // 2 - 1
    assert len(text) == CLIENTS
    assert numbers == list(range(1, CLIENTS + 2))
    assert current is not None
    assert current.number == CLIENTS + 1
