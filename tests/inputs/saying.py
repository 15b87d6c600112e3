"""What tests of the ledger say, and where they say it."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from harken.base.permits import OPERATOR
from harken.core.talk.model import Finding, Post, Thread
from harken.inputs.actions.importing import ImportReport, import_posts
from harken.inputs.actions.sources import open_source
from harken.inputs.models import Channel, Consent, Input, Source
from harken.processes.models import Process

NOON = datetime.datetime(2019, 8, 9, 12, tzinfo=datetime.UTC)


def a_source(process: Process, key: str = "page", consent: Consent = Consent.PUBLIC) -> Source:
    """A talk page."""
    return open_source(
        actor=OPERATOR, process=process, channel=Channel.TALK, key=key, title=f"Talk:{key}", consent=consent, lang="en"
    )


def a_post(key: str, text: str = "", *, reply_to: str = "", author: str = "Ann", **more: Any) -> Post:
    """A post by an account."""
    return Post(key, author, "account", more.pop("at", NOON), text or f"I say {key}.", parent_id=reply_to, **more)


def bring_in(source: Source, *posts: Thread | Post | Finding, **more: Any) -> ImportReport:
    """What came of an import by the operator."""
    said: Iterable[Thread | Post | Finding] = posts
    return import_posts(actor=OPERATOR, source=source, posts=said, **more)


def tree_of(source: Source) -> dict[str, str | None]:
    """What each input of the source replies to, by their foreign ids, in reading order of their conversations."""
    inputs = Input.objects.filter(source=source).select_related("parent").order_by("thread", "order_key")
    return {said.external_id: said.parent.external_id if said.parent else None for said in inputs}


def inputs_on(page: str) -> list[int]:
    """The inputs on a page by their ids, in their order."""
    return [int(pk) for pk in re.findall(r'<li class="input[^"]*" id="input-(\d+)"', page)]


def keys_on(page: str) -> list[str]:
    """The inputs on a page by their foreign ids, in their order."""
    return [Input.objects.get(pk=pk).external_id for pk in inputs_on(page)]
