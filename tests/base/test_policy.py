"""Every answer says what a page may load and run."""

import pytest
from django.test import Client, override_settings

from tests.cast import Cast

HEADER = "Content-Security-Policy"


@pytest.mark.parametrize("address", ["/", "/processes/open-garden/", "/processes/open-garden/say/", "/nowhere/"])
def test_nothing_runs_that_is_not_ours(client: Client, cast: Cast, address: str) -> None:
    policy = dict(part.strip().split(" ", 1) for part in client.get(address)[HEADER].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == ("'none'", "'none'", "'self'")


@pytest.mark.django_db
def test_djangos_pages_for_developers_keep_their_looks(client: Client) -> None:
    with override_settings(DEBUG=True):
        assert HEADER not in client.get("/nowhere/")
        assert HEADER in client.get("/")
