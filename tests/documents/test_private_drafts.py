"""Nothing of a private draft is told to anybody it is not for, on any page there is or will be."""

from collections.abc import Iterator
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from harken.base.models import SearchEntry
from harken.base.permits import OPERATOR
from harken.base.search import find
from harken.documents import passage_urls, urls
from harken.documents.actions.consensus import state_position
from harken.documents.actions.drafting import begin_document, begin_space
from harken.documents.actions.lineage import draw_edge
from harken.documents.actions.links import draw_link
from harken.documents.actions.publication import publish_revision
from harken.documents.actions.remarks import remark_on_words
from harken.documents.actions.saving import keep_text, save_revision
from harken.documents.actions.suggestions import suggest_words
from harken.documents.actions.synthesis import derive_document
from harken.documents.drafts import DraftPassage
from harken.documents.models import (
    Anchor,
    Chapter,
    Document,
    KeptText,
    LineageEdge,
    LineageKind,
    Link,
    LinkKind,
    Passage,
    PassageEdge,
    PassageKind,
    Position,
    PositionKind,
    Publication,
    Remark,
    Reviewer,
    Revision,
    Suggestion,
    Template,
    Version,
)
from harken.pages import urls as page_urls
from harken.pages.static_pages import home_pages
from harken.people.actions import add_member, create_group
from harken.people.models import Role, User
from harken.processes import urls as process_urls
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, open_phase

SECRET = "marigold"
TITLE, PARAGRAPH = PassageKind.TITLE, PassageKind.PARAGRAPH
PATTERNS = [*page_urls.urlpatterns, *process_urls.urlpatterns, *urls.urlpatterns, *passage_urls.urlpatterns]
MODELS = (
    *(Anchor, Chapter, Document, KeptText, LineageEdge, Link, Passage, PassageEdge, Position, Publication),
    *(Remark, Reviewer, Revision, Suggestion, Template, Version),
)
NUMBERED = {"number", "edge_id", "link_id", "remark_id", "draft_id", "pk", "phase_id"}


def fresh(document: Document) -> Document:
    return Document.objects.select_related(
        "iteration__process__body", "chapter__group", "current", "published", "template"
    ).get(pk=document.pk)


def version_of(document: Document, words: str) -> Version:
    return Version.objects.filter(passage__document=document, text__contains=words).latest("pk")


@pytest.fixture
def secret(cast: Cast) -> Document:
    """A draft nobody has seen, and every other thing of a draft that could be told, all with the word in them."""
    process, iteration = cast.process, add_round(cast.process, cast.advocacy, "Water the beds")[0]
    space = Chapter.objects.select_related("iteration__process__body", "group").get(iteration=iteration)
    shown = Document.objects.get(code="AD-R1")
    hidden_one = begin_document(
        actor=cast.bruno, chapter=space, template="principle", title=f"The {SECRET} is ours", lang="en"
    )
    save_revision(
        actor=cast.bruno,
        document=shown,
        passages=[
            DraftPassage(TITLE, f"Water the {SECRET}s"),
            DraftPassage(PARAGRAPH, f"A {SECRET} wants water."),
        ],
        note=f"about the {SECRET}",
    )
    later, [next_one] = add_round(process, cast.advocacy, "Water all beds", number=2)
    for earlier in (hidden_one, shown):
        draw_edge(
            actor=cast.amina,
            process=process,
            earlier=fresh(earlier),
            later=fresh(next_one),
            kind=LineageKind.REVISED,
            reason=f"As the {SECRET} says." if earlier == hidden_one else "As before.",
        )
    draw_link(
        actor=cast.amina,
        source=fresh(hidden_one),
        target=fresh(shown),
        kind=LinkKind.DEPENDS_ON,
        reason=f"The {SECRET} needs it.",
    )
    preparation, [unseen] = add_round(process, cast.advocacy, f"The {SECRET} in preparation", number=3)
    Iteration.objects.filter(pk=preparation.pk).update(is_public=False)
    SearchEntry.objects.filter(code=unseen.code, title=unseen.title).update(shown=False)
    draw_edge(
        actor=cast.amina,
        process=process,
        earlier=fresh(next_one),
        later=fresh(unseen),
        kind=LineageKind.REVISED,
        reason=f"The {SECRET} came.",
    )
    next_space = Chapter.objects.select_related("iteration__process__body", "group").get(iteration=later)
    derive_document(
        actor=cast.amina,
        source=fresh(shown),
        chapter=next_space,
        code="AD-R7",
        title=f"A {SECRET} for all",
        reason=f"{SECRET}s are liked",
    )
    version = version_of(shown, "wants water")
    suggest_words(
        actor=cast.bruno,
        document=fresh(shown),
        version=version,
        words=f"A {SECRET} wants rain.",
        reason=f"{SECRET}s like rain",
        is_private=True,
    )
    start = version.text.index(SECRET)
    remark_on_words(
        actor=cast.bruno,
        document=fresh(shown),
        version=version,
        start=start,
        end=start + len(SECRET),
        text=f"Which {SECRET}?",
        lang="en",
    )
    typed = {"title": f"half a {SECRET}", "alternatives": [], "summary": "", "sections": {}, "lang": "en"}
    keep_text(actor=cast.bruno, document=fresh(shown), base=2, fields=typed)
    state_position(
        actor=cast.bruno,
        document=fresh(hidden_one),
        revision=1,
        kind=PositionKind.OBJECT,
        words=f"Not this {SECRET}.",
        lang="en",
    )
    return fresh(hidden_one)


