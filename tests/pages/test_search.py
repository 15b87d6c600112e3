"""Search over the whole site leads on to what people say in each process."""

from django.test import Client

from tests.cast import Cast, text_of


def test_what_people_say_is_looked_for_in_each_process_one_sees(amina: Client, cast: Cast) -> None:
    stranger = Client()
    link = 'href="/processes/open-garden/inputs/?q=mud%20%26%20water"'
    assert link in text_of(stranger, "/search/?q=mud+%26+water")
    assert "/inputs/?q=" not in text_of(stranger, "/search/?q=+")
    cast.process.is_public = False
    cast.process.save()
    assert link not in text_of(stranger, "/search/?q=mud+%26+water")
    assert link in text_of(amina, "/search/?q=mud+%26+water")
