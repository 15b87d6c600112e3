"""Reading a large ledger, 10,000 inputs of which are about one text: lists, conversations, feeds and the text itself.

They are imported as they would be from talk pages, mail and meetings, in seven languages, and prepared by the job that
a worker runs. Each page is asked for through Django's test client; the last page of a list is the one whose cursor lies
a page before the oldest input.
"""

from __future__ import annotations

import dataclasses
import os
import statistics
import time
from random import Random
from typing import TYPE_CHECKING

from bench import site
from bench.documents import measure_page
from bench.figures import Figure, Result
from bench.inputs_import import make_threads
from bench.pages import make_client, time_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harken.core.talk.model import Thread
    from harken.documents.models import Document
    from harken.processes.models import Process

INPUTS = 1_000_000 if os.environ.get("BENCH_FULL") else 100_000
ON_ONE = 10_000
SOURCES = 40
LANGUAGES = ("en", "en", "en", "en", "es", "fr", "de", "pt", "ar", "hi")
STANCES = ("support", "oppose", "concern")


def tell_more(threads: Iterable[Thread], seed: int) -> Iterator[Thread]:
    """Yield the threads with a language each, and a tenth of the posts with a stance."""
    chance = Random(seed)
    for thread in threads:
        lang = chance.choice(LANGUAGES)
        posts = []
        for post in thread.posts:
            stance = {"stance": chance.choice(STANCES)} if chance.random() < 0.1 else {}
            posts.append(dataclasses.replace(post, lang=lang, extra={**post.extra, **stance}))
        yield dataclasses.replace(thread, posts=tuple(posts))


