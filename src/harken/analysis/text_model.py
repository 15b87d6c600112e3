"""A text model at an address of the operator's, for `harken.core.sense.choose_quotes`; none unless one is named.

Any service with the chat completions interface (`POST …/chat/completions`), such as one on the same machine. What it
answers is trusted in nothing: `choose_quotes` holds it against the originals.

The address is the operator's, so it may lie in a private network, and people cannot change it. A redirect is not
followed: it would carry texts and key to somebody else.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Final

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from harken import __version__
from harken.core.sense import Message, Reply

__all__ = ["ChatModel", "ModelError", "configured_model"]

SECONDS: Final = 120.0
MOST_BYTES: Final = 2_000_000
_MOST_TOKENS: Final = 2_000


class ModelError(Exception):
    """The model's service does not answer, or not as it should; the message says what it does instead."""


class ChatModel:
    """A model behind an address; calling it asks it."""

    def __init__(
        self, address: str, name: str, key: str = "", *, seconds: float = SECONDS, most_bytes: int = MOST_BYTES
    ) -> None:
        """Speak to this model.

        Args:
            address: what comes before `/chat/completions`, such as `http://localhost:11434/v1`.
            name: of the model, as its service calls it.
            key: sent as a bearer token; "" for none.
            seconds: how long an answer may take in all, from connecting to its last byte.
            most_bytes: how long an answer may be.
        """
        self.address = address.rstrip("/") + "/chat/completions"
        self.name = name
        self._key = key
        self._seconds = seconds
        self._most_bytes = most_bytes

    def __call__(self, messages: Sequence[Message], *, seed: int) -> Reply:
        """Return the answer to these messages, drawn as little as the service allows. Raises `ModelError`."""
        parameters = {"temperature": 0, "max_tokens": _MOST_TOKENS}
        body = {"model": self.name, "messages": list(messages), "seed": seed, "stream": False, **parameters}
        return self._read(asyncio.run(self._ask(body)), parameters, seed)

    async def _ask(self, body: dict[str, Any]) -> bytes:
        """Return what the service answers. One limit holds for all of it, however slowly its bytes drip."""
        # Not compressed: a small answer must not become a large one.
        headers = {"User-Agent": f"Harken/{__version__}", "Accept": "application/json", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        client = httpx.AsyncClient(timeout=self._seconds, follow_redirects=False, trust_env=False, headers=headers)
        try:
            async with (
                asyncio.timeout(self._seconds),
                client,
                client.stream("POST", self.address, json=body) as response,
            ):
                return await self._take(response)
        except (TimeoutError, httpx.TimeoutException) as error:
            sentence = _("The text model at %(address)s took longer than %(seconds)s seconds.")
            raise self._error(sentence, seconds=f"{self._seconds:g}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            sentence = _("The text model at %(address)s could not be reached (%(reason)s).")
            raise self._error(sentence, reason=type(error).__name__) from error

    async def _take(self, response: httpx.Response) -> bytes:
        if response.status_code != httpx.codes.OK:
            sentence = _("The text model at %(address)s answered with %(status)s.")
            raise self._error(sentence, status=response.status_code)
        if response.headers.get("content-encoding", "identity") != "identity":
            raise self._error(_("The text model at %(address)s answered in a compressed form."))
        content = bytearray()
        async for piece in response.aiter_raw():
            content += piece
            if len(content) > self._most_bytes:
                sentence = _("The text model at %(address)s answered with more than %(bytes)s bytes.")
                raise self._error(sentence, bytes=self._most_bytes)
        return bytes(content)

    def _read(self, content: bytes, parameters: dict[str, Any], seed: int) -> Reply:
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self._error(_("The text model at %(address)s did not answer with JSON.")) from error
        try:
            text = answer["choices"][0]["message"]["content"]
        except (LookupError, TypeError) as error:
            raise self._error(_("The text model at %(address)s sent JSON that holds no message.")) from error
        if not isinstance(text, str) or not text.strip():
            raise self._error(_("The text model at %(address)s sent an empty message."))
        name, version = (str(answer.get(key) or "")[:200] for key in ("model", "system_fingerprint"))
        return Reply(text, name or self.name, version, parameters, seed)

    def _error(self, sentence: str, **values: Any) -> ModelError:
        return ModelError(sentence % {"address": self.address, **values})


def configured_model() -> ChatModel | None:
    """The model that the operator named (`HARKEN_MODEL_ADDRESS`), or None, which is the default."""
    if not settings.MODEL_ADDRESS:
        return None
    return ChatModel(settings.MODEL_ADDRESS, settings.MODEL_NAME, settings.MODEL_KEY)
