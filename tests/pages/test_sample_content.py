"""The sample process is complete and true to its structure, and grows to any size in little memory."""

import datetime
import itertools
import re
import tracemalloc
import unicodedata
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.documents.models import EdgeState, LineageKind
from harken.pages.sample.content import (
    GROUP_KINDS,
    PHASE_ACTIONS,
    ROLES,
    SECTION_KEYS,
    SampleProcess,
    SampleRecommendation,
    read_sample_process,
)
from harken.pages.sample.generator import _edges, generate_process
from harken.people.models import GroupKind, Role
from harken.processes.models import Accent
from harken.processes.phase_actions import phase_actions

REFERENCE = datetime.date(2031, 3, 1)
LANGUAGES = ("en", "ar", "de", "es", "fr", "hi", "pt")
SCRIPTS = {"ar": "ARABIC", "hi": "DEVANAGARI"}
# Words that any few sentences of a language contain, and the same sentences in another hardly do.
TELLING_WORDS = {
    "en": {"the", "and", "is", "that", "with"},
    "de": {"und", "die", "der", "nicht", "das"},
    "es": {"los", "las", "una", "quien", "lo"},
    "fr": {"les", "des", "une", "est", "qui"},
    "pt": {"não", "uma", "em", "do", "da"},
}
# Capitals matter: "todo" is an everyday word in Spanish and Portuguese.
PLACEHOLDERS = re.compile(r"(?i:lorem|ipsum|placeholder)|\b(?:TODO|TBD|FIXME|XX+)\b|\?\?|\.\.\.")


@pytest.fixture(scope="module")
def process() -> SampleProcess:
    return read_sample_process(reference=REFERENCE)


@pytest.fixture(scope="module")
def recommendations(process: SampleProcess) -> list[SampleRecommendation]:
    return [each for iteration in process.iterations for each in iteration.recommendations]


def sentences_of(recommendation: SampleRecommendation) -> list[str]:
    """Its sentences of three words or more, without list markers."""
    texts = [recommendation.summary] + [
        passage.text for section in recommendation.sections for passage in section.passages
    ]
    found = itertools.chain.from_iterable(re.split(r"(?<=[.!?।؟]) +", text) for text in texts)
    return [sentence.removeprefix("- ") for sentence in found if len(sentence.split()) > 2]


def running_text(recommendation: SampleRecommendation) -> str:
    return " ".join([recommendation.title, recommendation.summary, *sentences_of(recommendation)])


def share_in_script(text: str, script: str) -> float:
    """The share of the letters and marks of the text that belong to the script."""
    letters = [character for character in text if unicodedata.category(character)[0] in "LM"]
    return sum(script in unicodedata.name(letter, "") for letter in letters) / len(letters)


def test_two_iterations_have_thirty_four_and_forty_two_recommendations(process: SampleProcess) -> None:
    assert [(each.number, each.recommendation_count) for each in process.iterations] == [(1, 34), (2, 42)]
    assert [len(list(each.recommendations)) for each in process.iterations] == [34, 42]


def test_nine_working_groups_write_and_one_is_empty_in_the_first_iteration(process: SampleProcess) -> None:
    working_groups = [group.key for group in process.groups if group.kind == "working-group"]
    assert len(working_groups) == 9
    first, second = ({each.group_key for each in one.recommendations} for one in process.iterations)
    assert second == set(working_groups)
    assert set(working_groups) - first == {"holding-together"}
    assert "holding-together" in {note.group_key for note in process.iterations[0].notes}


def test_a_group_says_that_it_lacks_full_consensus(process: SampleProcess) -> None:
    notes = {note.group_key: note.text for note in process.iterations[1].notes}
    assert "full consensus" in notes["materials"]


def test_one_group_asks_questions_as_headings_and_leaves_one_text_under_none(
    recommendations: list[SampleRecommendation],
) -> None:
    for iteration in (1, 2):
        headings = [
            each.heading for each in recommendations if (each.iteration, each.group_key) == (iteration, "materials")
        ]
        assert headings.count("") == 1
        asked = set(headings) - {""}
        assert len(asked) == 2
        assert all(heading.endswith("?") for heading in asked)
    assert {each.group_key for each in recommendations if each.heading} == {"materials"}


