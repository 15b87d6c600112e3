"""The headers of mail, broken ones too: names, addresses, ids and dates."""

from zoneinfo import ZoneInfo

import pytest

from harken.core.talk.mail.dates import read_mail_date
from harken.core.talk.mail.headers import Mailbox, decode_header, read_ids, read_mailbox
from tests.core.talk.letters import MARCH, one, reasons


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("=?utf-8?B?R3LDtg==?= =?utf-8?B?w59l?=", "Größe"),
        ("=?utf-8?B?R3LD?=\n =?utf-8?B?tsOfZQ?=", "Größe"),  # a letter over two words, no padding
        ("=?iso-8859-1?Q?Gr=F6=DFe der R=E4ume?=", "Größe der Räume"),  # spaces inside
        ("x=?utf-8?q?=C3=B6?=y", "xöy"),  # no spaces around
        ("=?nothing?q?abc?=", "abc"),
        ("=?utf-8*de?q?=C3=B6?=", "ö"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("two\n lines", "two lines"),
    ],
)
def test_encoded_words_are_decoded_broken_ones_too(value: str, expected: str) -> None:
    assert decode_header(value) == expected


def test_raw_bytes_in_a_header_are_recovered() -> None:
    assert one("Subject: Größe\nFrom: Jörg <j@x>\n\nhi".encode("latin-1")).subject == "Größe"
    assert one("Subject: Größe\nFrom: Jörg <j@x>\n\nhi").author == Mailbox("Jörg", "j@x")


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("Ann <ann@Example.ORG>", "Ann", "ann@example.org"),
        ('"Lovelace, Ann" <ann@x.org>', "Lovelace, Ann", "ann@x.org"),
        ("ann@x.org (Ann Lovelace)", "Ann Lovelace", "ann@x.org"),
        ("ann at x.org (Ann)", "Ann", "ann@x.org"),
        ("<ann@x.org>", "", "ann@x.org"),
        ("Ann", "Ann", ""),
        ("=?utf-8?q?J=C3=B6rg=2C_Dr=2E?= <j@x.org>", "Jörg, Dr.", "j@x.org"),
        ('"ann@bank.org" <eve@x.org>', "ann@bank.org", "eve@x.org"),
        ('"<b>Ann</b>" <ann@x.org>', "<b>Ann</b>", "ann@x.org"),
    ],
)
def test_names_and_addresses_are_told_apart(value: str, name: str, address: str) -> None:
    assert read_mailbox(value) == Mailbox(name, address)


def test_ids_are_found_in_what_people_wrote_around_them() -> None:
    assert read_ids("Ann's message of Monday <1@x.org>") == ["1@x.org"]
    assert read_ids("<1@x.org><2@x.org> <1@x.org>") == ["1@x.org", "2@x.org"]
    assert read_ids("<1@x") == ["1@x"]
    assert read_ids("1@x.org") == ["1@x.org"]
    assert read_ids("your message") == []


@pytest.mark.parametrize(
    "value",
    [
        "Fri, 5 Mar 2021 01:00:00 +0100",
        "5 Mar 2021 01:00:00 +0100 (CET)",
        "Fri, 05 Mar 21 00:00 GMT",
        "Fri Mar  5 00:00:00 2021",
        "Thu, 4 Mar 2021 19:00:00 EST",
        "Fri, 5 Mar 2021 00:00:00 -0000",
        "Fri, 5 Mar 2021 01:00:00 GMT+0100",
        "2021-03-05 02:00:00 +02:00",
        "2021-03-05T00:00:00Z",
        "Fri, 5 Mar 2021 12:00:00 AM +0000",
    ],
)
def test_dates_of_mail_are_read_in_the_forms_they_have(value: str) -> None:
    assert read_mail_date(value) == MARCH


@pytest.mark.parametrize(
    "value", ["", "yesterday", "Fri, 32 Mar 2021 00:00:00 +0000", "1 Jan 1900 00:00 +0000", "5 Mar 2021 00:00 +9900"]
)
def test_an_impossible_date_is_none(value: str) -> None:
    assert read_mail_date(value) is None


def test_a_clock_without_a_zone_stands_in_that_of_the_source() -> None:
    assert read_mail_date("5 Mar 2021 05:30:00", ZoneInfo("Asia/Kolkata")) == MARCH


def test_a_message_with_an_impossible_date_has_none_and_says_so() -> None:
    mail = one("From: a@b.org\nDate: Fri, 99 Foo 2021\nMessage-ID: <a@b>\n\nhi")
    assert mail.at is None
    assert reasons(mail) == ["impossible_date"]
