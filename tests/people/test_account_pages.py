"""Accounts: signing up, in and out, codes by mail, passwords, addresses; each page in the site's own words."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from harken.people.models import User
from harken.settings import EMAIL_BACKEND, EMAIL_FILE_PATH
from tests.cast import PASSWORD, Cast


@pytest.fixture(autouse=True)
def _no_former_attempts() -> None:
    """Attempts are counted in the cache, which outlives a test."""
    cache.clear()


def text_of(client: Client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def sign_in(client: Client, login: str, password: str = PASSWORD) -> str:
    """Where signing in leads, or the page that refuses it."""
    response = client.post("/account/login/", {"login": login, "password": password})
    return str(response.headers.get("Location", response.content.decode()))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["dalia", "dalia@example.org"])
def test_one_signs_in_by_name_or_address(client: Client, cast: Cast, login: str) -> None:
    assert sign_in(client, login) == "/"
    assert is_signed_in(client)


def test_signing_in_leads_back_to_where_one_was(client: Client, cast: Cast) -> None:
    page = text_of(client, "/account/login/?next=/processes/open-garden/")
    assert 'name="next" value="/processes/open-garden/"' in page
    fields = {"login": "dalia", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/account/login/", fields).headers["Location"] == "/"


def test_a_wrong_password_says_so_and_not_whether_the_account_exists(client: Client, cast: Cast) -> None:
    pages = [sign_in(client, login, "wrong") for login in ("dalia", "nobody")]
    lines = [re.findall(r"<li>(.*?)</li>", page.partition('role="alert"')[2])[0] for page in pages]
    assert lines[0] == lines[1]
    assert 'value="dalia"' in pages[0], "what was typed stays"
    assert "wrong" not in re.findall(r'value="([^"]*)"', pages[0]), "but not the password"


def test_the_sign_in_page_names_no_logins(client: Client, cast: Cast) -> None:
    page = text_of(client, "/account/login/").lower()
    assert not [name for name in ("amina", "bruno", "chen", "dalia", "mend-and-lend") if name in page]


def test_signing_out_takes_a_press_of_a_button(client: Client, cast: Cast) -> None:
    client.force_login(cast.dalia)
    assert "You are signed in as Dalia." in text_of(client, "/account/logout/")
    assert is_signed_in(client)
    client.post("/account/logout/")
    assert not is_signed_in(client)


def test_an_account_is_opened_with_a_name_and_a_password(client: Client, cast: Cast) -> None:
    assert "/account/signup/" in text_of(client, "/account/login/")
    assert "A pseudonym is as good as any name." in text_of(client, "/account/signup/")
    client.post("/account/signup/", {"username": "heron", "password1": "a grey bird on one leg"})
    assert User.objects.get(username="heron").email == ""
    assert is_signed_in(client)
    assert not mail.outbox


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "dalia", "password1": "a grey bird on one leg"}, "username"),
        ({"username": "heron", "password1": "short"}, "password1"),
        ({"username": "heron", "email": "nowhere", "password1": "a grey bird on one leg"}, "email"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(client: Client, cast: Cast, fields: dict[str, str], field: str) -> None:
    page = client.post("/account/signup/", fields).content.decode()
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}_error"' in page
    assert f'value="{fields["username"]}"' in page
    assert User.objects.count() == 6


def test_a_closed_site_offers_no_accounts(client: Client, cast: Cast, settings: Settings) -> None:
    settings.OPEN_SIGNUP = False
    assert "/account/signup/" not in text_of(client, "/account/login/")
    assert "No new accounts can be opened here" in text_of(client, "/account/signup/")
    page = client.post("/account/signup/", {"username": "heron", "password1": "a grey bird on one leg"})
    assert "No new accounts can be opened here" in page.content.decode()
    assert not User.objects.filter(username="heron").exists()


def test_a_code_by_mail_signs_in(client: Client, cast: Cast) -> None:
    assert "/account/login/code/" in text_of(client, "/account/login/")
    assert "Send the code" in text_of(client, "/account/login/code/")
    client.post("/account/login/code/", {"email": "dalia@example.org"})
    [message] = mail.outbox
    assert message.subject == "[Harken] Your code to sign in"
    code = re.findall(r"^([A-Z0-9-]{6,})$", str(message.body), re.MULTILINE)[0]
    assert "A code is on its way to dalia@example.org." in text_of(client, "/account/login/code/confirm/")
    refused = client.post("/account/login/code/confirm/", {"code": "wrong"}).content.decode()
    assert "This code was not accepted." in refused
    assert not is_signed_in(client)
    client.post("/account/login/code/confirm/", {"code": code})
    assert is_signed_in(client)


def test_a_code_for_an_unknown_address_tells_its_owner_alone(client: Client, cast: Cast) -> None:
    known = client.post("/account/login/code/", {"email": "dalia@example.org"}).headers["Location"]
    unknown = Client().post("/account/login/code/", {"email": "nobody@example.org"}).headers["Location"]
    assert known == unknown
    assert mail.outbox[1].to == ["nobody@example.org"]
    assert "There is none." in str(mail.outbox[1].body)


def test_mail_is_written_to_files_without_a_server() -> None:
    assert EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend"
    assert EMAIL_FILE_PATH.name == "mail"


def test_a_forgotten_password_is_replaced_by_way_of_a_mail(client: Client, cast: Cast) -> None:
    assert "/account/password/reset/" in text_of(client, "/account/login/")
    assert client.post("/account/password/reset/", {"email": "dalia@example.org"}).status_code == 302
    assert "Look into your mail" in text_of(client, "/account/password/reset/done/")
    body = str(mail.outbox[0].body)
    assert "Your user name is dalia." in body
    [place] = re.findall(r"http://testserver(/account/password/reset/key/\S+)", body)
    form = client.get(place).headers["Location"]
    assert "Choose a new password" in text_of(client, form)
    client.post(form, {"password1": "another grey bird", "password2": "another grey bird"})
    assert sign_in(client, "dalia", "another grey bird") == "/"
    assert "This link no longer works" in text_of(Client(), place)


def test_a_password_is_changed_and_its_owner_is_told(client: Client, cast: Cast) -> None:
    sign_in(client, "dalia")
    place = "/account/password/change/"
    fields = {"oldpassword": "wrong", "password1": "another grey bird", "password2": "another grey bird"}
    assert "The password is still the old one." in client.post(place, fields).content.decode()
    client.post(place, fields | {"oldpassword": PASSWORD})
    cast.dalia.refresh_from_db()
    assert cast.dalia.check_password("another grey bird")


def test_addresses_are_added_confirmed_and_removed(client: Client, cast: Cast) -> None:
    sign_in(client, "dalia")
    place = "/account/email/"
    client.post(place, {"action_add": "", "email": "other@example.org"})
    page = text_of(client, place)
    assert "other@example.org" in page
    assert "not confirmed yet" in page
    body = str(mail.outbox[-1].body)
    assert body.startswith("Hello Dalia,")
    [confirm] = re.findall(r"http://testserver(/account/confirm-email/\S+)", body)
    assert "Does other@example.org belong to you, Dalia?" in text_of(client, confirm)
    client.post(confirm)
    assert "confirmed</span>" in text_of(client, place)
    client.post(place, {"action_remove": "", "email": "other@example.org"})
    assert "other@example.org</bdi>" in text_of(client, place), "the address one is written to first stays"
    client.post(place, {"action_remove": "", "email": "dalia@example.org"})
    assert "dalia@example.org</bdi>" not in text_of(client, place)
    refused = client.post(place, {"action_add": "", "email": "nowhere"}).content.decode()
    assert "The address was not added." in refused


def test_a_confirmation_that_is_too_old_says_what_to_do(client: Client, cast: Cast) -> None:
    assert "This link no longer works" in text_of(client, "/account/confirm-email/long-gone/")


@pytest.mark.parametrize(
    "place", ["login", "signup", "login/code", "password/reset", "password/reset/done", "inactive"]
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_a_page_of_this_site(client: Client, cast: Cast, place: str, language: str) -> None:
    with translation.override("en"):  # a request leaves its language behind
        page = text_of(client, f"{'' if language == 'en' else '/ar'}/account/{place}/")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert "harken/bench.css" in page
    assert page.count("<h1") == 1
    assert "<script>" not in page
    assert " style=" not in page


@pytest.mark.parametrize("place", ["email", "password/change", "logout"])
def test_every_page_for_somebody_signed_in_is_a_page_of_this_site(client: Client, cast: Cast, place: str) -> None:
    client.force_login(cast.dalia)
    page = text_of(client, f"/account/{place}/")
    assert page.count("<h1") == 1
    assert "account.js" not in page


def test_a_mail_ends_with_the_site_and_its_address(client: Client, cast: Cast) -> None:
    client.post("/account/login/code/", {"email": "dalia@example.org"})
    assert str(mail.outbox[0].body).endswith("Harken\nhttp://testserver/")
