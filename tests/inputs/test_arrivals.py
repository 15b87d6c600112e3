"""What arrives by the form: taken, held with a reason, or too much at a time."""

import datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone

from harken.base.addresses import sender_address
from harken.base.models import AuditEvent
from harken.inputs.actions.arrivals import (
    FLOOD,
    MOST_OF_ONE_FORM,
    Cause,
    TooMany,
    Verdict,
    carry_out_verdict,
    forget_arrivals,
    judge_arrival,
    network_of,
    read_reasons,
)
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.models import Arrival, InputRules, Moderation, Standing
from harken.inputs.permissions import inputs_visible_to
from harken.inputs.queries.moderation import HELD_VERB
from tests.cast import Cast

NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


def judge(cast: Cast, text: str = "I agree.", network: str = "n", **more: object) -> Verdict:
    rules = InputRules(process=cast.process, **more)
    return judge_arrival(cast.process, rules, Said(text), network, NOW)


def causes(verdict: Verdict) -> list[str]:
    return [reason.cause for reason in verdict.reasons]


def arrive(cast: Cast, count: int, network: str = "n", ago: datetime.timedelta = MINUTE, token: str = "") -> None:
    Arrival.objects.bulk_create(
        Arrival(process=cast.process, network=network, token=token or f"t{number}", at=NOW - ago)
        for number in range(count)
    )


def test_neighbours_share_a_network_and_strangers_do_not() -> None:
    day = NOW.date()
    assert network_of("192.0.2.1", day) == network_of("192.0.2.254", day) != network_of("192.0.3.1", day)
    assert (
        network_of("2001:db8:1:2::3", day) == network_of("2001:db8:1:ffff::9", day) != network_of("2001:db8:2::3", day)
    )
    assert network_of("::ffff:192.0.2.7", day) == network_of("192.0.2.1", day)
    assert network_of("fe80::1%eth0", day) == network_of("fe80::2", day)
    assert network_of("", day) == network_of("<script>", day)


def test_nobody_can_follow_a_network_from_day_to_day() -> None:
    day = NOW.date()
    assert network_of("192.0.2.1", day) != network_of("192.0.2.1", day + datetime.timedelta(days=1))
    assert "192.0.2" not in network_of("192.0.2.1", day)
    assert len(network_of("192.0.2.1", day)) == Arrival._meta.get_field("network").max_length


def test_what_is_said_in_a_usual_way_is_taken_at_once(cast: Cast) -> None:
    assert judge(cast, "I agree, see https://a.example and www.b.example.") == Verdict()


def test_links_beyond_the_rule_are_held_and_the_reason_says_how_many(cast: Cast) -> None:
    verdict = judge(cast, "www.a.example www.b.example", most_links=1)
    assert verdict.standing == Standing.HELD
    assert [(reason.cause, reason.seen) for reason in verdict.reasons] == [(Cause.LINKS, "2")]
    assert causes(judge(cast, "Buy at pills.example", refused_hosts=["pills.example"])) == [Cause.HOST]
    assert causes(judge(cast, "[https://a.example](https://b.example)")) == [Cause.HIDDEN_LINK]


def test_answers_to_guiding_questions_are_looked_at_too(cast: Cast) -> None:
    said = Said("", responses=[(None, "pills.example")])  # type: ignore[list-item] # only the words matter here
    rules = InputRules(process=cast.process, refused_hosts=["pills.example"])
    assert causes(judge_arrival(cast.process, rules, said, "n", NOW)) == [Cause.HOST]


def test_a_process_may_have_everything_looked_at_first_except_what_its_moderators_say(cast: Cast) -> None:
    assert causes(judge(cast, moderation=Moderation.BEFORE)) == [Cause.RULE]
    rules = InputRules(process=cast.process, moderation=Moderation.BEFORE)
    assert judge_arrival(cast.process, rules, Said("I."), "n", NOW, actor=cast.amina) == Verdict()
    assert judge_arrival(cast.process, rules, Said("I."), "n", NOW, actor=cast.dalia).standing == Standing.HELD


def test_much_from_one_network_is_held_and_not_lost(cast: Cast) -> None:
    arrive(cast, 2)
    arrive(cast, 5, "another")
    arrive(cast, 5, ago=61 * MINUTE)
    assert judge(cast, posts_per_hour=3) == Verdict()
    assert causes(judge(cast, posts_per_hour=2)) == [Cause.MANY]
    assert judge(cast, network="third", posts_per_hour=2) == Verdict()


def test_a_flood_is_refused_in_words_that_say_what_to_do(cast: Cast) -> None:
    arrive(cast, FLOOD - 1)
    assert causes(judge(cast, posts_per_hour=1)) == [Cause.MANY]
    arrive(cast, 1)
    with pytest.raises(TooMany, match="send it again later"):
        judge(cast, posts_per_hour=1)
    assert judge(cast, posts_per_hour=0) == Verdict()


def test_one_form_sent_over_and_over_is_refused(cast: Cast) -> None:
    arrive(cast, MOST_OF_ONE_FORM, token="one")
    rules = InputRules(process=cast.process)
    assert judge_arrival(cast.process, rules, Said("I."), "n", NOW, token="two") == Verdict()
    with pytest.raises(TooMany):
        judge_arrival(cast.process, rules, Said("I."), "n", NOW, token="one")


def test_a_held_input_is_kept_from_readers_and_says_why_to_moderators(cast: Cast) -> None:
    recorded = record_input(actor=cast.dalia, process=cast.process, said=Said("www.a.example"))
    carry_out_verdict(actor=cast.dalia, recorded=recorded, verdict=judge(cast, "www.a.example", most_links=0))
    assert not inputs_visible_to(cast.farid, cast.process).exists()
    assert inputs_visible_to(cast.amina, cast.process).exists()
    event = AuditEvent.objects.get(verb=HELD_VERB)
    assert event.subject_id == recorded.pk
    assert [reason.cause for reason in read_reasons(event.detail)] == [Cause.LINKS]
    assert read_reasons({"reasons": [{"cause": "of a later version"}]}) == ()


def test_judging_asks_the_database_once(cast: Cast, django_assert_num_queries: object) -> None:
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        judge(cast, posts_per_hour=3)
    with django_assert_num_queries(0):
        judge(cast, posts_per_hour=0)


def test_what_a_stranger_writes_into_the_header_of_proxies_is_not_believed(
    rf: RequestFactory, settings: object
) -> None:
    def sent(proxies: int, said: str | None) -> str:
        settings.PROXIES = proxies  # type: ignore[attr-defined] # pytest-django's wrapper
        headers = {} if said is None else {"X-Forwarded-For": said}
        return sender_address(rf.get("/", headers=headers, REMOTE_ADDR="10.0.0.1"))

    assert sent(0, "203.0.113.9") == "10.0.0.1"
    assert sent(1, "203.0.113.9, 198.51.100.7") == "198.51.100.7"
    assert sent(2, "6.6.6.6, 203.0.113.9, 198.51.100.7") == "203.0.113.9"
    assert sent(2, "198.51.100.7") == "10.0.0.1"
    assert sent(1, None) == "10.0.0.1"


def test_nobody_knows_after_a_day_what_arrived_from_where(cast: Cast) -> None:
    now = timezone.now()
    for hours in (1, 25):
        Arrival.objects.create(process=cast.process, network="n", token="t", at=now - datetime.timedelta(hours=hours))
    assert forget_arrivals() == 1
    assert Arrival.objects.get().at > now - datetime.timedelta(hours=2)
