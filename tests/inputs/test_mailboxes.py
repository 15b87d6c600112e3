"""Mailboxes that are polled: each message once, from where the last time ended, and nothing in them is changed."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from django.conf import LazySettings

from harken.__main__ import cli
from harken.base.models import AuditEvent
from harken.base.periodic import registered_periodic
from harken.base.permits import OPERATOR, Refused
from harken.inputs.actions import polling
from harken.inputs.actions.polling import READ, MailboxesFailed, poll_mailbox, poll_mailboxes
from harken.inputs.mailboxes import PIECE, CannotReadMailbox, open_mailbox, take_apart
from harken.inputs.models import Attachment, Consent, Input, Source, Wording
from tests.cast import Cast, add_round
from tests.inputs.mail_server import PASSWORD, Post, a_letter, serve


@pytest.fixture
def post() -> Iterator[Post]:
    with serve(Post()) as post:
        yield post


def address(post: Post, folder: str = "INBOX", password: str = PASSWORD, **more: str) -> str:
    asked = "&".join(f"{name}={quote(value)}" for name, value in {"process": "open-garden", **more}.items())
    user = quote("inbox@harken.example", safe="")
    return f"imap://{user}:{quote(password)}@127.0.0.1:{post.port}/{quote(folder)}?{asked}"


def poll(post: Post, **more: str) -> tuple[int, int, int]:
    report = poll_mailbox(actor=OPERATOR, mailbox=take_apart(address(post, **more)))
    return (report.added, report.changed, report.same) if report else (0, 0, 0)


def test_what_came_is_taken_in_once_and_what_follows_later(cast: Cast, post: Post) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    post.add(a_letter(1))
    post.add(a_letter(2, reply_to=1, name="Ben"))
    assert poll(post, document="AD-R1", consent="public", lang="en") == (2, 0, 0)
    assert poll(post) == (0, 0, 0)
    post.add(a_letter(3, reply_to=2))
    assert poll(post) == (1, 0, 0)
    assert post.fetched() == [1, 2, 3]
    said = Input.objects.order_by("order_key")
    assert [(one.external_id, one.depth, one.document_id is not None) for one in said] == [
        ("1@example.org", 1, True),
        ("2@example.org", 2, True),
        ("3@example.org", 3, False),
    ]
    source = Source.objects.order_by("pk")[0]
    assert (source.channel, source.key, source.consent) == ("mail", "inbox@harken.example@127.0.0.1/INBOX", "public")
    assert [one.source.consent for one in said.select_related("source")] == ["public", "public", "nameless"], (
        "a mailbox that is to be read by fewer holds for what comes from then on"
    )


def test_nothing_in_the_mailbox_is_changed(cast: Cast, post: Post) -> None:
    post.add(a_letter(1))
    poll(post)
    verbs = {" ".join(line.split()[:2]) for line in post.asked}
    assert verbs == {"CAPABILITY", "LOGIN", 'EXAMINE "INBOX"', "UID SEARCH", "UID FETCH", "LOGOUT"}


def test_a_mailbox_that_numbers_anew_is_read_anew_and_adds_nothing(cast: Cast, post: Post) -> None:
    for number in (1, 2):
        post.add(a_letter(number))
    poll(post)
    post.validity += 1
    post.add(a_letter(3))
    assert poll(post) == (1, 0, 2)
    assert post.fetched() == [1, 2, 1, 2, 3]


def test_a_lost_connection_costs_at_most_a_batch(cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "BATCH", 2)
    for number in range(1, 7):
        post.add(a_letter(number))
    post.breaks_at = 6
    with pytest.raises(CannotReadMailbox, match="could not be read"):
        poll(post)
    assert Input.objects.count() == 4
    post.breaks_at = 0
    assert poll(post) == (2, 0, 0)
    assert post.fetched() == [1, 2, 3, 4, 5, 6, 5, 6]
    last = AuditEvent.objects.filter(verb=READ).order_by("-id")[0]
    assert last.detail == {"validity": 7, "number": 6}


def test_no_more_than_a_share_is_taken_at_a_time(cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST_MESSAGES", 2)
    for number in range(1, 6):
        post.add(a_letter(number))
    assert [poll(post) for _time in range(4)] == [(2, 0, 0), (2, 0, 0), (1, 0, 0), (0, 0, 0)]


def test_a_message_that_somebody_took_away_meanwhile_is_passed_over(cast: Cast, post: Post) -> None:
    for number in (1, 2):
        post.add(a_letter(number))
    with open_mailbox(take_apart(address(post))) as session:
        assert list(session.numbers_after(0)) == [1, 2]
        del post.messages[1]
        assert session.read(1) is None
        assert session.read(2) is not None
    assert poll(post) == (1, 0, 0)


def test_other_words_under_a_known_id_put_nothing_into_its_authors_mouth(cast: Cast, post: Post) -> None:
    post.add(a_letter(1, "I am for it."))
    assert poll(post) == (1, 0, 0)
    post.add(a_letter(1, "I am against it."))
    assert poll(post) == (1, 0, 0)
    post.add(a_letter(1, "I am against it."))
    assert poll(post) == (0, 0, 1)
    assert [one.versions for one in Input.objects.all()] == [1, 1]
    assert Wording.objects.get(input__external_id="1@example.org").text == "I am for it."


def test_our_own_mail_and_robots_are_not_input_and_stay_in_the_mailbox(
    cast: Cast, post: Post, settings: LazySettings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Harken <harken@strategy.example>"
    settings.PUBLIC_ADDRESS = "https://strategy.example"
    letter = a_letter(1).decode()
    for changed in (
        letter.replace("ann@example.org", "harken@strategy.example"),
        letter.replace("<1@example.org>", "<news-4@strategy.example>"),
        letter.replace("Subject:", "X-Loop: inbox@harken.example\nSubject:"),
        letter.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:"),
        letter.replace("Subject:", "Precedence: bulk\nSubject:"),
    ):
        post.add(changed)
    report = poll_mailbox(actor=OPERATOR, mailbox=take_apart(address(post)))
    assert report is not None
    assert report.reasons == {"automatic_loop": 3, "automatic_absence": 1, "automatic_robot": 1}
    assert not Input.objects.exists()
    assert poll(post) == (0, 0, 0)
    assert len(post.messages) == 5


def test_an_attachment_of_thirty_megabytes_comes_in_pieces(cast: Cast, post: Post) -> None:
    letter = (
        a_letter(1)
        .decode()
        .replace("\n\n", '\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n\n', 1)
    )
    letter = letter.replace("Content-Type: text/plain", "X-Was: text/plain", 1)
    line = "QUJD" * 19 + "\n"
    body = line * (30_000_000 // 57)
    post.add(
        f'{letter}\n--x\nContent-Type: image/png; name="map.png"\nContent-Transfer-Encoding: base64\n\n{body}--x--\n'
    )
    assert poll(post) == (1, 0, 0)
    file = Attachment.objects.get()
    assert (file.name, file.media_type, file.size) == ("map.png", "image/png", 30_000_000 // 57 * 57)
    assert Wording.objects.get().text == "I say 1."
    assert len(post.fetched()) > 40
    assert max(post.given) <= PIECE


def test_what_cannot_be_read_is_told_without_the_password(cast: Cast, post: Post) -> None:
    post.add(a_letter(1))
    for wrong, said in (
        (address(post, password="another one"), "wrong password"),
        (address(post, password="grün"), "plain letters only"),
        (address(post, folder="Absent"), "no such folder"),
        (address(post).replace(str(post.port), "1"), "could not be read"),
        (address(post, process="none-such"), "none-such"),
        (address(post, document="XX-R9"), "XX-R9"),
        (address(post).replace("127.0.0.1", "[::ffff:127.0.0.1]"), "no encryption"),
    ):
        mailbox = take_apart(wrong)
        with pytest.raises(CannotReadMailbox) as told:
            poll_mailbox(actor=OPERATOR, mailbox=mailbox)
        assert said in str(told.value)
        assert "\n" not in str(told.value)
        assert mailbox.password not in str(told.value)
        assert mailbox.password not in repr(mailbox)
    assert not Input.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        "pop3://a:b@mail.example.org/?process=x",
        "imaps://mail.example.org/?process=x",
        "imaps://a:b@mail.example.org/INBOX",
        "imaps://a:b@mail.example.org/?process=x&consent=all",
        "imaps://a:b@mail.example.org/?process=x&zone=Nowhere",
        "imaps://a:b@mail.example.org/?process=x&pass=word",
        "imaps://a:b@mail.example.org:port/?process=x",
    ],
)
def test_a_mailbox_that_is_named_wrongly_is_told(wrong: str) -> None:
    with pytest.raises(CannotReadMailbox, match=r"mail\.example\.org"):
        take_apart(wrong)


def test_a_mailbox_says_its_terms() -> None:
    said = "imaps://ann%40example.org:p%2Fw@mail.example.org/B%C3%BCro/A&B?process=x&own=list.example.org&own=news-*@x"
    box = take_apart(said.replace("A&B", "A%26B") + "&zone=Europe/Berlin")
    assert (box.host, box.port, box.is_tls, box.user, box.password) == (
        "mail.example.org",
        993,
        True,
        "ann@example.org",
        "p/w",
    )
    assert (box.folder, box.consent, str(box.zone)) == ("Büro/A&B", Consent.NAMELESS, "Europe/Berlin")
    assert set(box.own) >= {"list.example.org", "news-*@x", "ann@example.org"}


def test_one_mailbox_that_fails_keeps_none_from_being_read(cast: Cast, post: Post, settings: LazySettings) -> None:
    post.add(a_letter(1))
    settings.MAILBOXES = [address(post, folder="Absent"), address(post)]
    with pytest.raises(MailboxesFailed, match="no such folder"):
        poll_mailboxes()
    assert Input.objects.count() == 1
    told = CliRunner().invoke(cli, ["inputs", "poll"])
    assert (told.exit_code, "no such folder" in told.output) == (2, True)
    settings.MAILBOXES = [address(post)]
    post.add(a_letter(2))
    told = CliRunner().invoke(cli, ["inputs", "poll"])
    assert (told.exit_code, told.output) == (
        0,
        "inbox@harken.example@127.0.0.1/INBOX: 1 inputs added, 0 there already; 0 remarks.\n",
    )
    assert "nothing new" in CliRunner().invoke(cli, ["inputs", "poll"]).output
    settings.MAILBOXES = []
    assert "HARKEN_MAILBOXES" in CliRunner().invoke(cli, ["inputs", "poll"]).output


def test_workers_poll(cast: Cast, post: Post, settings: LazySettings) -> None:
    settings.MAILBOXES = [address(post)]
    post.add(a_letter(1))
    [run] = [periodic.run for periodic in registered_periodic() if periodic.name == "poll mailboxes"]
    run()
    assert Input.objects.count() == 1


def test_only_who_may_bring_input_in_polls(cast: Cast, post: Post) -> None:
    with pytest.raises(Refused):
        poll_mailbox(actor=cast.dalia, mailbox=take_apart(address(post)))
    assert not post.asked
