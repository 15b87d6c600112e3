"""The queue over a full ledger: its lists and filters, its page, and giving ten thousand inputs to somebody."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bench import site
from bench.figures import Figure, Result, median_seconds
from bench.heard import fill_ledger, how_many

if TYPE_CHECKING:
    from harken.people.models import User
    from harken.processes.models import Process

N = 5
FILTERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("everything", {}),
    ("new", {"state": "new"}),
    ("waiting", {"state": "waiting"}),
    ("mine", {"owner": "me"}),
    ("nobody's, in work", {"owner": "nobody", "state": "in-work"}),
    ("overdue", {"due": "over"}),
    ("mine and overdue", {"due": "over", "owner": "me"}),
    ("one language", {"lang": "ar"}),
    ("one language, waiting", {"lang": "pt", "state": "waiting"}),
    ("one text, new", {"document": "G1-R1", "state": "new"}),
    ("one group's texts", {"group": "G1"}),
    ("one channel", {"channel": "talk"}),
    ("a channel few use, waiting", {"channel": "meeting", "state": "waiting"}),
    ("late", {"late": True}),
    ("late, one language", {"late": True, "lang": "pt"}),
)


def measure() -> Result:
    site.prepare()
    from django.conf import settings
    from django.test import Client, override_settings
    from django.utils import timezone

    from harken.base.permits import OPERATOR
    from harken.documents.models import Document
    from harken.inputs.actions.working import Change, change_matching
    from harken.inputs.models import Input
    from harken.inputs.permissions import inputs_visible_to
    from harken.inputs.queries.queue import QueueFilter, read_queue, select_inputs
    from harken.people.actions import add_member, create_user
    from harken.people.models import Group, Role

    process = site.make_strategy("heard")
    people = [create_user(username=name, password="-" * 12) for name in ("organiser", "writer", "responder")]
    for user, role in zip(people, (Role.ORGANISER, Role.WRITER, Role.RESPONDER), strict=True):
        add_member(actor=OPERATOR, group=process.body, user=user, role=role)
    organiser, writer, _responder = people
    count = how_many()
    began = time.perf_counter()
    fill_ledger(process, count, people)
    made = time.perf_counter() - began
    code = Document.objects.filter(iteration__process=process).order_by("code").values_list("code", flat=True)[0]
    group = Group.objects.filter(chapters__iteration__process=process).order_by("code").first()
    now = timezone.now()

    def look(actor: User, process: Process, wishes: dict[str, Any]) -> None:
        named = {"document": code, "group": group.code if group else ""}
        chosen = QueueFilter(**{name: named.get(name, value) for name, value in wishes.items()})
        inputs = select_inputs(
            lambda among: inputs_visible_to(actor, process, among=among), process, chosen, actor=actor, now=now
        )
        read_queue(inputs, process, now=now)

    figures = []
    for name, wishes in FILTERS:
        for who, actor in (("organiser", organiser), ("writer", writer)):
            taken = median_seconds(lambda: look(actor, process, wishes), N, time.process_time)  # noqa: B023 - called at once
            figures.append(Figure(f"{name}, for the {who}", taken * 1000, "ms"))
    client = Client()
    client.force_login(organiser)
    with override_settings(ALLOWED_HOSTS=[*settings.ALLOWED_HOSTS, "testserver"]):
        address = "/processes/heard/queue/?state=new"
        taken = median_seconds(lambda: client.get(address), N, time.process_time)
        figures.append(Figure("its page, processor time", taken * 1000, "ms"))
        figures.append(Figure("its page, HTML", len(client.get(address).content) / 1000, "kB"))
    few = QueueFilter(lang="hi", state="needs-translation")
    for name, chosen, change in (
        ("giving what one filter is about", few, Change(owner=writer.pk)),
        ("a state for all late ones", QueueFilter(late=True), Change(undated=True)),
    ):
        began = time.perf_counter()
        done = change_matching(actor=organiser, process=process, chosen=chosen, change=change)
        taken = time.perf_counter() - began
        figures.append(Figure(f"{name}: {done} inputs", taken, "s"))
    notes = (f"{Input.objects.count()} inputs, made in {made:.0f} s; times are processor time but for the last two.",)
    return Result(tuple(figures), N, notes)