def test_every_recommendation_has_two_to_nine_passages_in_known_sections(
    recommendations: list[SampleRecommendation],
) -> None:
    for each in recommendations:
        keys = [section.key for section in each.sections]
        assert keys == [key for key in SECTION_KEYS if key in keys]
        assert keys[:2] == ["what", "why"]
        assert 2 <= sum(len(section.passages) for section in each.sections) <= 9, each.key
    kinds = Counter(passage.kind for each in recommendations for passage in each.passages())
    assert set(kinds) == {"title", "alternative", "summary", "heading", "paragraph", "item"}
    assert kinds["title"] == kinds["summary"] == 76
    assert kinds["alternative"] >= 6


def test_codes_and_keys_are_unique_and_numbers_run_without_gaps(
    process: SampleProcess, recommendations: list[SampleRecommendation]
) -> None:
    codes = {group.key: group.code for group in process.groups}
    assert len(set(codes.values())) == len(codes)
    assert len({each.key for each in recommendations}) == 76
    numbers = defaultdict(list)
    for each in recommendations:
        assert each.code == f"{codes[each.group_key]}-R{each.number}"
        assert each.key == f"{each.iteration}/{each.code}"
        numbers[each.iteration, each.group_key].append(each.number)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    for iteration in process.iterations:
        titles = [each.title for each in iteration.recommendations]
        assert len(set(titles)) == len(titles)


def test_all_seven_languages_are_written_in_their_own_script(
    process: SampleProcess, recommendations: list[SampleRecommendation]
) -> None:
    assert process.languages == LANGUAGES
    assert {each.lang for each in recommendations} == set(LANGUAGES)
    for each in recommendations:
        text = running_text(each)
        assert share_in_script(text, SCRIPTS.get(each.lang, "LATIN")) > 0.85, each.key
        if each.lang in TELLING_WORDS:
            words = set(re.findall(r"\w+", text.lower()))
            scores = {lang: len(words & telling) for lang, telling in TELLING_WORDS.items()}
            assert max(scores, key=scores.__getitem__) == each.lang, (each.key, scores)


def test_section_titles_are_in_the_language_of_the_text(recommendations: list[SampleRecommendation]) -> None:
    titles = defaultdict(set)
    for each in recommendations:
        for section in each.sections:
            titles[each.lang, section.key].add(section.title)
    assert all(len(found) == 1 for found in titles.values())
    assert len({next(iter(titles[lang, "why"])) for lang in LANGUAGES}) == 7


def test_some_texts_mix_directions(recommendations: list[SampleRecommendation]) -> None:
    passages = [
        (each.lang, passage.text)
        for each in recommendations
        for section in each.sections
        for passage in section.passages
    ]
    assert any(lang == "ar" and re.search(r"[A-Za-z]+( [A-Za-z]+){3}", text) for lang, text in passages)
    assert any(lang == "en" and re.search(r"[\u0621-\u064a]{3}", text) for lang, text in passages)


def test_nothing_reads_like_a_placeholder(process: SampleProcess, recommendations: list[SampleRecommendation]) -> None:
    texts = [process.summary, process.direction, process.guidance, *process.about]
    texts += [text for question in process.questions for text in question.values()]
    texts += [pillar.text for pillar in process.pillars] + [phase.summary for phase in process.phases]
    texts += [text for group in process.groups for text in (group.name, group.remit, *group.questions)]
    texts += [passage.text for each in recommendations for passage in each.passages()]
    for text in texts:
        assert text.strip() == text
        assert text
        assert not PLACEHOLDERS.search(text), text


def test_no_sentence_stands_twice_in_an_iteration(process: SampleProcess) -> None:
    for iteration in process.iterations:
        counts = Counter(sentence for each in iteration.recommendations for sentence in sentences_of(each))
        assert [sentence for sentence, count in counts.items() if count > 1] == []


def test_a_sentence_comes_back_in_the_next_iteration_only_along_the_lineage(
    process: SampleProcess, recommendations: list[SampleRecommendation]
) -> None:
    related = {
        (old, new)
        for edge in process.lineage
        if edge.state != "rejected"
        for old in edge.from_keys
        for new in edge.to_keys
    }
    written = {each.key: set(sentences_of(each)) for each in recommendations}
    shared = {
        (old, new)
        for old, new in itertools.product(written, written)
        if old.startswith("1/") and new.startswith("2/") and written[old] & written[new]
    }
    assert shared <= related
    assert len(shared) > 25


def test_every_recommendation_has_its_place_in_the_lineage(
    process: SampleProcess, recommendations: list[SampleRecommendation]
) -> None:
    standing = [edge for edge in process.lineage if edge.state != "rejected"]
    left = Counter(key for edge in standing for key in edge.from_keys)
    reached = Counter(key for edge in standing for key in edge.to_keys)
    assert left == Counter(each.key for each in recommendations if each.iteration == 1)
    assert reached == Counter(each.key for each in recommendations if each.iteration == 2)


