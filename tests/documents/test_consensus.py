"""Members of a group say where they stand; the group shows as much of it as it wishes, and nothing more."""

import datetime
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.consensus import NoWords, show_positions, state_position
from harken.documents.actions.publication import publish_revision
from harken.documents.actions.saving import NoSuchRevision, save_revision
from harken.documents.drafts import DraftPassage
from harken.documents.models import (
    ChangeClass,
    Document,
    PassageKind,
    Position,
    PositionKind,
    PositionsShown,
    Reviewer,
)
from harken.documents.permissions import may_see_positions, may_state_position, positions_visible_to
from harken.documents.queries import consensus as reads
from harken.documents.queries.consensus import Agreement, ConsensusPanel, ShownConsensus, Stand, consensus_of
from harken.documents.section_text import CannotKeep
from harken.people.actions import add_member, create_user, end_membership
from harken.people.models import Membership, Role, User
from harken.processes.models import Process
from tests.cast import PASSWORD, Cast, add_round

CONSENT, RESERVATIONS = PositionKind.CONSENT, PositionKind.RESERVATIONS
STAND_ASIDE, OBJECT = PositionKind.STAND_ASIDE, PositionKind.OBJECT
PLACE = "/processes/open-garden/iteration-1/AD-R1/positions/"


def make_group_text(cast: Cast) -> Document:
    """A published text of Advocacy, in which Bruno writes, and Gita, Hana and Idris are members."""
    since = timezone.localdate() - datetime.timedelta(days=20)
    for name in ("gita", "hana", "idris"):
        user = create_user(username=name, password=PASSWORD, display_name=name.title(), email=f"{name}@example.org")
        add_member(actor=OPERATOR, group=cast.advocacy, user=user, role=Role.MEMBER, starts_on=since)
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    return made


def members_of(document: Document) -> dict[str, User]:
    """The members of the text's group by name."""
    return {user.username: user for user in User.objects.filter(memberships__group=document.chapter.group)}


@pytest.fixture
def document(cast: Cast) -> Document:
    return make_group_text(cast)


@pytest.fixture
def group(document: Document) -> dict[str, User]:
    return members_of(document)


def save(document: Document, words: str, change: ChangeClass | str, *, publish: bool = True) -> Document:
    passages = [DraftPassage(PassageKind.TITLE, "Water the beds"), DraftPassage(PassageKind.PARAGRAPH, words)]
    save_revision(actor=OPERATOR, document=document, passages=passages, change_class=change)
    if publish:
        publish_revision(actor=OPERATOR, document=document)
    return again(document)


def again(document: Document) -> Document:
    """The document as pages load it."""
    return Document.objects.select_related("current", "published", "iteration__process", "chapter__group").get(
        pk=document.pk
    )


def state(document: Document, user: User, kind: PositionKind, words: str = "", *, revision: int = 0) -> Position:
    document = again(document)
    assert document.current
    return state_position(
        actor=user, document=document, revision=revision or document.current.number, kind=kind, words=words
    )


def readers_see(document: Document) -> ShownConsensus | None:
    panel = consensus_of(again(document), published=True)
    assert panel is None or panel.inside is None
    return panel.shown if panel else None


def agreement(document: Document) -> Agreement | None:
    shown = readers_see(document)
    return shown.agreement if shown else None


def member_sees(document: Document, user: User) -> ConsensusPanel:
    panel = consensus_of(again(document), published=False, viewer=user)
    assert panel
    assert panel.inside
    return panel


def test_members_of_the_group_take_positions_and_nobody_else_does(
    cast: Cast, document: Document, group: dict[str, User]
) -> None:
    Reviewer.objects.create(chapter=document.chapter, user=cast.dalia, invited_by_name="Bruno", at=timezone.now())
    for user in group.values():
        assert state(document, user, CONSENT).name == user.name
    for outsider in (cast.amina, cast.chen, cast.dalia, cast.farid):
        with pytest.raises(Refused, match="Only members of Advocacy"):
            state(document, outsider, CONSENT)


@pytest.mark.usefixtures("group")
def test_who_may_see_positions_is_who_sees_them(cast: Cast, document: Document) -> None:
    state(document, cast.bruno, OBJECT, "Too wet.")
    for user in User.objects.all():
        allowed = bool(may_see_positions(user, document))
        assert positions_visible_to(user, document).exists() == allowed
        assert allowed == bool(may_state_position(user, document))


