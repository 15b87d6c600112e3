"""Bringing posts into the ledger: many of them, once and again, and how much memory that takes."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from bench import site
from bench.figures import Figure, Result
from bench.material import make_sentence

if TYPE_CHECKING:
    from harken.core.talk.model import Thread

POSTS = 100_000
BEGIN = datetime(2019, 8, 9, tzinfo=UTC)


def make_threads(posts: int, seed: int = 2030) -> Iterator[Thread]:
    """Yield threads of 1 to 20 posts that reply to each other: as said on talk pages and in mail, 50 words on average.

    A third are single paragraphs, the others have line breaks, several paragraphs, quotes or lists.
    """
    from harken.core.talk.model import Post, Thread

    chance = Random(seed)
    sentences = [make_sentence(chance) for _ in range(2_000)]
    made = 0
    while made < posts:
        size = min(chance.randint(1, 20), posts - made)
        ids = [f"post-{made + number}" for number in range(size)]
        said = []
        for number, key in enumerate(ids):
            said.append(
                Post(
                    id=key,
                    author=f"Somebody {chance.randrange(5_000)}",
                    author_kind="account",
                    at=BEGIN + timedelta(minutes=made + number),
                    text=_make_text(chance, sentences),
                    parent_id=ids[chance.randrange(number)] if number else "",
                    extra={"revision": str(made + number)},
                )
            )
        yield Thread(f"thread-{made}", chance.choice(sentences), 2, tuple(said))
        made += size


def _make_text(chance: Random, sentences: list[str]) -> str:
    paragraphs = [" ".join(chance.choices(sentences, k=chance.randint(1, 4))) for _ in range(chance.randint(1, 3))]
    form = chance.randrange(6)
    if form < 2:
        return paragraphs[0]
    if form == 2:
        return "\n".join(paragraphs)
    if form == 3:
        return f"> {chance.choice(sentences)}\n\n{paragraphs[0]}"
    if form == 4:
        return paragraphs[0] + "\n\n" + "\n".join(f"- {chance.choice(sentences)}" for _ in range(3))
    return "\n\n".join(paragraphs)


def measure(posts: int = POSTS) -> Result:
    site.prepare()
    from harken.base.permits import OPERATOR
    from harken.inputs.actions.importing import import_posts
    from harken.inputs.actions.sources import open_source
    from harken.inputs.models import Channel, Input

    process = site.make_process("heard")
    source = open_source(actor=OPERATOR, process=process, channel=Channel.TALK, key="page", title="A talk page")
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    began = time.perf_counter()
    made = sum(len(thread.posts) for thread in make_threads(posts))
    making = time.perf_counter() - began
    began = time.perf_counter()
    first = import_posts(actor=OPERATOR, source=source, posts=make_threads(posts))
    writing = time.perf_counter() - began - making
    began = time.perf_counter()
    second = import_posts(actor=OPERATOR, source=source, posts=make_threads(posts))
    again = time.perf_counter() - began - making
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if first.added != made or not second.changes_nothing or Input.objects.count() != made:
        raise SystemExit(f"{first} and {second} of {made} posts")
    figures = (
        Figure("import", made / writing, "inputs/s"),
        Figure("the same again", made / again, "inputs/s"),
        Figure("memory it took at most", (after - before) / 1024, "MB"),
    )
    return Result(figures, 1, (f"{made} posts; making them, {making:.1f} s, is taken off.",))