def test_the_lineage_shows_every_kind_and_every_state(process: SampleProcess) -> None:
    accepted = Counter(edge.kind for edge in process.lineage if edge.accepted)
    assert set(accepted) == {"kept", "revised", "merged", "split", "dropped", "new"}
    assert accepted["dropped"] == 2
    assert {edge.state for edge in process.lineage} == {"accepted", "rejected", "proposed"}
    groups_merged = [
        {key.split("/")[1].split("-")[0] for key in edge.from_keys} for edge in process.lineage if edge.kind == "merged"
    ]
    assert any(len(groups) == 2 for groups in groups_merged)


def test_no_two_edges_speak_of_the_same_pair(process: SampleProcess) -> None:
    pairs = Counter(
        pair for edge in process.lineage for pair in itertools.product(edge.from_keys or ("",), edge.to_keys or ("",))
    )
    assert set(pairs.values()) == {1}


def test_people_give_reasons_for_what_they_decided(process: SampleProcess) -> None:
    people = {person.key for person in process.people}
    known = {each.key for iteration in process.iterations for each in iteration.recommendations}
    shapes = {
        "kept": (1, 1),
        "revised": (1, 1),
        "merged": (2, 1),
        "split": (1, 2),
        "dropped": (1, 0),
        "new": (0, 1),
    }
    for edge in process.lineage:
        assert {*edge.from_keys, *edge.to_keys} <= known
        assert (len(edge.from_keys), len(edge.to_keys)) == shapes[edge.kind]
        if edge.state == "proposed":
            assert (edge.reason, edge.decided_by) == ("", "")
        else:
            assert edge.reason
            assert edge.decided_by in people


def test_kept_means_word_for_word_and_revised_means_changed(
    process: SampleProcess, recommendations: list[SampleRecommendation]
) -> None:
    by_key = {each.key: each for each in recommendations}
    kept = [edge for edge in process.lineage if edge.kind == "kept"]
    assert len(kept) >= 4
    for edge in process.lineage:
        if edge.kind not in ("kept", "revised"):
            continue
        old, new = by_key[edge.from_keys[0]], by_key[edge.to_keys[0]]
        same = list(old.passages()) == list(new.passages())
        assert same == (edge.kind == "kept")


def test_groups_form_one_tree_and_everyone_in_them_is_known(process: SampleProcess) -> None:
    people = {person.key for person in process.people}
    above: set[str] = set()
    for group in process.groups:
        assert group.parent_key in above or (not group.parent_key and not above)
        above.add(group.key)
        assert {member.person_key for member in group.members} <= people
    members = [member for group in process.groups for member in group.members]
    assert {member.person_key for member in members} == people
    assert {member.role for member in members} == set(ROLES)
    assert {group.kind for group in process.groups} == set(GROUP_KINDS)


def test_the_roles_of_the_demo_can_sign_in(process: SampleProcess) -> None:
    assert [person.key for person in process.people if person.may_sign_in] == [
        "amina",
        "bruno",
        "chen",
        "dalia",
        "esra",
        "gulnara",
        "henrique",
    ]
    assert sum(person.pseudonym for person in process.people) >= 5
    assert len(list(process.people)) >= 40


@pytest.mark.parametrize("reference", [datetime.date(2024, 2, 29), REFERENCE, datetime.date(2099, 12, 31)])
def test_phases_follow_each_other_and_one_is_open_on_the_reference_day(reference: datetime.date) -> None:
    process = read_sample_process(reference=reference)
    for earlier, later in itertools.pairwise(process.phases):
        assert later.first_day == earlier.last_day + datetime.timedelta(days=1)
    (current,) = [each for each in process.phases if each.first_day <= reference <= each.last_day]
    assert "give_input" in current.opens
    assert 0 < process.phases.index(current) < len(process.phases) - 1
    assert {action for phase in process.phases for action in phase.opens} == set(PHASE_ACTIONS)
    newest = process.iterations[-1].published_on
    assert current.first_day <= newest <= reference


def test_the_sample_speaks_the_words_that_the_rooms_know(process: SampleProcess) -> None:
    assert process.accent in Accent.values
    assert set(GROUP_KINDS) <= set(GroupKind.values)
    assert set(ROLES) <= set(Role.values)
    assert {edge.kind for edge in process.lineage} <= set(LineageKind.values)
    assert {edge.state for edge in process.lineage} <= set(EdgeState.values)
    assert set(PHASE_ACTIONS) <= {action.name for action in phase_actions()}


