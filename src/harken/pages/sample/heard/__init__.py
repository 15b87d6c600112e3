"""What people say about the sample: on the site, elsewhere and at meetings, and what becomes of it."""

from typing import Final

from harken.inputs.actions.campaigns import judge_campaign
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.models import Campaign, Input
from harken.pages.sample.heard.acts import set_the_rules, work_with_it
from harken.pages.sample.heard.brought import bring_what_was_said_elsewhere
from harken.pages.sample.heard.composing import compose_comments
from harken.pages.sample.heard.content import read_conversations, read_letters
from harken.pages.sample.heard.meetings import hold_meetings
from harken.pages.sample.heard.room import Room
from harken.pages.sample.heard.spoken import speak_on_the_site
from harken.pages.sample.story.told import Told

_SEED: Final = 1906
_MODERATOR: Final = "gulnara"


def let_people_speak(told: Told) -> None:
    """Let everybody speak in a process that has its texts and no phase yet, and let others work with what was said."""
    room = Room(told)
    set_the_rules(room)
    conversations, letters = read_conversations(), read_letters()
    comments = compose_comments(_SEED)
    bring_what_was_said_elsewhere(room, conversations, comments, letters)
    speak_on_the_site(room, conversations, comments, letters, _SEED)
    hold_meetings(room)
    _name_what_was_brought(room)
    work_with_it(room)


def _name_what_was_brought(room: Room) -> None:
    """Find the posts that acts speak of among those that came as files: by their words."""
    for conversation in read_conversations():
        for post in conversation.posts:
            if post.name and post.name not in room.said:
                begins = post.said.split("\n")[0]
                found = Input.objects.filter(process=room.told.process, wordings__text__startswith=begins)
                room.said[post.name] = found.get()


def prepare_what_was_said(told: Told) -> None:
    """Do at once what a worker does with new input, and let a moderator judge the larger of the campaigns."""
    prepare_inputs()
    campaign = Campaign.objects.filter(process=told.process).order_by("-size").first()
    if campaign is not None:
        judge_campaign(
            actor=told.people[_MODERATOR],
            process=told.process,
            campaign=campaign,
            is_confirmed=True,
            title="The manual belongs to the owner: a letter from Yorkshire",
        )
