"""The token in the form: handed out here, two days ago at the most, and not a moment ago."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.inputs.form_tokens import (
    FormForged,
    FormNotTaken,
    FormToken,
    FormTooOld,
    FormTooQuick,
    new_form_token,
    read_form_token,
)
from harken.inputs.models import Input
from harken.inputs.receipts import read_receipt, receipt_token

NOON = datetime.datetime(2026, 8, 9, 12, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


@given(seconds=st.integers(2, 2 * 24 * 60 * 60))
def test_a_form_comes_back_as_it_went_out(seconds: int) -> None:
    token = new_form_token(NOON)
    assert read_form_token(str(token), NOON + seconds * SECOND) == token


def test_no_two_forms_are_the_same() -> None:
    assert new_form_token(NOON).id != new_form_token(NOON).id


@pytest.mark.parametrize(
    ("age", "refusal"),
    [
        (datetime.timedelta(0), FormTooQuick),
        (1.9 * SECOND, FormTooQuick),
        (-datetime.timedelta(hours=1), FormTooQuick),
        (datetime.timedelta(days=2, seconds=1), FormTooOld),
        (datetime.timedelta(days=400), FormTooOld),
    ],
)
def test_a_form_that_is_too_old_or_too_quick_says_so(age: datetime.timedelta, refusal: type[FormNotTaken]) -> None:
    with pytest.raises(refusal, match="send it again"):
        read_form_token(str(new_form_token(NOON)), NOON + age)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: "\ud800",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token.replace("-", "-1", 1),
        lambda token: "a" + token,
        lambda token: f"{'0' * 32}-zzzzzzzzzzzzzzzz.{token.rpartition('.')[2]}",
        lambda token: receipt_token(Input(pk=7)),
    ],
    ids=["none", "no text", "cut", "longer", "another time", "another id", "made up", "a receipt"],
)
def test_a_token_that_was_not_made_here_is_not_taken(forge: object) -> None:
    assert callable(forge)
    with pytest.raises(FormForged):
        read_form_token(forge(str(FormToken("f" * 32, NOON))), NOON + 60 * SECOND)


@given(pk=st.integers(1, 2**63 - 1))
def test_a_receipt_names_its_input(pk: int) -> None:
    assert read_receipt(receipt_token(Input(pk=pk))) == pk


@pytest.mark.parametrize("token", ["", ".", "1", "7.AAAA", "日本.語", "\ud800.x", str(new_form_token(NOON))])
def test_no_receipt_can_be_guessed(token: str) -> None:
    assert read_receipt(token) is None


def test_the_signature_of_one_receipt_fits_no_other() -> None:
    _name, _dot, signature = receipt_token(Input(pk=7)).partition(".")
    assert read_receipt(f"8.{signature}") is None
