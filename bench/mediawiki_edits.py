"""What there was before: posts a second that MediaWiki takes on this machine, with 8 connections that are kept open.

Debian's package on PHP's own server (8 processes) and SQLite, everything else as it comes; who asks shares the machine.
People post as the button of the talk page does, a new section, or as its editor does: they take the text, write below
what is there, and save it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from bench.figures import Figure, Result
from bench.served import processor_seconds
from tools import mediawiki, provisions

CONNECTIONS = 8
SECONDS = 15.0
WORDS = "I would water the beds at night, when the sun does not take it away again. ~~~~"


def _add_section(editor: mediawiki.Editor, title: str, number: int) -> None:
    editor.edit(title, section="new", sectiontitle=f"Point {number}", text=WORDS)


def _reply(editor: mediawiki.Editor, title: str, number: int) -> None:
    revision, text = editor.read(title)
    editor.edit(title, text=f"{text}\n: {number}. {WORDS}", baserevid=str(revision))


Act = Callable[[mediawiki.Editor, str, int], None]


def _post(editor: mediawiki.Editor, act: Act, title: str, ends: float, told: Counter[str]) -> None:
    number = 0
    while time.perf_counter() < ends:
        number += 1
        try:
            act(editor, title, number)
        except mediawiki.EditRefused as refused:
            told[str(refused)] += 1
        else:
            told["kept"] += 1


def _load(editors: list[mediawiki.Editor], act: Act, title_of: Callable[[int], str]) -> tuple[float, Counter[str]]:
    """Let everybody post until the time is over; returns how long it took, and what was answered how often."""
    counts = [Counter[str]() for _ in editors]
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_post, args=(editor, act, title_of(number), began + SECONDS, counts[number]))
        for number, editor in enumerate(editors)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began, sum(counts, Counter())


def measure() -> Result:
    try:
        provisions.provide((provisions.PHP, provisions.MEDIAWIKI))
    except provisions.ProvisionMissing as missing:
        return Result((), 0, (str(missing),))
    people = [f"Gardener {number}" for number in range(CONNECTIONS)]
    with mediawiki.temporary_wiki(people) as set_up, mediawiki.serve_wiki(set_up, workers=CONNECTIONS) as wiki:
        editors = [mediawiki.Editor(wiki, name) for name in people]
        for number, editor in enumerate(editors):
            editor.edit(f"Talk:Page {number}", text="A page.")
        editors[0].edit("Talk:One page", text="A page.")
        figures, notes = [], []
        for name, act, title_of in (
            ("separate pages", _add_section, lambda number: f"Talk:Page {number}"),
            ("one page, sections", _add_section, lambda _number: "Talk:One page"),
            ("one page, replies", _reply, lambda _number: "Talk:One page"),
        ):
            before = processor_seconds(wiki.pid)
            seconds, told = _load(editors, act, title_of)
            spent = processor_seconds(wiki.pid) - before
            refused = sum(told.values()) - told["kept"]
            figures.append(Figure(f"posts kept, {name}", told["kept"] / seconds, "posts/s"))
            figures.append(Figure(f"processor time a post, {name}", 1000 * spent / max(1, told["kept"]), "ms"))
            figures.append(Figure(f"posts refused, {name}", 100 * refused / max(1, sum(told.values())), "%"))
            notes.append(f"{name}: " + ", ".join(f"{count} {said}" for said, count in told.most_common()))
        for editor in editors:
            editor.leave()
    return Result(tuple(figures), 1, (f"{CONNECTIONS} connections, {SECONDS:.0f} s each; {'; '.join(notes)}.",))