@pytest.mark.parametrize("kind", [RESERVATIONS, STAND_ASIDE, OBJECT])
def test_whoever_does_not_simply_consent_says_why(cast: Cast, document: Document, kind: PositionKind) -> None:
    with pytest.raises(NoWords, match="Say why"):
        state(document, cast.bruno, kind, " \n\t")
    assert state(document, cast.bruno, kind, "Because.").words == "Because."


def test_words_are_kept_as_they_were_said_or_refused(cast: Cast, document: Document) -> None:
    assert state(document, cast.bruno, OBJECT, "لا.\n\n<b>No</b> e\u0301").words == "لا.\n\n<b>No</b> e\u0301"
    for words in ("No\x00", "a" * 5001):
        with pytest.raises(CannotKeep):
            state(document, cast.bruno, OBJECT, words)


def test_a_position_is_on_a_revision_of_this_very_document(cast: Cast, document: Document) -> None:
    with pytest.raises(NoSuchRevision):
        state(document, cast.bruno, CONSENT, revision=2)
    assert not Position.objects.exists()


def test_changing_a_position_adds_one_and_the_newest_counts(cast: Cast, document: Document) -> None:
    first = state(document, cast.bruno, OBJECT, "Too wet.")
    again_same = state(document, cast.bruno, OBJECT, "Too wet.")
    state(document, cast.bruno, CONSENT)
    assert again_same.pk == first.pk
    assert [position.kind for position in Position.objects.all()] == ["object", "consent"]
    inside = member_sees(document, cast.bruno).inside
    assert inside
    assert [(stand.kind, stand.words) for stand in inside.stands] == [("consent", "")]


