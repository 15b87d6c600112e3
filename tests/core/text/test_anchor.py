from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.align import align
from harken.core.text.anchor import Follower, Place, Quote, find_heirs, locate_quote, make_quote
from harken.core.text.segment import segment

Document = list[tuple[str, str]]

words = st.sampled_from(
    [
        *("the", "movement", "shall", "share", "free", "knowledge", "with", "everybody", "who", "asks", ".", ","),
        *(
            "العدل",
            "والحرية",
            "हिन्दी",
            "समूह",
            "自由知识",
            "การร่วม",
            "e\u0301te\u0301",
            "👩‍👩‍👧‍👦",
            "🇮🇳🇧🇷",
            "\u2067עברית\u2069",
        ),
    ]
)
sentences = st.lists(words, min_size=1, max_size=10).map(" ".join)


@st.composite
def steps(draw: st.DrawFn) -> tuple[Document, list[str]]:
    """A document, and the texts of its next revision: some passages edited, moved, split, merged, removed or new."""
    old = draw(st.lists(sentences, min_size=1, max_size=6))
    new = list(old)
    for _ in range(draw(st.integers(0, 4))):
        act = draw(st.sampled_from(["edit", "remove", "add", "move", "split", "merge"]))
        place = draw(st.integers(0, max(0, len(new) - 1)))
        if act == "add" or not new:
            new.insert(place, draw(sentences))
        elif act == "edit":
            parts = new[place].split(" ")
            at = draw(st.integers(0, len(parts)))
            parts[at : at + draw(st.integers(0, 3))] = draw(st.lists(words, max_size=3))
            new[place] = " ".join(parts)
        elif act == "remove":
            new.pop(place)
        elif act == "move":
            new.insert(draw(st.integers(0, len(new) - 1)), new.pop(place))
        elif act == "split":
            parts = new[place].split(" ")
            at = draw(st.integers(0, len(parts)))
            new[place : place + 1] = [" ".join(parts[:at]), " ".join(parts[at:])]
        elif place + 1 < len(new):
            new[place : place + 2] = [f"{new[place]} {new[place + 1]}"]
    return [(f"p{number}", text) for number, text in enumerate(old)], new


def go_on(old: Document, texts: Sequence[str], prefix: str = "n") -> tuple[Follower, Document]:
    """What follows anchors from `old` to the revision with these texts, and that revision with its ids."""
    alignment = align(old, texts)
    ids = [row.old_id or f"{prefix}{row.new_index}" for row in alignment.rows]
    assert len(set(ids)) == len(ids)
    new = list(zip(ids, texts, strict=True))
    return Follower(old, new, heirs=find_heirs(alignment, ids)), new


def assert_honest(place: Place, passage_id: str | None, quote: Quote, new: Document) -> None:
    """A place says only what is so."""
    if place.state == "loose":
        assert place == Place("loose", None, 0, 0, "")
        return
    text = dict(new)[place.passage_id or ""]
    assert 0 <= place.start < place.end <= len(text)
    assert place.words == text[place.start : place.end]
    if place.state == "changed":
        return
    assert text[place.start : place.end] == quote.exact
    assert (place.state == "current") == (place.passage_id == passage_id)


@given(steps(), st.data())
def test_an_anchor_is_current_or_moved_only_where_its_words_stand(
    step: tuple[Document, list[str]], data: st.DataObject
) -> None:
    old, texts = step
    follower, new = go_on(old, texts)
    passage_id, text = data.draw(st.sampled_from(old))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = make_quote(text, start, end)
    place = follower.follow(passage_id, start, end, quote)
    assert_honest(place, passage_id, quote, new)
    # Once more, and by another follower, it is the same place.
    assert follower.follow(passage_id, start, end, quote) == place
    assert go_on(old, texts)[0].follow(passage_id, start, end, quote) == place


@given(steps(), st.data())
def test_a_loose_anchor_stays_loose_unless_its_words_are_there(
    step: tuple[Document, list[str]], data: st.DataObject
) -> None:
    old, texts = step
    follower, new = go_on(old, texts)
    exact = data.draw(sentences)
    quote = Quote(exact, data.draw(sentences)[-32:], data.draw(sentences)[:32])
    place = follower.follow(None, 0, 0, quote)
    assert place.state in {"loose", "moved"}
    assert_honest(place, None, quote, new)
    if not any(exact in text for text in texts):
        assert place.state == "loose"


