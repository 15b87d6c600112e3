"""Campaigns: what says nearly the same in nearly the same words is put together and counted; a person says what it is.

Each text leaves a few keys behind that near-duplicates are likely to share (`harken.core.sense.duplicates`). A new
text is compared, shingle by shingle, with those that share most keys with it; only what that finds alike counts.
From `FEWEST` on they are proposed as a campaign. What joins a campaign that is there leaves no keys, so that a flood of
a hundred thousand makes looking things up no slower.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from harken.base.actions import record_event
from harken.base.bulk import BulkInsert
from harken.base.permits import OPERATOR
from harken.core.sense.duplicates import COPY_THRESHOLD, SIGNATURE_VERSION
from harken.core.sense.duplicates.shingles import shingle_texts
from harken.core.sense.duplicates.signatures import FEWEST_SHARED, sign_shingles
from harken.core.sense.duplicates.templates import LONGEST, Slot, find_template
from harken.inputs.actions.indexing import read_spoken
from harken.inputs.models import Campaign, Consent, Input, InputBand

FEWEST: Final = 5
"""So many nearly the same make a campaign."""

KEYS: Final = 8
"""Of a text's keys, so many are kept: texts alike by 0.7 share one with a chance of 0.89, by 0.8 of 0.98."""

_COMPARED: Final = 12
_BEGINNERS: Final = 20
_LEARNT_FROM: Final = 100
_SEED: Final = 0
_BANDS: Final = BulkInsert(InputBand, "process", "band", "input")


@dataclass(slots=True)
class _Text:
    """A text that is compared with others; `campaign` is the one it belongs to already or from now on."""

    pk: int
    text: str
    lang: str
    shingles: frozenset[int]
    bands: tuple[int, ...]
    campaign: int | None = None

    def is_like(self, other: "_Text") -> bool:
        """Whether both say nearly the same, found out exactly."""
        shared = len(self.shingles & other.shingles)
        together = len(self.shingles) + len(other.shingles) - shared
        return shared >= FEWEST_SHARED and shared >= COPY_THRESHOLD * together


@transaction.atomic
def group_campaigns(inputs: Sequence[Input]) -> int:
    """Put inputs together with those that say nearly the same; how many now belong to a campaign.

    For a job, in batches of some hundreds. What says too little to tell is left alone, and so is what belongs to a
    campaign already.
    """
    grouped = 0
    by_process: dict[int, list[Input]] = {}
    for said in inputs:
        if said.campaign_id is None:
            by_process.setdefault(said.process_id, []).append(said)
    for process, several in by_process.items():
        grouped += _Grouping(process, _read(several)).group()
    return grouped


def _read(inputs: Sequence[Input]) -> list[_Text]:
    spoken = read_spoken(inputs)
    if not spoken:
        return []
    made = shingle_texts([one.text for one in spoken])
    bands = sign_shingles(made.shingles, made.first, seed=_SEED)[:, :KEYS].tolist()
    found = []
    for place, one in enumerate(spoken):
        shingles = frozenset(np.unique(made.shingles[made.first[place] : made.first[place + 1]]).tolist())
        if len(shingles) >= FEWEST_SHARED:
            said = one.said
            found.append(_Text(said.pk, one.text, said.lang, shingles, tuple(bands[place]), said.campaign_id))
    return found