@pytest.fixture
def everybody(cast: Cast) -> dict[str, User | AnonymousUser]:
    """Those whom Advocacy's drafts are not for: strangers, a liaison, a writer of another group."""
    materials = create_group(actor=OPERATOR, name="Materials", code="MA", parent=cast.process.body)
    add_member(actor=OPERATOR, group=materials, user=cast.dalia, role=Role.WRITER)
    return {"nobody": AnonymousUser(), "farid": cast.farid, "chen": cast.chen, "dalia": cast.dalia}


def addresses(most_passages: int = 100) -> Iterator[str]:
    """Every address of the rooms that one can ask for, filled with what there is."""
    rounds = [("iteration-1", "AD-P1"), ("iteration-1", "AD-R1"), ("iteration-2", "AD-R1"), ("iteration-2", "AD-R7")]
    rounds += [("iteration-3", "AD-R1"), ("iteration-1", "AD"), ("iteration-1", "MA")]
    private = Version.objects.filter(text__contains=SECRET).values("passage")
    passages = list(Passage.objects.filter(pk__in=private).values_list("public_id", flat=True))[:most_passages]
    fixed = {"slug": "open-garden", "template": "principle", "key": "meaning"}
    for pattern in PATTERNS:
        wanted = set(pattern.pattern.converters)
        names: list[str] = [name for name in ("iteration_slug", "code") if name in wanted]
        places = {tuple(place[: len(names)] if names != ["code"] else place[1:]) for place in rounds}
        ids = passages if "public_id" in wanted else [""]
        numbers = (1, 2) if wanted & NUMBERED else (0,)
        for place, public_id, number in product(sorted(places), ids, numbers):
            values: dict[str, str] = dict(zip(names, place, strict=True))
            values |= {name: text for name, text in fixed.items() if name in wanted}
            values |= {"public_id": public_id} if public_id else {}
            numbered = dict.fromkeys(wanted & NUMBERED, number)
            try:
                yield reverse(pattern.name, kwargs={**values, **numbered})
            except NoReverseMatch:
                continue


@pytest.mark.parametrize("viewer", ["nobody", "farid", "chen", "dalia"])
def test_no_page_tells_of_it(
    client: Client, cast: Cast, secret: Document, everybody: dict[str, User | AnonymousUser], viewer: str
) -> None:
    begin_space(actor=cast.dalia, iteration=secret.iteration, group=cast.dalia.memberships.latest("pk").group)
    cache.clear()
    person = everybody[viewer]
    if isinstance(person, User):
        client.force_login(person)
    asked = sorted(set(addresses()))
    assert len(asked) > 150
    seen = 0
    for address in asked:
        queries = ["?old=1&new=2"] * ("compare" in address) + [f"?q={SECRET}s"] * ("search" in address)
        queries += ["?state=accepted"] * ("decide" in address)
        for query in ["", *queries]:
            response = client.get(address + query)
            body = b"".join(response) if response.streaming else response.content
            told = body.decode().lower().replace(f"q={SECRET}s", "").replace(f'value="{SECRET}s"', "")
            told = told.replace(f"“{SECRET}s”", "").replace(f"{SECRET}s ·", "")
            assert SECRET not in told, (address + query, told[max(0, told.find(SECRET) - 300) :][:400])
            assert SECRET not in response.headers.get("Location", "").lower()
            seen += response.status_code == 200
            if any(place in address for place in ("1/AD-P1/", "2/AD-R7/", "3/AD-R1/")):
                # A refusal that gives a reason would tell that there is something.
                assert response.status_code in {302, 404, 405}, (address, response.status_code)
                assert response.status_code != 302 or "/account/login/" in response["Location"], address
    assert seen > 10