@given(steps(), st.data())
def test_an_anchor_in_an_unchanged_passage_stays_where_it_is(
    step: tuple[Document, list[str]], data: st.DataObject
) -> None:
    old, _ = step
    follower, _ = go_on(old, [text for _, text in old])
    passage_id, text = data.draw(st.sampled_from(old))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    place = follower.follow(passage_id, start, end, make_quote(text, start, end))
    assert place == Place("current", passage_id, start, end, text[start:end])


@given(st.text(min_size=1, max_size=60) | sentences, st.data())
def test_a_quote_is_found_where_it_was_made(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = make_quote(text, start, end)
    assert quote.exact == text[start:end]
    assert text[:start].endswith(quote.prefix)
    assert text[end:].startswith(quote.suffix)
    assert max(len(quote.prefix), len(quote.suffix)) <= 32
    found = locate_quote(text, quote)
    assert found is not None
    assert text[found[0] : found[1]] == quote.exact
    # There may be another place with as much around it, never one with less.
    assert text[: found[0]].endswith(quote.prefix)
    assert text[found[1] :].startswith(quote.suffix)
    if text.count(quote.exact) == 1:
        assert found == (start, end)


@pytest.mark.parametrize(
    "character", ["e\u0301", "👩‍👩‍👧‍👦", "🇮🇳", "👍🏽", "क्षि", "น้ำ", "\r\n", "한", "a\u0301\u0323\u0308", "❤\ufe0f"]
)
def test_no_character_of_the_context_is_cut_in_two(character: str) -> None:
    text = f"{character * 40}quote{character * 40}"
    start = 40 * len(character)
    quote = make_quote(text, start, start + 5)
    assert quote.prefix == character * (32 // len(character))
    assert quote.suffix == quote.prefix


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 2), (0, 4), (3, 4)])
def test_a_quote_has_words_of_its_passage(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="at least one character"):
        make_quote("abc", start, end)


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("one two one", Quote("one", "two "), (8, 11)),
        ("one two one", Quote("one", "", " two"), (0, 3)),
        ("one two one", Quote("one"), (0, 3)),
        ("one two one", Quote("one", "xx two "), (8, 11)),
        ("one two one", Quote("three"), None),
        ("one two one", Quote(""), None),
        ("e\u0301", Quote("é"), None),
        ("aaaa", Quote("aa", "a", "a"), (1, 3)),
    ],
)
def test_quotes_are_located_by_what_is_around_them(text: str, quote: Quote, expected: tuple[int, int] | None) -> None:
    assert locate_quote(text, quote) == expected


def follow(old: Sequence[str], new: Sequence[str], words: str) -> tuple[str, int | None, str]:
    """What becomes of the first place of `words` in `old`: its state, the number of its passage, and its words."""
    document = [(f"p{number}", text) for number, text in enumerate(old)]
    follower, after = go_on(document, new)
    passage_id, text = next((name, text) for name, text in document if words in text)
    start = text.index(words)
    place = follower.follow(passage_id, start, start + len(words), make_quote(text, start, start + len(words)))
    numbers = {name: number for number, (name, _) in enumerate(after)}
    return place.state, None if place.passage_id is None else numbers[place.passage_id], place.words


FIRST = "We shall share free knowledge with everybody who asks for it in any language of the world."
SECOND = "Groups decide together, and each decision is published with its reasons on the same day."
THIRD = "Money follows need: those who have least are heard first when the budget is written."
FREE = "free knowledge with everybody"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ([FIRST, SECOND, THIRD], ("current", 0, FREE)),
        ([f"In short: {FIRST}", SECOND, THIRD], ("current", 0, FREE)),
        ([FIRST.replace("in any language of the world", "today"), SECOND, THIRD], ("current", 0, FREE)),
        ([SECOND, THIRD, FIRST], ("current", 2, FREE)),
        ([THIRD, SECOND, f"{FIRST} Always."], ("current", 2, FREE)),
        (
            [FIRST.replace("knowledge", "learning"), SECOND, THIRD],
            ("changed", 0, "free learning with everybody"),
        ),
        (["We shall share", FIRST.removeprefix("We shall share "), SECOND, THIRD], ("current", 1, FREE)),
        ([SECOND, THIRD], ("loose", None, "")),
        (["Nothing of this kind is said here any more at all.", SECOND, THIRD], ("loose", None, "")),
        ([f"{SECOND} {FIRST}", THIRD], ("moved", 0, FREE)),
    ],
)
def test_an_anchor_goes_with_its_words(new: list[str], expected: tuple[str, int | None, str]) -> None:
    state, number, words = follow([FIRST, SECOND, THIRD], new, FREE)
    assert (number, words) == expected[1:]
    # Which of the parts inherits the id is for the alignment to say.
    assert state == expected[0] or {state, expected[0]} == {"current", "moved"}


