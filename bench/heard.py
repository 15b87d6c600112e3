"""A ledger that is full: as many inputs as wanted, spread over texts, sources, languages, states and people."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from bench.material import make_sentence

if TYPE_CHECKING:
    from harken.people.models import User
    from harken.processes.models import Process

SMALL, FULL = 50_000, 1_000_000
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
LANGS = ("en", "ar", "de", "es", "fr", "hi", "pt")
LANG_SHARES = (40, 15, 10, 12, 10, 8, 5)
CHANNELS = ("form", "talk", "mail", "forum", "survey", "meeting")
CHANNEL_SHARES = (30, 40, 10, 10, 9, 1)
_BATCH = 10_000


def how_many() -> int:
    """Return how many inputs a bench of the full ledger makes: a million with `BENCH_FULL=1`."""
    return FULL if os.environ.get("BENCH_FULL") == "1" else SMALL


def fill_ledger(process: Process, count: int, people: Sequence[User] = (), seed: int = 2030) -> None:
    """Add `count` inputs to a process, one a minute, about its documents and about none, as if they had come that way.

    The oldest three tenths are answered but for one in a hundred; of the others one in ten is in work with one of
    `people`, one in a thousand waits for something, one in fifty came late, one in two thousand is held.
    """
    from django.db import connection, transaction

    from harken.base.bulk import BulkInsert, reserve_ids
    from harken.base.permits import OPERATOR
    from harken.documents.models import Document
    from harken.inputs.actions.counting import recount_inputs
    from harken.inputs.actions.sources import open_source
    from harken.inputs.models import Channel, Input, Source, SpeakerKind, TextKind, Wording
    from harken.inputs.threads import key_below

    chance = Random(seed)
    sentences = [make_sentence(chance) for _ in range(2_000)]
    documents = [None, *Document.objects.filter(iteration__process=process).values_list("pk", flat=True)]
    sources: dict[str, list[Source]] = {}
    for channel in CHANNELS:
        for number in range(4):
            key = f"{channel}-{number}"
            sources.setdefault(channel, []).append(
                open_source(actor=OPERATOR, process=process, channel=Channel(channel), key=key, title=key)
            )
    inputs = BulkInsert(
        Input,
        *("id", "process", "source", "external_id", "document", "thread", "depth", "order_key", "lang", "state"),
        *("standing", "is_late", "owner", "due_at", "waiting_on", "is_prepared", "versions", "at", "recorded_at"),
    )
    wordings = BulkInsert(
        Wording,
        *("input", "number", "kind", "heading", "text", "html", "lang", "stance", "speaker_kind", "speaker_name"),
        *("speaker_account", "said_at", "recorded_at", "content_hash", "extra"),
    )
    for start in range(0, count, _BATCH):
        rows: list[tuple[Any, ...]] = []
        words: list[tuple[Any, ...]] = []
        with transaction.atomic():
            [pks] = reserve_ids(min(_BATCH, count - start), Input)
            for number, pk in enumerate(pks, start):
                at = BEGIN + timedelta(minutes=number)
                lang = chance.choices(LANGS, LANG_SHARES)[0]
                [channel] = chance.choices(CHANNELS, CHANNEL_SHARES)
                source = chance.choice(sources[channel])
                lot = chance.random()
                state, owner, waits = "new", None, None
                if number < count * 3 // 10 and lot > 0.01:
                    state = "answered"
                elif lot < 0.1:
                    state, owner = "in-work", chance.choice(people).pk if people else None
                elif lot < 0.101:
                    state, waits = "waiting", "the lawyers"
                elif lot < 0.13:
                    state = "needs-translation"
                rows.append(
                    (
                        *(pk, process.pk, source.pk, f"i{number}", chance.choice(documents), pk, 1),
                        *(key_below("", pk), lang, state, "held" if chance.random() < 0.0005 else None),
                        *(True if chance.random() < 0.02 else None, owner, at + timedelta(days=400), waits),
                        *(True, 1, at, at),
                    )
                )
                text = f"{chance.choice(sentences)} {chance.choice(sentences)}"
                words.append(
                    (
                        *(pk, 1, TextKind.MESSAGE.value, "", text, f"<p>{text}</p>", lang, ""),
                        *(SpeakerKind.PSEUDONYM.value, f"Somebody {chance.randrange(9_999)}", "", at, at, f"{pk:064}"),
                        {},
                    )
                )
            inputs.insert(rows)
            wordings.insert(words)
    recount_inputs(actor=OPERATOR, process=process)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
