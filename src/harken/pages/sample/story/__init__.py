"""What people did with the drafts of the sample: read from `content/story/`, done through the actions, in order."""

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Final

from harken.pages.sample.content import read_toml
from harken.pages.sample.story.synthesis import Carry, Derive, Judge, LeaveOut, LetGo, Merge, Round, Split
from harken.pages.sample.story.texts import Invite, Keep, Link, Paper, ProposeLinks, Publish, Revise, Space
from harken.pages.sample.story.told import Event, Told
from harken.pages.sample.story.voices import (
    Accept,
    Approve,
    Decline,
    Discuss,
    RemarkOn,
    Resolve,
    Show,
    StatePosition,
    Suggest,
)

EVENTS: Final[Mapping[str, type[Event]]] = {
    "accept": Accept,
    "approve": Approve,
    "carry": Carry,
    "decline": Decline,
    "derive": Derive,
    "discuss": Discuss,
    "invite": Invite,
    "judge": Judge,
    "keep": Keep,
    "leave_out": LeaveOut,
    "let_go": LetGo,
    "link": Link,
    "merge": Merge,
    "paper": Paper,
    "position": StatePosition,
    "propose_links": ProposeLinks,
    "publish": Publish,
    "remark": RemarkOn,
    "resolve": Resolve,
    "revise": Revise,
    "round": Round,
    "show": Show,
    "space": Space,
    "split": Split,
    "suggest": Suggest,
}
"""What can happen, by the word that `do` has in the files."""


def read_story() -> Iterator[Event]:
    """Everything that happens, in the order of the files and within them."""
    folder = resources.files("harken.pages.sample").joinpath("content", "story")
    for name in sorted(file.name for file in folder.iterdir()):
        for raw in read_toml("story", name)["events"]:
            yield EVENTS[raw["do"]].read({key: value for key, value in raw.items() if key != "do"})


def tell_story(told: Told) -> None:
    """Let everything happen, in a process that has its people, groups and drafts, and no phase yet."""
    for event in read_story():
        event.tell(told)
