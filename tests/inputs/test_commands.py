"""`harken import talk|mail|forum|table|lines`: looked at or brought in, once, and told in one line what cannot be."""

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from harken.__main__ import cli
from harken.core.talk.model import Post, hash_post
from harken.inputs.models import ContextFact, Input, InputCount, QuestionResponse, Source, Wording
from harken.inputs.queries.counts import count_by_document
from tests.cast import Cast, add_round

PAGE = """== Water ==
I would water at night. [[User:Ann|Ann]] ([[User talk:Ann|talk]]) 10:00, 9 August 2019 (UTC)
: No, at noon. [[User:Ben|Ben]] ([[User talk:Ben|talk]]) 11:30, 9 August 2019 (UTC)
"""
LATER = ":: Why? [[User:Ann|Ann]] ([[User talk:Ann|talk]]) 12:00, 9 August 2019 (UTC)\n"
MAIL = """From ann@example.org Fri Aug  9 10:00:00 2019
From: Ann <ann@example.org>
Date: Fri, 9 Aug 2019 10:00:00 +0000
Message-ID: <one@example.org>
Subject: Water

I would water at night.

From ben@example.org Fri Aug  9 11:30:00 2019
From: ben@example.org
Date: Fri, 9 Aug 2019 13:30:00 +0200
Message-ID: <two@example.org>
In-Reply-To: <one@example.org>
Subject: Re: Water

No, at noon.
"""
SURVEY = """Name,What would you keep?,What would you drop?,Project,Date,Stance
Ann,The roses and all of the beds,Nothing at all,Wiktionary,2019-08-09 10:00,for
Ben,The old gate,The hedge that nobody ever cuts,,2019-08-10 09:00,against
"""


def run(*arguments: str | Path, pipe: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=pipe)


def looked_at(*arguments: str | Path, pipe: str | None = None) -> Any:
    told = run("import", *arguments, "--preview", "--json", pipe=pipe)
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def shape(posts: list[dict[str, Any]]) -> list[Any]:
    """Author, time and depth of posts, with those of their replies."""
    return [[post["author"], post["timestamp"], post["depth"], shape(post["replies"])] for post in posts]


def test_a_talk_page_is_looked_at_without_a_process_or_a_database(page: Path) -> None:
    told = looked_at("talk", page)
    [thread] = told["threads"]
    assert thread["heading"] == "Water"
    assert shape(thread["posts"]) == [
        ["Ann", "2019-08-09T10:00:00Z", 1, [["Ben", "2019-08-09T11:30:00Z", 2, []]]],
    ]
    assert thread["posts"][0]["text"] == "I would water at night."
    assert thread["posts"][0]["id"]
    assert isinstance(told["findings"], list)
    assert run("talk", page, "--preview", "--json").stdout == run("import", "talk", page, "--preview", "--json").stdout


def test_a_look_writes_nothing(cast: Cast, page: Path) -> None:
    looked_at("talk", page, "--process", "open-garden")
    assert "Nothing was written" in run("import", "talk", page, "--preview").output
    assert not Source.objects.exists()


def test_a_talk_page_comes_in_and_its_new_posts_later(cast: Cast, page: Path) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    to = ("--process", "open-garden", "--document", "AD-R1", "--licence", "CC BY-SA 4.0")
    first = run("import", "talk", page, *to)
    assert first.exit_code == 0, first.output
    assert "2 inputs added, 0 changed, 0 there already" in first.output
    page.write_text(PAGE + LATER, encoding="utf-8")
    second = json.loads(run("import", "talk", page, *to, "--json").stdout)
    assert (second["added"], second["changed"], second["same"]) == (1, 0, 2)
    assert list(Input.objects.order_by("order_key").values_list("depth", flat=True)) == [1, 2, 3]
    source = Source.objects.get()
    assert (source.channel, source.key, source.licence) == ("talk", "page.txt", "CC BY-SA 4.0")
    [counted] = count_by_document(cast.process).items()
    assert counted[1] == 3