def test_scale_one_is_exactly_what_was_written(process: SampleProcess) -> None:
    assert generate_process(scale=1, seed=1, reference=REFERENCE) == process
    assert generate_process(scale=1, seed=2, reference=REFERENCE) == process


def test_a_scale_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 1 or more, and 0 is not"):
        generate_process(scale=0, seed=1, reference=REFERENCE)


@pytest.mark.parametrize("scale", [2, 10])
def test_a_larger_process_holds_together(scale: int, process: SampleProcess) -> None:
    larger = generate_process(scale=scale, seed=7, reference=REFERENCE)
    groups = {group.key: group for group in larger.groups}
    people = {person.key for person in larger.people}
    assert len({group.code for group in groups.values()}) == len(groups) > len(list(process.groups))
    assert {member.person_key for group in groups.values() for member in group.members} == people

    found: dict[str, SampleRecommendation] = {}
    for iteration in larger.iterations:
        here = list(iteration.recommendations)
        assert len(here) == iteration.recommendation_count
        assert len({each.title for each in here}) == len(here)
        assert iteration.published_on <= REFERENCE
        found |= {each.key: each for each in here}
    assert len(found) == 76 * scale
    assert {each.group_key for each in found.values()} <= set(groups)
    assert {each.lang for each in found.values()} == set(LANGUAGES)
    assert all(passage.text for each in found.values() for passage in each.passages())
    for written in itertools.chain.from_iterable(one.recommendations for one in process.iterations):
        assert found[written.key] == written

    edges = list(larger.lineage)
    assert edges[: len(list(process.lineage))] == list(process.lineage)
    standing = [edge for edge in edges if edge.state != "rejected"]
    assert {key for edge in edges for key in (*edge.from_keys, *edge.to_keys)} <= set(found)
    newest = len(larger.iterations)
    assert Counter(key for edge in standing for key in edge.from_keys) == Counter(
        each.key for each in found.values() if each.iteration < newest
    )
    assert Counter(key for edge in standing for key in edge.to_keys) == Counter(
        each.key for each in found.values() if each.iteration > 1
    )
    assert {edge.decided_by for edge in edges} - {""} <= people
    for edge in edges:
        if edge.kind == "kept":
            old, new = found[edge.from_keys[0]], found[edge.to_keys[0]]
            assert list(old.passages()) == list(new.passages())


def test_the_same_seed_gives_the_same_process_and_another_seed_another() -> None:
    def texts(seed: int) -> list[SampleRecommendation]:
        larger = generate_process(scale=3, seed=seed, reference=REFERENCE)
        return [each for iteration in larger.iterations for each in iteration.recommendations]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)


def test_what_is_generated_can_be_iterated_twice() -> None:
    larger = generate_process(scale=2, seed=1, reference=REFERENCE)
    assert list(larger.groups) == list(larger.groups)
    assert list(larger.lineage) == list(larger.lineage)
    assert list(larger.iterations[-1].recommendations) == list(larger.iterations[-1].recommendations)


def test_ten_thousand_times_as_much_is_made_only_as_far_as_one_looks() -> None:
    tracemalloc.start()
    try:
        larger = generate_process(scale=10_000, seed=1, reference=REFERENCE)
        assert sum(iteration.recommendation_count for iteration in larger.iterations) == 760_000
        first = [next(iter(iteration.recommendations)).key for iteration in larger.iterations]
        further = list(itertools.islice(larger.iterations[0].recommendations, 34, 40))
        edges = list(itertools.islice(larger.lineage, 500))
        people = list(itertools.islice(larger.people, 200))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert first == [f"{number}/WB-R1" for number in range(1, 7)]
    assert [each.code for each in further] == [f"WB2-R{number}" for number in range(1, 7)]
    assert (len(edges), len(people)) == (500, 200)
    assert peak < 50_000_000  # bytes; the whole of it would be thousands of megabytes


@given(before=st.integers(0, 47), after=st.integers(0, 47))
def test_generated_lineage_leaves_no_recommendation_out_and_none_twice(before: int, after: int) -> None:
    edges = _edges(before, after)
    assert sorted(number for _, old, _ in edges for number in old) == list(range(1, before + 1))
    assert sorted(number for _, _, new in edges for number in new) == list(range(1, after + 1))
    shapes = {
        "kept": {(1, 1)},
        "revised": {(1, 1)},
        "merged": {(2, 1)},
        "split": {(1, 2)},
        "dropped": {(1, 0)},
        "new": {(0, 1)},
    }
    assert all((len(old), len(new)) in shapes[kind] for kind, old, new in edges)
