"""Reading exports of Polis and plain tables of votes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from harken.core.sense import VotesError, read_conversation, read_votes_table
from tests.core.sense.conversations import real_conversations


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@real_conversations
def test_every_row_of_votes_comes_to_what_the_table_of_participants_says(folder: Path) -> None:
    """Re-votes replaced, gaps in ids kept: both files of an export hold the same votes."""
    conversation = read_conversation(folder)
    wide = read_votes_table(folder / "participants-votes.csv").votes
    who, what, values, _times = conversation.votes.to_columns()
    for mine, theirs in zip((who, what, values), wide.to_columns()[:3], strict=True):
        assert np.array_equal(mine, theirs)
    assert conversation.topic
    assert set(conversation.texts) == set(conversation.votes.statements.tolist())


@real_conversations
def test_tallies_are_recomputed_and_moderation_is_read(folder: Path) -> None:
    votes = read_conversation(folder).votes
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
        out = {int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1"}
    assert set(votes.statements[votes.moderated].tolist()) == out
    strict = read_conversation(folder, strict_moderation=True).votes
    assert strict.moderated.sum() >= votes.moderated.sum()


@pytest.mark.parametrize(
    "header",
    ["voter-id,comment-id,vote", "pid,tid,vote", "Participant,Statement,Value", "participant_id,statement_id,vote"],
)
def test_headers_differ_from_export_to_export(tmp_path: Path, header: str) -> None:
    votes = read_conversation(write(tmp_path, "votes.csv", f"\ufeff{header}\n1,7,-1\n\n1,8,0\n")).votes
    assert votes.statements.tolist() == [7, 8]
    assert votes.value.tolist() == [-1, 0]


def test_bodies_with_line_breaks_and_statements_about_the_process(tmp_path: Path) -> None:
    write(tmp_path, "votes.csv", "timestamp,comment-id,voter-id,vote\n5,1,1,1\n3,1,1,-1\n5,9,1,1\n")
    write(tmp_path, "comments.csv", 'comment-id,moderated,is-meta,comment-body\n1,0,f,"two\nlines"\n2,-1,true,no\n')
    conversation = read_conversation(tmp_path)
    assert conversation.texts == {1: "two\nlines", 2: "no"}
    assert conversation.votes.value.tolist() == [1, 1]
    assert conversation.votes.statements.tolist() == [1, 2, 9]
    assert conversation.votes.about_process.tolist() == [False, True, False]
    assert conversation.votes.moderated.tolist() == [False, True, False]
    assert len(conversation.notes) == 2
    assert read_conversation(tmp_path, strict_moderation=True).votes.moderated.tolist() == [True, True, False]


def test_an_export_of_participants_alone_has_groups_and_no_times(tmp_path: Path) -> None:
    write(
        tmp_path,
        "abc-participant-votes.csv",
        "participant,xid,group-id,n-votes,3,12\n1,,0,9,1,\n2,x,,9,,-1\n5,,1,0,,\n",
    )
    conversation = read_conversation(tmp_path)
    assert conversation.published_groups == {1: 0, 5: 1}
    assert conversation.votes.participants.tolist() == [1, 2]
    assert conversation.votes.statements.tolist() == [3, 12]


def test_json_lines_are_read(tmp_path: Path) -> None:
    lines = '{"participant": "a", "statement": 1, "vote": 1}\n{"participant": "b", "statement": 1, "vote": 0}\n'
    votes = read_votes_table(write(tmp_path, "votes.jsonl", lines)).votes
    assert votes.participants.tolist() == ["a", "b"]
    assert read_votes_table(write(tmp_path, "none.jsonl", "")).votes.size == 0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("votes.csv", "", "empty"),
        ("votes.csv", "a,b\n1,2\n", "no column"),
        ("votes.csv", "participant,statement,vote\n1,2\n", "row 2: 2 cells"),
        ("votes.csv", "participant,statement,vote\n1,2,yes\n", "“yes” is no vote"),
        ("votes.csv", "participant,statement,vote\n1,2,nan\n", "nan in row 1"),
        ("votes.csv", "participant,statement,vote,timestamp\n1,2,1,noon\n", "“noon” is no time"),
        ("votes.jsonl", "{\n", "line 1"),
        ("votes.jsonl", "[1]\n", "object"),
        ("votes.jsonl", '{"participant": 1, "statement": 1, "vote": 1}\n{"participant": 1}\n', "lacks"),
    ],
)
def test_what_is_no_table_of_votes_is_refused_with_file_and_place(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(VotesError, match=said) as refused:
        read_conversation(write(tmp_path, name, text))
    assert name in str(refused.value) or "row" in str(refused.value)


def test_a_folder_without_votes_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(VotesError, match="neither"):
        read_conversation(tmp_path)
    with pytest.raises(VotesError, match=r"none\.csv"):
        read_conversation(tmp_path / "none.csv")
    (tmp_path / "votes.csv").write_bytes(b"participant,statement,vote\n\xff,1,1\n")
    with pytest.raises(VotesError, match="UTF-8"):
        read_conversation(tmp_path)