class _Grouping:
    """One batch of a process's texts, being put together with what is there."""

    def __init__(self, process: int, fresh: Sequence[_Text]) -> None:
        self._process = process
        self._fresh = fresh
        self._known: dict[int, _Text] = {}
        self._buckets: dict[int, list[int]] = {}
        self._joined: dict[int, list[int]] = {}

    def group(self) -> int:
        self._forget_keys()
        self._fill_buckets()
        self._read_candidates()
        leaving_keys = [text for text in self._fresh if self._place(text)]
        _BANDS.insert((self._process, band, text.pk) for text in leaving_keys for band in text.bands)
        for campaign, pks in self._joined.items():
            self._join(campaign, pks)
        return sum(len(pks) for pks in self._joined.values())

    def _forget_keys(self) -> None:
        """What was corrected says something else than its keys tell."""
        InputBand.objects.filter(input__in=[text.pk for text in self._fresh]).delete()

    def _fill_buckets(self) -> None:
        keys = {band for text in self._fresh for band in text.bands}
        there = InputBand.objects.filter(process=self._process, band__in=keys).order_by("input")
        for band, pk in there.values_list("band", "input"):
            self._buckets.setdefault(band, []).append(pk)

    def _read_candidates(self) -> None:
        wanted = {pk for text in self._fresh for pk in self._candidates(text)} - {text.pk for text in self._fresh}
        self._known.update((text.pk, text) for text in _read(list(Input.objects.filter(pk__in=wanted))))

    def _candidates(self, text: _Text) -> list[int]:
        """The inputs that share most keys with a text, the oldest first among those that share as many."""
        shared = Counter(pk for band in text.bands for pk in self._buckets.get(band, ()))
        return [pk for pk, _count in sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:_COMPARED]]

    def _place(self, text: _Text) -> bool:
        """Find what a text belongs to; whether it leaves its keys behind for what comes later."""
        alike = [
            other
            for pk in self._candidates(text)
            if (other := self._known.get(pk)) is not None and other.pk != text.pk and text.is_like(other)
        ]
        campaign = next((other.campaign for other in alike if other.campaign is not None), None)
        if campaign is None and len(alike) + 1 >= FEWEST:
            campaign = self._begin(text)
        if campaign is not None:
            for member in (*alike, text):
                if member.campaign is None:
                    member.campaign = campaign
                    self._joined.setdefault(campaign, []).append(member.pk)
        self._known[text.pk] = text
        if campaign is not None and len(alike) >= min(_BEGINNERS, _COMPARED):
            return False
        for band in text.bands:
            self._buckets.setdefault(band, []).append(text.pk)
        return True

    def _begin(self, text: _Text) -> int:
        campaign = Campaign.objects.create(process_id=self._process, lang=text.lang, created_at=timezone.now())
        detail = {"method": "minhash", "version": SIGNATURE_VERSION, "threshold": COPY_THRESHOLD, "seed": _SEED}
        record_event(actor=OPERATOR, verb="proposed campaign", subject=campaign, detail=detail, origin="job")
        return campaign.pk

    def _join(self, campaign: int, pks: list[int]) -> None:
        if connection.features.has_select_for_update_skip_locked:
            # Whoever holds an older one now may wait for one of this batch: it joins when the next like it comes.
            free = Input.objects.filter(pk__in=pks).select_for_update(of=("self",), no_key=True, skip_locked=True)
            pks = list(free.values_list("pk", flat=True))
        Input.objects.filter(pk__in=pks).update(campaign=campaign)
        before = Campaign.objects.values_list("size", flat=True).get(pk=campaign)
        Campaign.objects.filter(pk=campaign).update(size=F("size") + len(pks))
        # The words shared are found anew each time that a campaign has doubled, so a flood costs little.
        if before.bit_length() != (before + len(pks)).bit_length() or not before:
            _find_pattern(campaign)


def _find_pattern(campaign: int) -> None:
    """Find the words that a campaign's inputs share as they are now, and name it by them while nobody else has."""
    everything = Input.objects.filter(campaign=campaign).order_by("at", "pk")
    # Readers see the pattern: it is learnt from what they may read, as long as there is any of it.
    readable = everything.filter(standing__isnull=True).exclude(source__consent=Consent.CLOSED)
    members = list(readable[:_LEARNT_FROM]) or list(everything[:_LEARNT_FROM])
    # Without headings: the same letter came by mail under a subject, and by the form under none.
    spoken = [one.own or one.text for one in read_spoken(members)]
    pattern = learn_pattern([text for text in spoken if text.strip()])
    before = Campaign.objects.get(pk=campaign)
    Campaign.objects.filter(pk=campaign).update(pattern=pattern)
    if before.is_confirmed is None or before.title == _title_of(before.pattern):
        Campaign.objects.filter(pk=campaign).update(title=_title_of(pattern))


def _title_of(pattern: Sequence[str | None]) -> str:
    """The name a campaign has by its words, while nobody gives it another."""
    title = " … ".join(" ".join(part.split()) for part in pattern if part)
    return f"{title[:117]}…" if len(title) > 118 else title


def forget_words(said: Input) -> None:
    """Take the words of an input out of what is known of its campaign: for whoever has them taken away.

    Part of the transaction that does.
    """
    InputBand.objects.filter(input=said).delete()
    if said.campaign_id is not None:
        _find_pattern(said.campaign_id)


def learn_pattern(texts: Sequence[str]) -> list[str | None]:
    """The words that texts share, with None for each gap in which they differ; else the commonest of the texts."""
    counted = Counter(text for text in texts if len(text.split()) <= LONGEST)
    if not counted:
        return list(texts[:1])
    different = [text for text, _count in counted.most_common()]
    found = find_template(different, [counted[text] for text in different])
    if found is None:
        return [different[0]]
    template, _following = found
    return [None if isinstance(part, Slot) else part for part in template.parts]