def test_a_loose_anchor_comes_back_with_its_words() -> None:
    old = [("a", FIRST), ("b", SECOND)]
    start = FIRST.index(FREE)
    quote = make_quote(FIRST, start, start + len(FREE))
    follower, without = go_on(old, [SECOND, THIRD])
    assert follower.follow("a", start, start + len(FREE), quote).state == "loose"
    follower, again = go_on(without, [SECOND, f"At last: {FIRST}", THIRD], prefix="m")
    place = follower.follow(None, 0, 0, quote)
    assert (place.state, place.words) == ("moved", FREE)
    assert dict(again)[place.passage_id or ""].startswith("At last")


def test_the_original_words_count_for_ever_not_those_of_the_last_change() -> None:
    text = "one two three four five six seven eight"
    quote = make_quote(text, 0, len("one two three four"))
    place = Place("current", "a", 0, len(quote.exact), quote.exact)
    document = [("a", text)]
    for before, after in (("one", "eins"), ("two", "zwei"), ("eins", "one"), ("zwei", "two")):
        document_after = [("a", document[0][1].replace(before, after))]
        follower = Follower(document, document_after, heirs={})
        place = follower.follow(place.passage_id, place.start, place.end, quote)
        assert place.state == ("current" if quote.exact in document_after[0][1] else "changed")
        document = document_after


def test_an_anchor_on_one_of_a_thousand_equal_passages_stays_on_it() -> None:
    old = [(f"p{number}", "The same words stand here.") for number in range(1_000)]
    follower, _ = go_on(old, [*(text for _, text in old[:700]), "Something new.", *(text for _, text in old[700:])])
    quote = make_quote(old[0][1], 4, 14)
    for passage_id, _ in old:
        assert follower.follow(passage_id, 4, 14, quote) == Place("current", passage_id, 4, 14, "same words")


def test_a_phrase_that_was_there_before_is_not_the_one_that_went() -> None:
    old = ["We shall decide it together.", SECOND, "They shall decide it together, too, as ever before."]
    assert follow(old, [SECOND, old[2]], "decide it together")[0] == "loose"


@pytest.mark.parametrize(
    "words", ["e\u0301te\u0301 là", "👩‍👩‍👧‍👦 et", "🇮🇳🇧🇷", "\u2067עברית abc\u2069", "हिन्दी में", "自由知识"]
)
def test_quotes_in_any_script_are_followed(words: str) -> None:
    text = f"Before it stood {words} and after it stood something else."
    for new in (f"New: {text}", text.replace("something", "nothing"), text.replace("Before it", "Ahead of that")):
        assert follow([text], [new], words) == ("current", 0, words)


@pytest.mark.parametrize(("passage_id", "start", "end"), [("z", 0, 1), ("a", 0, 0), ("a", 2, 9), ("a", -1, 2)])
def test_a_place_that_was_not_there_is_refused(passage_id: str, start: int, end: int) -> None:
    for new in ([("a", "text")], [("a", "other")], []):
        follower = Follower([("a", "text")], new, heirs={})
        with pytest.raises(ValueError, match="no place"):
            follower.follow(passage_id, start, end, Quote("x"))


@pytest.mark.parametrize("which", [0, 1])
def test_an_id_may_occur_once_only(which: int) -> None:
    documents: list[Document] = [[("a", "x")], [("a", "x")]]
    documents[which].append(("a", "y"))
    with pytest.raises(ValueError, match="more than once"):
        Follower(*documents, heirs={})


def test_everything_may_go() -> None:
    follower = Follower([("a", "text")], [], heirs={})
    assert follower.follow("a", 0, 4, Quote("text")).state == "loose"


