"""What tests of sources share."""

from dataclasses import replace
from typing import Any

from harken.core.talk.model import Post
from harken.inputs.actions.sources import (
    open_source,
)
from harken.inputs.models import Channel, Source
from tests.cast import Cast
from tests.inputs.saying import NOON, a_post


def unnamed(key: str, **more: Any) -> Post:
    """A post of which nobody says whose it is."""
    return replace(a_post(key, author="", **more), author_kind="unknown")


def a_salon(cast: Cast, **other: Any) -> Source:
    """Lines that a liaison collected from a body outside."""
    told: dict[str, Any] = {
        "actor": cast.chen,
        "process": cast.process,
        "channel": Channel.LIST,
        "key": "salon.txt",
        "title": "Salon",
        "address": "https://example.org/salon",
        "group_name": "Women of the north",
        "headcount": 40,
        "licence": "CC BY-SA 4.0",
        "lang": "en",
        "collected_at": NOON,
    }
    return open_source(**{**told, **other})
