"""Campaigns: the form is found with its slots, in every script, and what does not follow it stays out."""

from __future__ import annotations

import pytest

from harken.core.sense import DuplicateGroup, find_duplicates
from harken.core.sense.duplicates import Slot, Template, duplicates_to_json

NAMES = ["Amina", "Bruno", "Chen Wei", "Dalia", "Esra", "Farid", "Gül", "Hana Mori", "Ines", "Jonas"]
PLACES = ["Leeds", "York", "Hull", "Leeds", "Bath", "York", "Leeds", "Hull", "Leeds", "Bath"]
FORMS = {
    "en": "My name is {} and I live in {}. Please do not close the swimming pool, my children learn to swim there.",
    "ar": "اسمي {} وأسكن في {} أرجو ألا تغلقوا المسبح لأن أطفالي يتعلمون السباحة هناك كل أسبوع مع المدرسة",
    "hi": "मेरा नाम {} है और मैं {} में रहता हूँ कृपया तरणताल बंद न करें क्योंकि मेरे बच्चे वहाँ तैरना सीखते हैं",
    "ru": "Меня зовут {}, я живу в городе {}. Пожалуйста, не закрывайте бассейн: мои дети учатся там плавать.",
    "zh": "我叫{}住在{}请不要关闭游泳池因为我的孩子每个星期都在那里学习游泳我们全家都很需要它",
    "ja": "私は{}と申します{}に住んでいますプールを閉めないでください子どもたちが毎週そこで泳ぎを習っています",
    "th": "ฉันชื่อ{}อาศัยอยู่ที่{}กรุณาอย่าปิดสระว่ายน้ำเพราะลูกของฉันเรียนว่ายน้ำที่นั่นทุกสัปดาห์กับเพื่อน",
}


def fill(form: str) -> list[str]:
    return [form.format(name, place) for name, place in zip(NAMES, PLACES, strict=True)]


def only_campaign(texts: list[str]) -> tuple[DuplicateGroup, Template]:
    (group,) = find_duplicates(texts).groups
    assert group.kind == "campaign"
    assert group.template is not None
    return group, group.template


@pytest.mark.parametrize("language", FORMS)
def test_a_form_is_found_with_what_people_put_in(language: str) -> None:
    others = [form.format("X", "Y") for key, form in FORMS.items() if key != language]
    group, template = only_campaign([*fill(FORMS[language]), *others])
    assert group.members.tolist() == list(range(10))
    names, places = template.slots
    assert names.different == 10
    assert {value for value, _ in names.values} == set(NAMES)
    assert places.values == (("Leeds", 4), ("Bath", 2), ("Hull", 2), ("York", 2))


def test_a_template_reads_as_the_form_does() -> None:
    _, template = only_campaign(fill(FORMS["en"]))
    assert str(template) == (
        "My name is […] and I live in […] Please do not close the swimming pool, my children learn to swim there"
    )
    assert [type(part) for part in template.parts] == [str, Slot, str, Slot, str]


def test_slots_may_stand_at_both_ends_and_be_left_empty() -> None:
    said = "we the undersigned ask the board to stop the new road through the valley"
    first = ["Hello", "", "Dear board", "Good day", "", "Friends"]
    last = ["now", "this year", "", "for good", "before winter", "at last"]
    _, template = only_campaign([f"{start} {said} {end}" for start, end in zip(first, last, strict=True)])
    assert str(template) == f"[…] {said} […]"
    assert template.slots[0].values[0] == ("", 2)


def test_small_changes_here_and_there_make_copies_and_no_campaign() -> None:
    said = FORMS["en"].format("Amina", "Leeds").split()
    texts = [" ".join([*said[:place], "oh", *said[place + 1 :]]) for place in range(0, 18, 3)]
    (group,) = find_duplicates([" ".join(said), *texts]).groups
    assert (group.kind, group.template, group.members.size) == ("copies", None, 7)


def test_what_shares_a_phrase_only_is_no_part_of_the_campaign() -> None:
    stranger = (
        "Please do not close the swimming pool before somebody has looked at what the repairs would really cost us"
    )
    texts = [*fill(FORMS["en"]), stranger]
    group, _ = only_campaign(texts)
    assert group.members.tolist() == list(range(10))


def test_who_sends_a_filled_form_twice_is_counted_twice() -> None:
    texts = fill(FORMS["en"])
    group, template = only_campaign([*texts, texts[0].upper(), texts[0]])
    assert (group.members.size, group.different) == (12, 10)
    assert template.slots[0].values[0] == ("Amina", 3)


def test_a_large_campaign_is_one_group() -> None:
    texts = [FORMS["en"].format(f"Name{number}", f"Town{number % 7}") for number in range(3_000)]
    group, template = only_campaign(texts)
    assert group.members.size == 3_000
    assert [slot.different for slot in template.slots] == [3_000, 7]


def test_json_names_every_text_by_its_id() -> None:
    texts = [*fill(FORMS["en"]), "Thank you all so much for this", "thank you all so much for this!"]
    found = find_duplicates(texts)
    told = duplicates_to_json(found, [f"c{place}" for place in range(len(texts))])
    campaign, copies = told["groups"]
    assert (campaign["kind"], campaign["texts"], copies["kind"], copies["texts"]) == ("campaign", 10, "copies", 2)
    assert [member["id"] for member in copies["members"]] == ["c10", "c11"]
    assert copies["template"] is None
    assert campaign["template"]["parts"][3] == {
        "slot": {
            "different": 4,
            "values": [
                {"value": value, "texts": n} for value, n in (("Leeds", 4), ("Bath", 2), ("Hull", 2), ("York", 2))
            ],
        }
    }
