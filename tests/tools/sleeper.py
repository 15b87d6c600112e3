"""A plugin that makes pytest wait, for the test that stops it in the middle."""

import time

import pytest


def pytest_collection(session: pytest.Session) -> None:
    time.sleep(300)
