"""The address that a speaker alone has: a signed name of the input. Whoever holds it may correct and withdraw.

It does not expire, since an answer may take a year.
"""

from typing import Final

from django.core import signing

from harken.inputs.models import Input

_SIGNER: Final = signing.Signer(salt="harken.inputs.receipt", sep=".")
_MOST: Final = 2**63


def receipt_token(said: Input) -> str:
    """What the address of an input's receipt ends with."""
    return _SIGNER.sign(signing.b62_encode(said.pk))


def read_receipt(token: str) -> int | None:
    """The input's id that `receipt_token` signed; None for anything else."""
    try:
        pk = signing.b62_decode(_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return pk if 0 < pk < _MOST else None