def test_a_dump_has_a_source_for_each_page(cast: Cast, tmp_path: Path) -> None:
    dump = tmp_path / "dump.xml"
    revision = "<revision><id>{n}</id><timestamp>2019-08-09T10:00:00Z</timestamp><contributor><username>Ann</username>"
    revision += "</contributor><text>{text}</text></revision>"
    pages = "".join(
        f"<page><title>Talk:{name}</title><ns>1</ns><id>{n}</id>{revision.format(n=n, text=PAGE)}</page>"
        for n, name in enumerate(("Beds", "Gates"), start=1)
    )
    dump.write_text(f'<mediawiki xml:lang="en">{pages}</mediawiki>', encoding="utf-8")
    told = run("import", "talk", dump, "--process", "open-garden")
    assert "4 inputs added" in told.output, told.output
    assert set(Source.objects.values_list("key", "title")) == {("Talk:Beds", "Talk:Beds"), ("Talk:Gates", "Talk:Gates")}
    assert len(looked_at("talk", dump)["threads"]) == 2


def test_an_answer_of_a_wikis_api_comes_in(cast: Cast, tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    revision = {"revid": 1, "parentid": 0, "user": "Ann", "timestamp": "2019-08-09T10:00:00Z", "content": PAGE}
    pages = [{"pageid": 7, "ns": 1, "title": "Talk:Beds", "revisions": [revision]}]
    answer.write_text(json.dumps({"query": {"pages": pages}}), encoding="utf-8")
    assert "2 inputs added" in run("import", "talk", answer, "--process", "open-garden").output
    assert Source.objects.get().title == "Talk:Beds"


def test_mail_comes_in_from_a_box_or_through_a_pipe(cast: Cast, tmp_path: Path) -> None:
    box = tmp_path / "box.mbox"
    box.write_text(MAIL, encoding="utf-8")
    [thread] = looked_at("mail", box)["threads"]
    assert shape(thread["posts"]) == [
        ["Ann", "2019-08-09T10:00:00Z", 1, [["ben", "2019-08-09T11:30:00Z", 2, []]]],
    ]
    assert looked_at("mail", "-", pipe=MAIL)["threads"][0]["heading"] == "Water"
    for _time in range(2):
        told = run("import", "mail", "-", "--process", "open-garden", "--consent", "nameless", pipe=MAIL)
        assert told.exit_code == 0, told.output
    reply = Input.objects.select_related("parent").get(external_id="two@example.org")
    assert reply.parent is not None
    assert reply.parent.external_id == "one@example.org"
    wording = Wording.objects.get(input=reply)
    assert (wording.speaker_name, wording.speaker_account, wording.heading) == ("ben", "ben@example.org", "Re: Water")
    assert Input.objects.count() == 2


def test_an_answer_whose_mail_is_missing_stays_in_the_conversation(cast: Cast, tmp_path: Path) -> None:
    box = tmp_path / "box.mbox"
    box.write_text(MAIL.replace("In-Reply-To: <one@example.org>", "References: <one@example.org> <lost@x.org>"))
    run("import", "mail", box, "--process", "open-garden")
    reply = Input.objects.get(external_id="two@example.org")
    assert (reply.parent, reply.reply_to, reply.thread.external_id) == (None, "lost@x.org", "one@example.org")


@pytest.mark.parametrize(
    ("platform", "name", "content"),
    [
        (
            "polis",
            "comments.csv",
            (
                "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
                "1565344800000,x,1,5,2,1,1,Water at night.\n1565344800000,x,2,6,2,1,1,Water at noon.\n"
            ),
        ),
        (
            "discourse",
            "topic.json",
            json.dumps(
                {
                    "id": 1,
                    "title": "Water",
                    "post_stream": {
                        "posts": [
                            {
                                "id": number,
                                "post_number": number,
                                "username": "ann",
                                "created_at": "2019-08-09T10:00:00Z",
                                "cooked": "<p>Hm.</p>",
                                "topic_id": 1,
                            }
                            for number in (1, 2)
                        ]
                    },
                }
            ),
        ),
        (
            "decidim",
            "proposals.csv",
            (
                "id,title/en,body/en,created_at,author/name\n"
                "1,Water,Water at night.,2019-08-09 10:00:00 UTC,Ann\n2,Dig,Dig deep.,2019-08-09 10:00:00 UTC,Ben\n"
            ),
        ),
    ],
)
def test_a_platforms_export_comes_in_once(cast: Cast, tmp_path: Path, platform: str, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    for added in (2, 0):
        told = run("import", "forum", path, "--platform", platform, "--process", "open-garden", "--json")
        assert told.exit_code == 0, told.output
        assert json.loads(told.stdout)["added"] == added
    kinds = {"polis": "statement", "discourse": "message", "decidim": "proposal"}
    assert set(Wording.objects.values_list("kind", flat=True)) == {kinds[platform]}


def test_a_survey_comes_in_with_questions_contexts_and_stances(cast: Cast, tmp_path: Path) -> None:
    table, mapping = tmp_path / "survey.csv", tmp_path / "mapping.json"
    table.write_text(SURVEY, encoding="utf-8")
    looked_at("table", table, "--save-mapping", mapping)
    for added in (2, 0):
        told = run("import", "table", table, "--process", "open-garden", "--mapping", mapping, "--json")
        assert json.loads(told.stdout)["added"] == added, told.output
    ann = Wording.objects.get(speaker_name="Ann")
    assert (ann.kind, ann.stance, ann.said_at and ann.said_at.hour) == ("response", "support", 10)
    assert list(QuestionResponse.objects.filter(wording=ann).values_list("asked", "text")) == [
        ("What would you keep?", "The roses and all of the beds"),
        ("What would you drop?", "Nothing at all"),
    ]
    assert list(ContextFact.objects.values_list("kind", "value")) == [("project", "Wiktionary")]


def test_which_column_is_taken_for_what_is_told(cast: Cast, tmp_path: Path) -> None:
    survey = tmp_path / "survey.csv"
    survey.write_text("When,Who,Text,Role,What else?,Score\n2026-02-03,Ann,More tea,cook,A bench,3\n", encoding="utf-8")
    for more in (("--preview",), ("--process", "open-garden")):
        told = run("import", "table", survey, *more).stdout.splitlines()
        assert told[:6] == ["text: Text", "author: Who", "time: When", "answers: What else?", *told[4:6]]
        assert told[4:6] == ["context: Role (role)", "not used: Score"]
        assert any(line.startswith("Score: nothing was taken from this column") for line in told[6:])
    said = looked_at("table", survey)
    assert (said["mapping"]["author"], said["mapping"]["answers"]) == ("Who", {"What else?": "What else?"})
    assert said["findings"] == [{"place": "Score", "reason": "unused_column", "text": "1"}]


def test_a_look_knows_the_process_and_the_document_it_is_told(cast: Cast, page: Path) -> None:
    for more, sentence in (
        (("--process", "none-such"), "There is no process none-such."),
        (("--process", "open-garden", "--document", "XX-R9"), "There is no document XX-R9 in open-garden."),
        (("--document", "XX-R9"), "Say which process this is input to with --process."),
    ):
        told = run("import", "talk", page, "--preview", *more)
        assert (told.exit_code, sentence in told.output) == (2, True), told.output
    assert run("import", "talk", page, "--preview", "--process", "open-garden").exit_code == 0


@pytest.mark.parametrize(("platform", "name"), [("discourse", "posts.json"), ("decidim", "proposals.json")])
def test_an_export_of_nothing_is_told(tmp_path: Path, platform: str, name: str) -> None:
    (tmp_path / name).write_text("[]", encoding="utf-8")
    told = looked_at("forum", tmp_path / name, "--platform", platform)
    assert told == {"threads": [], "findings": [{"place": name, "reason": "nothing_in_it", "text": ""}]}


def test_what_is_only_answers_is_kept_and_shown_once(cast: Cast, amina: Client, tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    table.write_text(SURVEY, encoding="utf-8")
    shown = looked_at("table", table)["threads"][0]["posts"][0]["text"]
    assert shown == "What would you keep?\nThe roses and all of the beds\n\nWhat would you drop?\nNothing at all"
    run("import", "table", table, "--process", "open-garden")
    assert set(Wording.objects.values_list("text", "html")) == {("", "")}
    # Their hash is that of the whole, as it was when the text still said all of it once more: nothing comes in anew.
    at = datetime.datetime(2019, 8, 9, 10, tzinfo=datetime.UTC)
    ann = Wording.objects.get(speaker_name="Ann")
    assert ann.content_hash == hash_post(Post("x", "Ann", "account", at, shown))
    for address in ("inputs/", "inputs.csv", "inputs.json", "queue/"):
        page = amina.get(f"/processes/open-garden/{address}")
        words = page.getvalue().decode()
        assert words.count("The roses and all of the beds") == 1, address


def test_a_text_beside_answers_is_kept(cast: Cast, tmp_path: Path) -> None:
    table, mapping = tmp_path / "survey.csv", tmp_path / "mapping.json"
    table.write_text(SURVEY, encoding="utf-8")
    answers = {"What would you drop?": "What would you drop?", "Project": "What would you drop?"}
    mapping.write_text(json.dumps({"version": 1, "text": "What would you keep?", "answers": answers}))
    run("import", "table", table, "--process", "open-garden", "--mapping", mapping)
    ann = Wording.objects.get(text="The roses and all of the beds")
    # Two columns may answer one question: neither is lost.
    assert [response.text for response in ann.responses.all()] == ["Nothing at all\n\nWiktionary"]


def test_each_line_is_an_input(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("- Water at night.\n\n- Dig deep.\n", encoding="utf-8")
    assert "2 inputs added" in run("import", "lines", path, "--process", "open-garden", "--lang", "en").output
    path.write_text("- Dig deep.\n- Water at night.\n- Mulch.\n", encoding="utf-8")
    told = run("import", "lines", path, "--process", "open-garden", "--lang", "en", "--title", "Flip chart")
    assert "1 inputs added, 0 changed, 2 there already" in told.output
    assert set(Input.objects.values_list("lang", flat=True)) == {"en"}


def test_what_cannot_be_done_is_told_in_one_line(cast: Cast, page: Path, tmp_path: Path) -> None:
    nothing, broken = tmp_path / "nothing", tmp_path / "broken.json"
    nothing.write_text("", encoding="utf-8")
    broken.write_text("{", encoding="utf-8")
    table = tmp_path / "survey.csv"
    table.write_text(SURVEY, encoding="utf-8")
    for arguments, said in (
        (("talk", page), "--process"),
        (("talk", page, "--process", "none-such"), "none-such"),
        (("talk", page, "--process", "open-garden", "--document", "XX-R9"), "XX-R9"),
        (("talk", page, "--wiki-data", broken, "--preview"), "broken.json"),
        (("talk", tmp_path / "absent", "--preview"), "absent"),
        (("mail", page, "--zone", "Nowhere/Land", "--preview"), "Nowhere/Land"),
        (("forum", page, "--platform", "polis", "--preview"), "page.txt"),
        (("forum", broken, "--platform", "discourse", "--preview", "--json"), "broken.json"),
        (("table", nothing, "--preview"), "nothing"),
        (("table", table, "--mapping", broken, "--preview"), "broken.json"),
        (("table", table, "--sheet", "Absent", "--mapping", nothing, "--preview"), "nothing"),
    ):
        told = run("import", *arguments)
        assert told.exit_code == 2, (arguments, told.output)
        assert said in told.output
        assert "Traceback" not in told.output
    assert not Input.objects.exists()


def test_a_wiki_that_tells_its_names_alone_signs_as_its_language(cast: Cast, page: Path, tmp_path: Path) -> None:
    config = tmp_path / "x-config.json"
    config.write_text('{"wgContentLanguage": "en", "wgNamespaceIds": {"member": 2}}', encoding="utf-8")
    page.write_text(PAGE.replace("User:", "Member:"), encoding="utf-8")
    posts = looked_at("talk", page, "--wiki-data", config)["threads"][0]["posts"]
    assert [(post["author"], post["timestamp"]) for post in posts] == [("Ann", "2019-08-09T10:00:00Z")]
    assert [reply["author"] for reply in posts[0]["replies"]] == ["Ben"]


def test_numbers_are_put_right(cast: Cast, page: Path) -> None:
    run("import", "talk", page, "--process", "open-garden")
    assert run("inputs", "recount").output == "open-garden: 0 numbers put right\n"
    InputCount.objects.update(inputs=7)
    assert run("inputs", "recount", "--process", "open-garden").output == "open-garden: 1 numbers put right\n"
    assert run("inputs", "recount", "--process", "none-such").exit_code == 2


def test_what_was_recorded_is_prepared_once(cast: Cast, tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("More benches.\nMore trees.\nMore shade.\n", encoding="utf-8")
    run("import", "lines", lines, "--process", "open-garden")
    assert run("inputs", "prepare", "--limit", "2").output == "2 inputs prepared.\n"
    assert run("inputs", "prepare").output == "1 inputs prepared.\n"
    assert run("inputs", "prepare").output == "0 inputs prepared.\n"


def test_a_closed_pipe_is_an_empty_box(cast: Cast) -> None:
    told = CliRunner().invoke(cli, ["import", "mail", "-", "--process", "open-garden"], input=io.BytesIO(b""))
    assert "0 inputs added" in told.output
    assert "there is nothing in it" in told.output
    assert told.exit_code == 0
