"""The report: one file that needs nothing, names nobody, and says what it draws."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from lxml import html

from harken.core.sense import Caution, Conversation, Unclear, Votes, find_bridges, opinion_map
from harken.core.sense.map_json import map_to_json
from harken.core.sense.report import CAUTIONS, UNCLEAR, render_report
from tests.core.sense.conversations import make_camps


def parse(page: str) -> Any:
    return html.document_fromstring(page.encode())


NO_VOTES = Votes.from_columns([], [], [])


def report_of(votes: Votes, *, compat: bool = False, texts: dict[object, str] | None = None, topic: str = "") -> str:
    found = opinion_map(votes, seed=1, compat="polis" if compat else "")
    return render_report(Conversation(votes, texts or {}, topic=topic), found, find_bridges(votes))


def test_the_report_needs_no_script_and_nothing_from_elsewhere() -> None:
    page = report_of(make_camps(200, 30, camps=3))
    tree = parse(page)
    assert not tree.xpath("//script | //link | //img | //iframe | //@style")
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "@import" not in page
    assert set(re.findall(r"url\(([^)]*)\)", page)) == {"#hatching"}


def test_every_link_leads_somewhere_and_the_map_has_a_name_and_a_table() -> None:
    tree = parse(report_of(make_camps(200, 30, camps=3)))
    ids = set(tree.xpath("//@id"))
    assert {link.removeprefix("#") for link in tree.xpath("//a/@href")} <= ids
    assert len(tree.xpath("//*[contains(@class, 'people')]")) == 3
    assert tree.xpath("string(//figure//title)") == "Map of 200 participants in three groups"
    assert len(tree.xpath("//figure//table//tbody/tr")) == 3


def test_what_people_wrote_is_text_and_carries_its_direction() -> None:
    texts: dict[object, str] = {0: "<script>alert(1)</script>", 1: "نص عربي"}
    tree = parse(report_of(make_camps(200, 10), texts=texts, topic="A & B <i>"))
    assert not tree.xpath("//script | //i")
    assert tree.xpath("string(//h1)") == "A & B <i>"
    said = [node for node in tree.iter("span") if node.text_content() == "نص عربي"]
    assert said
    assert {(node.get("dir"), node.get("lang")) for node in said} == {("auto", "")}


def test_few_people_are_not_told_apart() -> None:
    page = report_of(make_camps(16, 12, seen=0.9), compat=True)
    assert "fewer than 10" in page
    tree = parse(page)
    assert not tree.xpath("//*[contains(@class, 'share')]/strong")


@pytest.mark.parametrize("compat", [False, True])
@pytest.mark.parametrize(
    "votes",
    [
        NO_VOTES,
        Votes.from_columns([1], [1], [1]),
        Votes.from_columns(np.repeat(range(20), 8), np.tile(range(8), 20), np.zeros(160)),
        make_camps(40, 8).moderate(range(8)),
    ],
    ids=["none", "one", "all-pass", "all-moderated"],
)
def test_too_little_is_said_in_words(votes: Votes, compat: bool) -> None:
    page = report_of(votes, compat=compat)
    assert any(sentence in page for sentence in (*UNCLEAR.values(), *CAUTIONS.values()))
    found = opinion_map(votes, compat="polis" if compat else "")
    json.dumps(map_to_json(found, find_bridges(votes), votes), allow_nan=False)


def test_every_caution_and_reason_has_a_sentence() -> None:
    assert set(CAUTIONS) == set(Caution)
    assert set(UNCLEAR) == set(Unclear)


def test_the_json_holds_every_participant_and_every_statement() -> None:
    votes = make_camps(60, 12).moderate([3])
    found = opinion_map(votes, seed=1)
    told = json.loads(json.dumps(map_to_json(found, find_bridges(votes), votes, {0: "Zero"}), allow_nan=False))
    assert [row["id"] for row in told["participants"]] == votes.participants.tolist()
    assert {row["group"] for row in told["participants"]} == {"A", "B", None}
    assert told["k"] == 2
    first, moderated = told["statements"][0], told["statements"][3]
    assert (first["text"], first["votes"]["seen"]) == ("Zero", int((votes.statement == 0).sum()))
    apart = sum(row["group"] is None for row in told["participants"])
    within = sum(group["seen"] for group in first["groups"].values())
    assert first["votes"]["seen"] - apart <= within <= first["votes"]["seen"]
    assert moderated["moderated"]
    assert moderated["consensus"] is None
    assert told["groups"][0]["typical"][0]["side"] in {"agree", "disagree"}