@pytest.mark.large
@pytest.mark.parametrize("unit", ["word ", "字", "👩‍👩‍👧‍👦"])
def test_an_anchor_in_a_passage_of_a_megabyte_is_followed(unit: str) -> None:
    text = unit * (1_000_000 // len(unit.encode()))
    middle = len(text) // len(unit) // 2 * len(unit)
    old = f"{text[:middle]} here it stands alone {text[middle:]}"
    start = old.index("it stands")
    quote = make_quote(old, start, start + 9)
    new = f"At first {old} and at last"
    place = Follower([("a", old)], [("a", new)], heirs={}).follow("a", start, start + 9, quote)
    assert_honest(place, "a", quote, [("a", new)])
    assert place.state in {"current", "loose"}


def test_anchors_in_real_texts_say_what_is_so(data_folder: Path) -> None:
    folders = sorted((data_folder / "revisions").iterdir())
    for folder in folders:
        chance = Random(folder.name)
        documents = [
            [passage.text for passage in segment(path.read_text(encoding="utf-8"))] for path in sorted(folder.iterdir())
        ]
        document = [(f"p{number}", text) for number, text in enumerate(documents[0])]
        anchors: list[tuple[Quote, Place]] = []
        for passage_id, text in chance.choices([row for row in document if len(row[1]) > 30], k=40):
            start = chance.randrange(len(text) - 20)
            end = chance.randint(start + 10, min(len(text), start + 120))
            anchors.append((make_quote(text, start, end), Place("current", passage_id, start, end, text[start:end])))
        for number, texts in enumerate(documents[1:]):
            follower, document = go_on(document, texts, prefix=f"r{number} ")
            followed = []
            for quote, before in anchors:
                place = follower.follow(before.passage_id, before.start, before.end, quote)
                assert_honest(place, before.passage_id, quote, document)
                followed.append((quote, place))
            anchors = followed
    assert folders


def test_a_sentence_that_was_edited_and_then_moved_to_another_passage_is_followed() -> None:
    filler = [
        (f"f{number}", f"Passage {number} speaks of budgets, calendar {number} and travel.") for number in range(20)
    ]
    first = [("a", "We publish yearly. Every affiliate decides upon its own language policy."), *filler]
    second = [("a", "We publish yearly. Every affiliate decides freely upon its own language policy."), *filler]
    moved = "Passage 9 speaks of budgets. Every affiliate decides freely upon its own language policy."
    third = [("a", "We publish yearly."), *((name, moved if name == "f9" else text) for name, text in filler)]
    quote = make_quote(first[0][1], 19, 71)
    place = Follower(first, second, heirs={}).follow("a", 19, 71, quote)
    assert (place.state, place.words) == ("changed", "Every affiliate decides freely upon its own language policy")
    place = Follower(second, third, heirs={}).follow("a", place.start, place.end, quote)
    assert (place.state, place.passage_id) == ("changed", "f9")
    assert place.words == "Every affiliate decides freely upon its own language policy"


def test_a_set_phrase_in_new_words_is_not_the_quote() -> None:
    phrase = "subject to the terms and conditions of this agreement"
    old = [("a", f"You may copy it, {phrase}."), ("b", f"You may sell it, {phrase}."), ("c", "Fees are yearly.")]
    new = [("a", "You may copy it."), ("b", f"You may sell it, {phrase}."), ("c", f"Fees are yearly, {phrase}.")]
    start = old[0][1].index(phrase)
    quote = make_quote(old[0][1], start, start + len(phrase))
    assert Follower(old, new, heirs={}).follow("a", start, start + len(phrase), quote).state == "loose"


def test_words_that_changed_places_within_their_passage_are_followed() -> None:
    filler = [(f"f{number}", f"Passage {number} speaks of calendar {number} and travel.") for number in range(20)]
    old = "The review ends in May, and everybody hears what became of their words, by mail or at a meeting."
    new = "By mail or at a meeting everybody hears what became of their words, and the review ends in May."
    words = "mail or at a meeting"
    start = old.index(words)
    quote = make_quote(old, start, start + len(words))
    follower = Follower([("a", old), *filler], [("a", new), *filler], heirs={})
    place = follower.follow("a", start, start + len(words), quote)
    assert (place.state, place.passage_id, place.words) == ("current", "a", words)