def sendable() -> list[dict[str, object]]:
    """Everything that the forms of the rooms ask for, as somebody sends it who knows more than the pages tell."""
    told = Version.objects.filter(text__contains=SECRET).order_by("pk")
    anything: dict[str, object] = {
        "reason": "Why not.",
        "note": "-",
        "lang": "en",
        "text": "Words.",
        "words": "Words.",
        "title": "Title",
    }
    anything |= {"sections-": "Words.", "summary": "Words.", "names_en": "Name", "name": "Name", "kind": "object"}
    anything |= {"who": "nobody at all", "code": "", "template": "principle", "draft": "iteration-1/AD-P1"}
    anything |= {
        "earlier": "iteration-1/AD-P1",
        "later": "iteration-2/AD-R7",
        "state": "accepted",
        "choice": "supports",
    }
    anything |= {"source": "AD-P1", "target": "AD-R1", "shown": "names", "change_class": "typo", "seen": "2"}
    anything |= {"how": "derive", "sources": "iteration-1/AD-P1", "group": "MA", "parts": "", "carry_as": "own"}
    anything |= {"edge": "1", "on": told[0].pk, "chosen": "0", "decision": "accept", "step": "save", "act": "up"}
    anything |= {"number": "1", "old": "1", "new": "2", "place": f"p:{told[0].passage.public_id}", "q": "words"}
    sent: list[dict[str, object]] = []
    for version in (version_of(Document.objects.get(code="AD-P1"), SECRET), told.get(text__contains="wants water")):
        ids = {"version": version.pk, "passage": version.passage.public_id, "base": "1", "revision": "1"}
        sent.append({**anything, **ids, "quote": SECRET})
    # What nobody wrote is answered as what somebody did: else one could guess words, one by one.
    sent.append({**sent[-1], "quote": "nowhere", "step": "discard", "decision": "words", "kind": "depends_on"})
    return sent


@pytest.mark.parametrize(("viewer", "opens"), [("farid", "read"), ("dalia", "read draft suggest connect")])
def test_nothing_that_is_sent_tells_of_it_or_changes_it(
    client: Client,
    cast: Cast,
    secret: Document,
    everybody: dict[str, User | AnonymousUser],
    viewer: str,
    opens: str,
) -> None:
    open_phase(cast.process, *opens.split())
    person = everybody[viewer]
    if isinstance(person, User):
        client.force_login(person)
    before = {model: list(model.objects.order_by("pk").values()) for model in MODELS}
    sent, forms = 0, sendable()
    for address in sorted(set(addresses(most_passages=1))):
        is_hidden = any(place in address for place in ("1/AD-P1/", "2/AD-R7/", "3/AD-R1/"))
        answers = set()
        for data in forms:
            response = client.post(address, data)
            if response.status_code == 405:
                break
            sent += 1
            body = response.content.decode().lower()
            # What was sent comes back, on the page that says why it was refused.
            told = body.replace(f">{SECRET}</textarea>", "").replace(f">\n{SECRET}</textarea>", "")
            assert SECRET not in told, (address, data, told[max(0, told.find(SECRET) - 300) :][:400])
            assert SECRET not in response.headers.get("Location", "").lower()
            assert response.status_code < 500, address
            answers.add((response.status_code, response.headers.get("Location", "")))
        if is_hidden and answers:
            assert len(answers) == 1, (address, answers)
    assert sent > 100
    after = {model: list(model.objects.order_by("pk").values()) for model in MODELS}
    changed = {model.__name__ for model in MODELS if before[model] != after[model]}
    assert changed <= ({"Suggestion", "LineageEdge", "Link", "Chapter"} if "connect" in opens else set()), changed
    about_it = Document.objects.filter(code__in=["AD-P1", "AD-R7"])
    assert set(about_it.values_list("current__number", flat=True)) == {1}
    assert not about_it.filter(published__isnull=False).exists()


def test_its_own_group_finds_it(client: Client, cast: Cast, secret: Document) -> None:
    client.force_login(cast.bruno)
    told = {address for address in set(addresses()) if SECRET in client.get(address).content.decode().lower()}
    for page in ("iteration-1/AD-P1/draft/", "iteration-1/drafts/AD/", "iteration-1/AD-R1/draft/"):
        assert f"/processes/open-garden/{page}" in told


def test_search_and_the_static_copy_do_not_know_it(client: Client, cast: Cast, secret: Document) -> None:
    assert not find(query=SECRET, languages=["en"]).rows
    pages = list(home_pages())
    assert not [page for page in pages if "AD-P1" in page or "AD-R7" in page or "iteration-3" in page]
    for page in pages:
        assert SECRET not in client.get(page).content.decode().lower(), page


def test_counts_do_not_count_it(cast: Cast, secret: Document) -> None:
    assert list(Iteration.objects.order_by("number").values_list("document_count", flat=True))[:2] == [1, 1]
    later = Document.objects.get(code="AD-R7")
    publish_revision(actor=cast.amina, document=fresh(later), override_reason="To show it.")
    assert Iteration.objects.get(number=2).document_count == 2
