"""What an address asks a list of inputs for, and what of it the visitor may read: for pages, feeds and tables alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from harken.base.actions import Actor
from harken.documents.permissions import documents_visible_to
from harken.inputs.everybody import choices_for_everybody, count_for_everybody, newest_for_everybody
from harken.inputs.facets import Facet, FacetChoice, FacetValues, facets
from harken.inputs.models import Input, Source
from harken.inputs.permissions import inputs_visible_to, may_see_speakers, sources_visible_to
from harken.inputs.queries.campaigns import CampaignRow, campaign_heads, campaigns_of, fold_campaigns
from harken.inputs.queries.ledger import Cursor, InputPage, make_page, read_cursor
from harken.inputs.queries.reading import (
    InputFilter,
    InputTotal,
    ListChoices,
    count_wanted,
    find_inputs,
    find_passage,
    list_choices,
    sources_of,
)
from harken.processes.models import Process

LONGEST_QUERY = 200
UNKNOWN_LANGUAGE = "unknown"
NAMES = ("q", "document", "group", "passage", "lang", "channel", "by", "source", "stance", "campaign", "late")
"""What an address can ask for, beside the names of facets; whatever else stands in it asks for nothing."""

_MOST_DIGITS = 18


@dataclass(frozen=True)
class Listing:
    """A list of a process's inputs as an address asks for it, for one visitor."""

    process: Process
    actor: Actor
    asked: dict[str, str]
    after: Cursor | None

    @property
    def is_for_everybody(self) -> bool:
        """Whether the visitor sees what everybody sees: nobody needs an account for a public process."""
        return self.process.is_public and not self.actor.is_authenticated

    @cached_property
    def inputs(self) -> QuerySet[Input]:
        """What the visitor may read."""
        return inputs_visible_to(self.actor, self.process)

    @cached_property
    def sources(self) -> QuerySet[Source]:
        """The sources that the visitor may see."""
        return sources_visible_to(self.actor, self.process)

    @cached_property
    def choices(self) -> ListChoices:
        """What it can be narrowed to. Three queries."""
        if self.is_for_everybody:
            return choices_for_everybody(self.process)
        return list_choices(self.process, documents_visible_to(self.actor, self.process), self.sources)

    @cached_property
    def values(self) -> dict[str, FacetValues]:
        """What facets have for the visitor, by the facets' names: read where anything asks, and then once."""
        return {facet.name: facet.read(self.process, self.actor) for facet in facets()}

    @cached_property
    def offered(self) -> list[tuple[Facet, Sequence[FacetChoice]]]:
        """What later rooms let it be narrowed to, where there is anything to choose."""
        found = [(facet, self.values[facet.name].choices()) for facet in facets()]
        return [(facet, choices) for facet, choices in found if choices]

    @property
    def ways(self) -> list[Facet]:
        """The facets whose own pages have something to show, or something to do for those who work with the input."""
        return [facet for facet in facets() if self.sees_speakers or any(facet is one for one, _all in self.offered)]

    @cached_property
    def sees_speakers(self) -> bool:
        """Whether the visitor works with the input."""
        return bool(may_see_speakers(self.actor, self.process))

    @cached_property
    def reader(self) -> int | None:
        """The account of the visitor, if there is one."""
        return self.actor.pk if self.actor.is_authenticated else None

    @cached_property
    def wanted(self) -> InputFilter:
        """What the address asks for. At most two queries beside those of `choices`."""
        asked = self.asked
        documents, passage = self._documents(), None
        if "passage" in asked:
            found = find_passage(documents_visible_to(self.actor, self.process), asked["passage"])
            passage = found[0] if found else 0
        lang = asked.get("lang")
        return InputFilter(
            documents=documents,
            passage=passage,
            sources=self._sources(),
            lang="" if lang == UNKNOWN_LANGUAGE else lang,
            stance=asked.get("stance", ""),
            campaign=_number(asked["campaign"]) if "campaign" in asked else None,
            is_late="late" in asked,
            facets=tuple(
                (facet.name, self.values[facet.name].find(asked[facet.name]))
                for facet in facets()
                if facet.name in asked
            ),
            query=asked.get("q", "")[:LONGEST_QUERY],
            languages=tuple(code for code, _number in self.choices.languages if code) if "q" in asked else (),
        )

    def _sources(self) -> tuple[int, ...] | None:
        channel, group = self.asked.get("channel", ""), self.asked.get("by", "")
        found = sources_of(self.sources, channel=channel, group=group) if channel or group else None
        if "source" not in self.asked:
            return found
        one = _number(self.asked["source"])
        return (one,) if found is None or one in found else ()

    def _documents(self) -> tuple[int, ...] | None:
        asked = self.asked
        found = self.choices.documents_at(asked["document"]) if "document" in asked else None
        if "group" not in asked:
            return found
        of_group = self.choices.documents_of(asked["group"])
        return of_group if found is None else tuple(pk for pk in found if pk in of_group)

    @cached_property
    def heads(self) -> dict[int, int]:
        """The confirmed campaigns that the list shows as one entry each, with the input that stands for each.

        None where one campaign, certain words or what a facet knows is asked for: what stands for a campaign need not
        be among these. One query.
        """
        if self.asked.keys() & {"campaign", "q", *(facet.name for facet in facets())}:
            return {}
        return campaign_heads(self.process, with_proposed=False)

    def campaigns_on(self, page: InputPage) -> dict[int, CampaignRow]:
        """The campaigns that inputs of a folded page stand for, by the inputs' ids. One query where there are any."""
        standing_for = {pk: campaign for campaign, pk in self.heads.items() if pk in {row.pk for row in page.rows}}
        rows = campaigns_of(self.process, list(standing_for.values())) if standing_for else {}
        return {pk: rows[campaign] for pk, campaign in standing_for.items()}

    def page(self, size: int, *, folds: bool = False) -> InputPage:
        """The page that the address asks for. At most six queries beside those of `wanted`, and one that `folds`."""
        if self.is_for_everybody:
            heads = self.heads if folds else {}
            newest = newest_for_everybody(self.process, self.wanted, heads, after=self.after, size=size + 1)
            if newest is not None:
                return make_page(newest, size, sees_speakers=False, reader=None)
        return find_inputs(
            fold_campaigns(self.inputs, self.heads) if folds else self.inputs,
            self.wanted,
            sees_speakers=self.sees_speakers,
            reader=self.reader,
            after=self.after,
            size=size,
        )

    def count(self, page: InputPage) -> InputTotal:
        """How many there are on all pages. Two queries at most, none where `page` has them all."""
        if self.after is None and page.next is None and not self.heads:
            return InputTotal(len(page.rows))
        if self.is_for_everybody and (known := count_for_everybody(self.process, self.wanted)) is not None:
            return known
        kept = self._kept_number()
        if kept is not None:
            return InputTotal(kept)
        return count_wanted(self.process, self.inputs, self.wanted, sources=self.sources, everything=self.sees_speakers)

    def _kept_number(self) -> int | None:
        """The number that a facet keeps of a value, where nothing else is asked for."""
        for facet, choices in self.offered:
            if self.asked.keys() == {facet.name}:
                return next((one.number for one in choices if one.value == self.asked[facet.name]), None)
        return None

    def values_on(self, page: InputPage) -> Iterator[tuple[str, Mapping[int, Sequence[str]]]]:
        """The values of a page's inputs by the inputs' ids, for each facet, with its name in the plural."""
        pks = [row.pk for row in page.rows]
        for facet, _choices in self.offered:
            yield facet.plural, self.values[facet.name].of_inputs(pks)

    def address_after(self, cursor: Cursor | None) -> str:
        """The query of the page after `cursor`, with its question mark."""
        return f"?{urlencode({**self.asked, **({'after': str(cursor)} if cursor else {})})}"


def read_listing(process: Process, actor: Actor, parameters: QueryDict) -> Listing:
    """The list that an address asks for."""
    names = (*NAMES, *(facet.name for facet in facets()))
    asked = {name: value for name in names if (value := parameters.get(name, "").strip())}
    return Listing(process, actor, asked, read_cursor(parameters.get("after", "")))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0
