"""How well threads agree with threads that are known: precision and recall of posts and what is in them."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harken.core.talk.model import Post, Thread
from harken.core.talk.wiki import read_talk_html, read_wiki_data

__all__ = ["MEASURES", "Score", "read_cases", "score_threads", "show_table"]

MEASURES = ("posts", "authors", "timestamps", "levels", "parents")


@dataclass(frozen=True)
class Said:
    """One post as it is compared: who, when (to the minute), how deep, under which heading, below what."""

    author: str
    at: str
    level: int
    parent: str


@dataclass
class Score:
    """Right, found and known, by measure."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Score") -> None:
        self.right += other.right
        self.found += other.found
        self.known += other.known

    def precision(self, measure: str) -> float:
        return self.right[measure] / self.found[measure] if self.found[measure] else 1.0

    def recall(self, measure: str) -> float:
        return self.right[measure] / self.known[measure] if self.known[measure] else 1.0


def score_threads(threads: Iterable[Thread], expected: Iterable[Mapping[str, Any]]) -> Score:
    """Compare threads with those of a case; a post is the same if author and minute are.

    Authors and timestamps are counted on their own, too. A level or a parent is right if it stands on the same post.
    """
    found, known = list(_said_in(threads)), list(_said_in_case(expected))
    score = Score()
    for measure, key in (
        ("posts", lambda said: (said.author, said.at)),
        ("authors", lambda said: said.author),
        ("timestamps", lambda said: said.at),
        ("levels", lambda said: (said.author, said.at, said.level)),
        ("parents", lambda said: (said.author, said.at, said.parent)),
    ):
        theirs, ours = Counter(map(key, known)), Counter(map(key, found))
        score.right[measure] = (theirs & ours).total()
        score.found[measure], score.known[measure] = ours.total(), theirs.total()
    return score


def _said_in(threads: Iterable[Thread]) -> Iterator[Said]:
    for thread in threads:
        stack: list[tuple[Post, str]] = [(post, f"thread of {_first(thread)}") for post in reversed(thread.posts)]
        while stack:
            post, parent = stack.pop()
            at = post.at.strftime("%Y%m%d%H%M") if post.at is not None else ""
            yield Said(post.author, at, post.depth, parent)
            stack += [(reply, f"{post.author} {at}") for reply in reversed(post.replies)]


def _first(thread: Thread) -> str:
    if not thread.posts or thread.posts[0].at is None:
        return ""
    return f"{thread.posts[0].author} {thread.posts[0].at:%Y%m%d%H%M}"


def _said_in_case(expected: Iterable[Mapping[str, Any]]) -> Iterator[Said]:
    # A sub-heading stands among the headings and once more below the heading above it.
    for heading in expected:
        comments = [reply for reply in heading["replies"] if reply["type"] == "comment"]
        first = f"thread of {comments[0]['author']} {_minute(comments[0])}" if comments else ""
        stack = [(comment, first) for comment in reversed(comments)]
        while stack:
            comment, parent = stack.pop()
            yield Said(comment["author"], _minute(comment), comment["level"], parent)
            below = f"{comment['author']} {_minute(comment)}"
            stack += [(reply, below) for reply in reversed(comment["replies"]) if reply["type"] == "comment"]


def _minute(comment: Mapping[str, Any]) -> str:
    return "".join(sign for sign in comment["timestamp"] if sign.isdigit())[:12]


def read_cases(folder: Path) -> Iterator[tuple[str, str, str, list[Any], dict[str, Any], dict[str, Any]]]:
    """Yield name, page title, HTML, expected threads, signature data and configuration of every case in a folder."""
    for case in json.loads((folder / "cases.json").read_text()):
        name = case["case"]
        yield (
            name,
            case["title"],
            (folder / "cases" / name / f"{name}.html").read_text(),
            json.loads((folder / "cases" / name / f"{name}.json").read_text()),
            json.loads((folder / "wikis" / case["data"]).read_text()),
            json.loads((folder / "wikis" / case["config"]).read_text()),
        )


def show_table(scores: Mapping[str, Score]) -> str:
    """Return precision/recall of every case, one line each, and of all together."""
    total = Score()
    lines = [f"{'case':28}{'posts':>7}" + "".join(f"{measure:>14}" for measure in MEASURES)]
    for name, score in scores.items():
        total.add(score)
        lines.append(_row(name, score))
    return "\n".join([*lines, _row("all", total)])


def _row(name: str, score: Score) -> str:
    cells = (f"{score.precision(measure):.3f}/{score.recall(measure):.3f}" for measure in MEASURES)
    return f"{name:28}{score.known['posts']:7}" + "".join(f"{cell:>14}" for cell in cells)


if __name__ == "__main__":
    sys.stdout.write(
        show_table(
            {
                name: score_threads(read_talk_html(html, read_wiki_data(data, config), title).threads, expected)
                for name, title, html, expected, data, config in read_cases(Path(sys.argv[1]))
            }
        )
        + "\n"
    )