def test_what_was_said_cannot_be_unsaid(cast: Cast, document: Document) -> None:
    state(document, cast.bruno, OBJECT, "Too wet.")
    for statement in ("UPDATE documents_position SET name = ''", "DELETE FROM documents_position"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_sentence_says_whether_all_members_agree(document: Document, group: dict[str, User]) -> None:
    assert agreement(document) is None
    for user in group.values():
        assert agreement(document) in {None, Agreement.WAITING}
        state(document, user, CONSENT)
    assert agreement(document) == Agreement.ALL
    state(document, group["hana"], RESERVATIONS, "It is late.")
    assert agreement(document) == Agreement.RESERVED
    state(document, group["idris"], STAND_ASIDE, "Not my garden.")
    assert agreement(document) == Agreement.NOT_ALL


def test_who_has_not_spoken_is_named_to_members_alone(document: Document, group: dict[str, User]) -> None:
    state(document, group["hana"], CONSENT)
    inside = member_sees(document, group["hana"]).inside
    assert inside
    assert (inside.waiting, inside.asks_me) == (("Bruno", "Gita", "Idris"), "")
    other = member_sees(document, group["gita"]).inside
    assert other
    assert other.asks_me == "first"
    assert readers_see(document) == ShownConsensus(Agreement.WAITING)


def test_a_member_is_asked_again_when_the_meaning_has_changed_only(document: Document, group: dict[str, User]) -> None:
    hana = group["hana"]
    state(document, hana, CONSENT)
    seen = []
    for words, change in (
        ("Some watter.", ChangeClass.TYPO),
        ("A little water.", ChangeClass.WORDING),
        ("No water.", ChangeClass.MEANING),
        ("No water!", ChangeClass.TYPO),
    ):
        save(document, words, change, publish=False)
        inside = member_sees(document, hana).inside
        assert inside
        assert inside.mine
        seen.append((inside.mine.revision, inside.mine.change, inside.asks_me))
    assert seen == [(1, "typo", ""), (1, "wording", ""), (1, "meaning", "again"), (1, "meaning", "again")]
    state(document, hana, CONSENT)
    inside = member_sees(document, hana).inside
    assert inside
    assert inside.mine
    assert (inside.mine.revision, inside.mine.change, inside.asks_me) == (5, "", "")


def test_a_change_of_no_class_may_have_changed_the_meaning(document: Document, group: dict[str, User]) -> None:
    state(document, group["hana"], CONSENT)
    save(document, "No water.", "")
    inside = member_sees(document, group["hana"]).inside
    assert inside
    assert inside.asks_me == "again"


def test_an_agreement_ends_with_the_meaning_and_an_objection_does_not(
    document: Document, group: dict[str, User]
) -> None:
    for user in group.values():
        state(document, user, CONSENT)
    save(document, "No water.", ChangeClass.MEANING)
    assert agreement(document) == Agreement.WAITING
    state(document, group["hana"], OBJECT, "It is dry.")
    save(document, "No water at all.", ChangeClass.MEANING)
    assert agreement(document) == Agreement.NOT_ALL


def test_readers_see_positions_on_what_is_published_not_on_the_draft(
    document: Document, group: dict[str, User]
) -> None:
    for user in group.values():
        state(document, user, CONSENT)
    save(document, "No water.", ChangeClass.MEANING, publish=False)
    state(document, group["hana"], OBJECT, "It is dry.")
    assert agreement(document) == Agreement.ALL
    inside = member_sees(document, group["hana"]).inside
    assert inside
    assert inside.agreement == Agreement.NOT_ALL
    publish_revision(actor=OPERATOR, document=document)
    assert agreement(document) == Agreement.NOT_ALL


def test_a_private_draft_shows_readers_nothing(document: Document, group: dict[str, User]) -> None:
    state(document, group["hana"], CONSENT)
    Document.objects.update(published=None)
    assert readers_see(document) is None
    assert member_sees(document, group["hana"]).revision == 1


def test_who_left_the_group_stays_on_record_and_counts_no_more(document: Document, group: dict[str, User]) -> None:
    for name, user in group.items():
        state(document, user, *((OBJECT, "Too wet.") if name == "hana" else (CONSENT,)))
    show_positions(actor=OPERATOR, document=document, shown=PositionsShown.NAMES)
    state(document, group["hana"], OBJECT, "Too wet.")
    assert agreement(document) == Agreement.NOT_ALL
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    end_membership(actor=OPERATOR, membership=Membership.objects.get(user=group["hana"]), on=yesterday)
    shown = readers_see(document)
    assert shown
    assert (shown.agreement, shown.kinds) == (Agreement.ALL, ())
    inside = member_sees(document, group["gita"]).inside
    assert inside
    assert [(stand.name, stand.words) for stand in inside.former] == [("Hana", "Too wet.")]
    assert "Hana" not in {*inside.waiting, *(stand.name for stand in inside.stands)}
    with pytest.raises(Refused):
        state(document, group["hana"], CONSENT)


def test_two_roles_of_one_member_are_one_voice(document: Document, group: dict[str, User]) -> None:
    since = timezone.localdate() - datetime.timedelta(days=20)
    add_member(actor=OPERATOR, group=document.chapter.group, user=group["hana"], role=Role.TRANSLATOR, starts_on=since)
    for user in group.values():
        state(document, user, CONSENT)
    assert agreement(document) == Agreement.ALL


WORDS = {"bruno": "Quietly, yes.", "gita": "Too wet for the roses.", "hana": "Too dry for the reeds.", "idris": ""}
KINDS = {"bruno": CONSENT, "gita": OBJECT, "hana": RESERVATIONS, "idris": CONSENT}
NAMES = ("Bruno", "Gita", "Hana", "Idris")


def speak(document: Document, group: dict[str, User], shown: PositionsShown) -> None:
    show_positions(actor=group["bruno"], document=document, shown=shown)
    for name, words in WORDS.items():
        state(document, group[name], KINDS[name], words)


def shown_page(client: Client, document: Document) -> str:
    """The reading page's part on where the group stands, as anybody gets it."""
    from django.template.loader import render_to_string

    document = again(document)
    context = {"document": document, "process": document.iteration.process}
    return render_to_string(
        "documents/positions.html#panel", context | {"consensus": consensus_of(document, published=True)}
    )


@pytest.mark.parametrize("shown", PositionsShown)
def test_each_setting_shows_exactly_what_it_says(
    client: Client, document: Document, group: dict[str, User], shown: PositionsShown
) -> None:
    speak(document, group, shown)
    page = shown_page(client, document)
    has_sentence = shown != PositionsShown.NOTHING
    has_reasons = shown in {PositionsShown.REASONS, PositionsShown.NAMES}
    assert ("Not all members agree." in page) == has_sentence
    for words in filter(None, WORDS.values()):
        assert (words in page) == has_reasons
    for name in NAMES:
        assert (name in page) == (shown == PositionsShown.NAMES)
    assert bool(page.strip()) == has_sentence
    for secret in ("evision", "positions/", "gita@", str(timezone.now().year), *group):
        assert secret not in page


def test_reasons_without_names_do_not_tell_by_their_order_who_spoke_first(
    document: Document, group: dict[str, User]
) -> None:
    show_positions(actor=group["bruno"], document=document, shown=PositionsShown.REASONS)
    said = [(group["gita"], "Zinnias drown."), (group["hana"], "Asters drown."), (group["idris"], "Moss grows.")]
    for user, words in said:
        state(document, user, OBJECT, words)
    first = readers_see(document)
    for (user, _words), (_other, words) in zip(said, said[1:] + said[:1], strict=True):
        state(document, user, OBJECT, words)
    assert readers_see(document) == first
    assert first
    assert [reason.words for reason in first.kinds[0].reasons] == ["Asters drown.", "Moss grows.", "Zinnias drown."]


@pytest.mark.parametrize(("leaving", "expected"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_reason_without_a_name_needs_enough_members_it_might_be_of(
    document: Document, group: dict[str, User], leaving: int, expected: bool
) -> None:
    speak(document, group, PositionsShown.REASONS)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    for name in ("idris", "hana", "bruno")[:leaving]:
        end_membership(actor=OPERATOR, membership=Membership.objects.get(user=group[name]), on=yesterday)
    shown = readers_see(document)
    assert shown
    assert bool(shown.kinds) == expected
    assert shown.has_more != expected


def test_what_was_said_before_is_shown_no_further_than_it_was_then(
    client: Client, document: Document, group: dict[str, User]
) -> None:
    speak(document, group, PositionsShown.SENTENCE)
    show_positions(actor=group["bruno"], document=document, shown=PositionsShown.NAMES)
    page = shown_page(client, document)
    assert "Members have given other reasons to the group alone." in page
    assert not any(words in page for words in (*filter(None, WORDS.values()), *NAMES))
    state(document, group["gita"], OBJECT, WORDS["gita"])
    page = shown_page(client, document)
    assert WORDS["gita"] in page
    assert "Gita" in page
    assert not any(words in page for words in (WORDS["hana"], WORDS["bruno"], "Hana", "Bruno", "Idris"))


def test_showing_less_hides_what_was_shown(client: Client, document: Document, group: dict[str, User]) -> None:
    speak(document, group, PositionsShown.NAMES)
    show_positions(actor=group["bruno"], document=document, shown=PositionsShown.SENTENCE)
    page = shown_page(client, document)
    assert not any(words in page for words in (*filter(None, WORDS.values()), *NAMES))


def test_whoever_consents_is_named_only_where_nobody_is_given_away_by_it(
    document: Document, group: dict[str, User]
) -> None:
    show_positions(actor=group["bruno"], document=document, shown=PositionsShown.REASONS)
    state(document, group["gita"], OBJECT, "Too wet.")
    show_positions(actor=group["bruno"], document=document, shown=PositionsShown.NAMES)
    for name in ("bruno", "hana", "idris"):
        state(document, group[name], CONSENT)
    shown = readers_see(document)
    assert shown
    assert (shown.consenting, shown.kinds[0].reasons[0].name) == ((), "")
    state(document, group["gita"], OBJECT, "Too wet.")
    shown = readers_see(document)
    assert shown
    assert (shown.consenting, shown.kinds[0].reasons[0].name) == (("Bruno", "Hana", "Idris"), "Gita")


def test_a_pseudonym_is_hidden_like_any_name_and_no_other_name_is_ever_shown(
    client: Client, document: Document, group: dict[str, User]
) -> None:
    User.objects.filter(username="gita").update(display_name="Night Heron")
    heron = User.objects.get(username="gita")
    for shown, expected in ((PositionsShown.REASONS, False), (PositionsShown.NAMES, True)):
        show_positions(actor=group["bruno"], document=document, shown=shown)
        state(document, heron, OBJECT, "Too wet.")
        page = shown_page(client, document)
        assert ("Night Heron" in page) == expected
        assert "gita" not in page.lower()


def test_the_record_of_what_happened_says_that_a_position_was_taken_and_not_which(
    document: Document, group: dict[str, User]
) -> None:
    from harken.base.models import AuditEvent

    state(document, group["gita"], OBJECT, "Too wet.")
    event = AuditEvent.objects.get(verb="stated position")
    assert event.detail == {"revision": 1}


def test_writers_and_organisers_decide_what_readers_see(cast: Cast, document: Document, group: dict[str, User]) -> None:
    for actor in (group["gita"], cast.chen, cast.farid):
        with pytest.raises(Refused, match="decide what readers see"):
            show_positions(actor=actor, document=document, shown=PositionsShown.NAMES)
    for actor in (cast.bruno, cast.amina):
        show_positions(actor=actor, document=document, shown=PositionsShown.NAMES)
        show_positions(actor=actor, document=document, shown=PositionsShown.NOTHING)


def test_readers_pages_are_made_anew_only_when_they_would_see_something_new(
    document: Document, group: dict[str, User]
) -> None:
    def version() -> int:
        return Process.objects.get(pk=document.iteration.process_id).content_version

    versions = [version()]
    for act in (
        lambda: show_positions(actor=OPERATOR, document=document, shown=PositionsShown.NOTHING),
        lambda: state(document, group["gita"], OBJECT, "Too wet."),
        lambda: show_positions(actor=OPERATOR, document=document, shown=PositionsShown.SENTENCE),
        lambda: state(document, group["gita"], CONSENT),
    ):
        act()
        versions.append(version())
    assert [after > before for before, after in pairwise(versions)] == [True, False, True, True]


@given(
    kinds=st.lists(st.sampled_from(PositionKind), max_size=6),
    others=st.integers(min_value=0, max_value=3),
    shown=st.sampled_from(PositionsShown),
    levels=st.lists(st.sampled_from(PositionsShown), min_size=6, max_size=6),
    changes=st.lists(st.sampled_from(["", "typo", "wording", "meaning"]), min_size=6, max_size=6),
)
def test_readers_never_see_more_than_the_group_shows_and_each_member_knew(
    kinds: list[PositionKind],
    others: int,
    shown: PositionsShown,
    levels: list[PositionsShown],
    changes: list[str],
) -> None:
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    stands = {
        place: Stand(place, f"Name {place}", kind, "en", f"Words {place}", level, 1, at, change)
        for place, (kind, level, change) in enumerate(zip(kinds, levels, changes, strict=False))
    }
    now = {place: f"Name {place}" for place in range(len(kinds) + others)}
    seen = reads._show(reads._Members(now, stands), shown)
    order = list(PositionsShown)
    if shown == PositionsShown.NOTHING or not stands:
        assert seen is None
        return
    assert seen
    reasons = {reason.words: reason for kind in seen.kinds for reason in kind.reasons}
    for stand in stands.values():
        level = min(order.index(shown), order.index(PositionsShown(stand.shown)))
        reason = reasons.get(stand.words)
        assert level >= 2 or reason is None
        assert reason is None or reason.name in {"", stand.name}
        assert level == 3 or reason is None or not reason.name
        assert level == 3 or stand.name not in seen.consenting
    unnamed = sum(not reason.name for reason in reasons.values())
    named = sum(bool(reason.name) for reason in reasons.values())
    assert not unnamed or len(now) - named >= reads.FEWEST_UNNAMED
    if seen.agreement == Agreement.ALL:
        assert len(stands) == len(now)
        assert all(stand.kind == CONSENT and stand.change != "meaning" for stand in stands.values())


@pytest.mark.parametrize("published", [True, False])
def test_where_a_group_stands_is_one_query(
    document: Document,
    group: dict[str, User],
    published: bool,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for name in ("bruno", "gita", "hana"):
        state(document, group[name], OBJECT, "Too wet.")
        fresh = again(document)
        with django_assert_num_queries(1):
            assert consensus_of(fresh, published=published, viewer=group["bruno"])