def bring_in(process: Process, documents: list[Document], inputs: int) -> None:
    """Import `inputs` inputs: half from one talk page, 10,000 about the first document, the others about the rest."""
    from harken.base.permits import OPERATOR
    from harken.inputs.actions.importing import import_posts
    from harken.inputs.actions.sources import open_source
    from harken.inputs.models import Channel

    most = min(ON_ONE, inputs // 4)
    each = (inputs // 2 - most) // SOURCES
    plan: list[tuple[Channel, str, Document | None, int]] = [
        (Channel.TALK, "page", None, inputs - most - each * SOURCES),
        (Channel.SURVEY, "survey", documents[0], most),
    ]
    for number in range(SOURCES):
        channel = Channel.MEETING if number % 4 == 0 else Channel.TALK
        plan.append((channel, f"source-{number}", documents[1 + number], each))
    for number, (channel, key, document, count) in enumerate(plan):
        source = open_source(actor=OPERATOR, process=process, channel=channel, key=key, title=key)
        threads = tell_more(make_threads(count, seed=number), number)
        import_posts(actor=OPERATOR, source=source, posts=threads, document=document)


def spread(document: Document) -> None:
    """Let half of what was said about a document be about its passages."""
    from harken.documents.models import Passage
    from harken.inputs.models import Input

    said = Input.objects.filter(document=document)
    half = list(said.order_by("pk").values_list("pk", flat=True)[: said.count() // 2])
    passages = list(Passage.objects.filter(document=document).order_by("pk"))
    for place, passage in enumerate(passages):
        Input.objects.filter(pk__in=half[place :: len(passages)]).update(passage=passage)


def code_by_theme(process: Process) -> int:
    """Code up to 100,000 inputs with a theme below another one, as many at once as one act takes."""
    from harken.analysis.actions.coding import code_inputs
    from harken.analysis.actions.themes import create_theme
    from harken.base.permits import OPERATOR
    from harken.inputs.actions.working import MOST_AT_ONCE
    from harken.inputs.models import Input

    above = create_theme(actor=OPERATOR, process=process, name="Nature")
    theme = create_theme(actor=OPERATOR, process=process, name="Water", parent=above)
    pks = list(Input.objects.filter(process=process).order_by("at", "pk").values_list("pk", flat=True)[:100_000])
    for start in range(0, len(pks), MOST_AT_ONCE):
        some = Input.objects.filter(pk__in=pks[start : start + MOST_AT_ONCE])
        code_inputs(actor=OPERATOR, process=process, inputs=some, theme=theme)
    return len(pks)


def list_addresses(process: Process, document: Document) -> Iterator[tuple[str, str]]:
    """Yield a name and an address of each page that is measured."""
    from django.urls import reverse

    from harken.inputs.models import Input
    from harken.inputs.queries.ledger import Cursor

    root = reverse("inputs", args=[process.slug])
    group = document.chapter.group.code
    oldest = Input.objects.filter(process=process).order_by("at", "pk")[60]
    deepest = Input.objects.filter(process=process, depth__gte=3).order_by("pk").first()
    last = str(Cursor(oldest.at, oldest.pk)).replace("+", "%2B")
    yield "list", root
    yield "list, the last page", f"{root}?after={last}"
    yield "list, a text with 10,000", f"{root}?document={document.code}"
    yield "list, a group", f"{root}?group={group}"
    yield "list, a language", f"{root}?lang=hi"
    yield "list, a channel of many sources", f"{root}?channel=meeting"
    yield "list, a stance in a language", f"{root}?stance=oppose&lang=ar"
    yield "list, a text, a language and a stance", f"{root}?document={document.code}&lang=hi&stance=concern"
    yield "list, a theme with 100,000", f"{root}?theme=T1"
    yield "list, the last page of a theme", f"{root}?theme=T1&after={last}"
    yield "list, a theme and a language", f"{root}?theme=T1&lang=hi"
    yield "theme", reverse("theme", args=[process.slug, "T1"])
    yield "list, a word that many have", f"{root}?q=community"
    yield "list, words that few have", f"{root}?q=community+translation+budget+review"
    yield "conversation", f"{root}{deepest.pk if deepest else oldest.pk}/"
    yield "Atom", reverse("inputs-atom", args=[process.slug])
    yield "JSON, 200 inputs", reverse("inputs-json", args=[process.slug])
    yield "process", reverse("process", args=[process.slug])


def measure_reading(inputs: int) -> Iterator[Figure]:
    """Yield the figures of a ledger with so many inputs."""
    from django.urls import reverse

    from harken.documents.models import Document
    from harken.inputs.actions.preparing import prepare_inputs

    process = site.make_strategy("heard")
    documents = list(
        Document.objects.filter(iteration__process=process).select_related("iteration", "chapter__group").order_by("pk")
    )
    text = documents[0]
    address = reverse("document", args=[process.slug, text.iteration.slug, text.code])
    yield from measure_page("text, nothing said", address, None)
    began = time.perf_counter()
    bring_in(process, documents, inputs)
    yield Figure(f"import {inputs:,}", inputs / (time.perf_counter() - began), "inputs/s")
    spread(text)
    began = time.perf_counter()
    prepared = sum(iter(prepare_inputs, 0))
    yield Figure("prepare", prepared / (time.perf_counter() - began), "inputs/s")
    yield from measure_page("text, 10,000 inputs", address, None)
    began = time.perf_counter()
    yield Figure("code with a theme", code_by_theme(process) / (time.perf_counter() - began), "inputs/s")
    for name, page in list_addresses(process, text):
        yield from measure_page(name, page, None)
        waits = [elapsed(page) for _ in range(5)]
        yield Figure(f"{name}, elapsed", statistics.median(waits), "ms")


def elapsed(address: str) -> float:
    """Return the milliseconds until a page was there, of which the database may take a part without this processor."""
    client = make_client()
    began = time.perf_counter()
    time_request(client, address)
    return (time.perf_counter() - began) * 1000


def measure() -> Result:
    site.prepare()
    figures = tuple(measure_reading(INPUTS))
    return Result(figures, 30, (f"{INPUTS:,} inputs of about 50 words from {SOURCES + 2} sources.",))
