"""What the bench for links shows: both texts side by side where they touch, and the words that speak for the link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from django.db.models import Count, F, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from harken.core.text.words import QueryTerm, highlight, query_terms
from harken.documents.models import Document, EdgeState, Link, LinkDecision, LinkKind
from harken.documents.queries.lineage_bench import MOST_OF_A_TEXT, MOST_REASONS_OFFERED, BenchText, bodies_of
from harken.people.models import Group

MOST_PARAGRAPHS: Final = 3
TURNED: Final = "-turned"
"""What the value of a choice ends with that reads the link from its target to its source."""


@dataclass(frozen=True, slots=True)
class LinkBenchRow:
    """A link with its ends; `choices` are what may be said of them, `said_by` the groups that stand behind it.

    `is_named` says that one text names the other, `is_measured` that their likeness was measured; neither where a
    person drew it. `next_id` is the link that follows in the list.
    """

    link: Link
    source: BenchText
    target: BenchText
    is_named: bool
    is_measured: bool
    choices: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    said_by: tuple[Group, ...]
    decisions: tuple[LinkDecision, ...]
    next_id: int | None

    @property
    def is_one_sided(self) -> bool:
        """Whether people accepted it without both groups saying so."""
        return self.link.state == EdgeState.ACCEPTED and len(self.said_by) < len(self.groups)


def choices_of(link: Link) -> tuple[tuple[str, str], ...]:
    """What may be said of the two texts of a link, as it would read: each kind, the first two both ways round."""
    ends = {"first": link.source.code, "second": link.target.code}
    turned = {"first": link.target.code, "second": link.source.code}
    return (
        (LinkKind.DEPENDS_ON.value, _("%(first)s depends on %(second)s") % ends),
        (f"{LinkKind.DEPENDS_ON.value}{TURNED}", _("%(first)s depends on %(second)s") % turned),
        (LinkKind.SUPPORTS.value, _("%(first)s supports %(second)s") % ends),
        (f"{LinkKind.SUPPORTS.value}{TURNED}", _("%(first)s supports %(second)s") % turned),
        (LinkKind.CONFLICTS_WITH.value, _("%(first)s conflicts with %(second)s") % ends),
        (LinkKind.OVERLAPS.value, _("%(first)s overlaps %(second)s") % ends),
    )


def bench_links(links: QuerySet[Link], state: str) -> QuerySet[Link]:
    """The links of one state, the surest first; those drawn by hand, which have no score, last."""
    return links_with_ends(links.filter(state=state)).order_by(F("score").desc(nulls_last=True), "id")


def links_with_ends(links: QuerySet[Link]) -> QuerySet[Link]:
    """The same links with all that a row of the bench names."""
    return links.select_related(
        "source__current",
        "source__published",
        "source__chapter__group",
        "target__current",
        "target__published",
        "target__chapter__group",
    ).prefetch_related("decisions")


def count_link_states(links: QuerySet[Link]) -> dict[str, int]:
    """How many links are in each state. One query."""
    counted = dict(links.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: counted.get(state, 0) for state in EdgeState.values}


def link_bench_rows(links: Iterable[Link]) -> list[LinkBenchRow]:
    """The rows for `links` (as `links_with_ends` gives them). One query for all their words."""
    listed = list(links)
    bodies = bodies_of([end for link in listed for end in (link.source, link.target)])
    return [
        _bench_row(link, bodies, next_id) for link, next_id in zip_longest(listed, [link.pk for link in listed[1:]])
    ]


def _bench_row(link: Link, bodies: dict[int, list[str]], next_id: int | None) -> LinkBenchRow:
    # Whole words only: what begins with the same letters is no evidence.
    terms = [
        term._replace(prefix="") for term in query_terms(" ".join(link.words), [link.source.lang, link.target.lang])
    ]
    ends = ((link.source.chapter.group, link.source_agrees), (link.target.chapter.group, link.target_agrees))
    return LinkBenchRow(
        link=link,
        source=_bench_text(link.source, terms, bodies),
        target=_bench_text(link.target, terms, bodies),
        is_named=link.method.startswith("named"),
        is_measured=bool(link.method) and not link.method.startswith("named"),
        choices=choices_of(link),
        groups=tuple(dict.fromkeys(group for group, _agrees in ends)),
        said_by=tuple(dict.fromkeys(group for group, agrees in ends if agrees)),
        decisions=tuple(reversed(link.decisions.all())),
        next_id=next_id,
    )


def _bench_text(document: Document, terms: Sequence[QueryTerm], bodies: dict[int, list[str]]) -> BenchText:
    """A text's title and the paragraphs with most of the words, in their order."""
    paragraphs = bodies.get(document.pk, [])
    pieces = [highlight(Truncator(paragraph).chars(MOST_OF_A_TEXT), terms) for paragraph in paragraphs]
    marked = [sum(is_word for _piece, is_word in paragraph) for paragraph in pieces]
    chosen = sorted(sorted(range(len(pieces)), key=lambda place: -marked[place])[:MOST_PARAGRAPHS])
    return BenchText(
        document,
        highlight(document.title, terms),
        tuple(pieces[place] for place in chosen),
        is_cut=len(chosen) < len(paragraphs) or any(len(text) > MOST_OF_A_TEXT for text in paragraphs),
    )


def offered_codes(documents: QuerySet[Document]) -> list[tuple[str, str]]:
    """Codes and titles to choose a link's ends from."""
    rows = documents.order_by("chapter__position", "position", "id")
    return list(rows.values_list("code", "title"))


def offered_link_reasons(links: QuerySet[Link]) -> list[str]:
    """Reasons people gave lately for some of `links`, each once: the next decision is often like the last."""
    given = LinkDecision.objects.filter(link__in=links).order_by("-id").values_list("reason", flat=True)
    return list(dict.fromkeys(given[:200]))[:MOST_REASONS_OFFERED]
