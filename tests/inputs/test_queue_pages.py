"""The pages of the queue."""

import datetime
import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskContext, TaskResultStatus, default_task_backend
from django_tasks_db.models import DBTaskResult

from harken.base.jobs import report_progress
from harken.base.models import JobProgress
from harken.inputs.actions.working import (
    take_input,
    write_note,
)
from harken.inputs.models import Input, InputState, SavedFilter, Standing
from harken.inputs.tasks import change_inputs_matching
from tests.cast import Cast, text_of
from tests.inputs.test_queue import say


def test_the_queue_opens_an_input_takes_it_and_keeps_where_one_was(cast: Cast, amina: Client) -> None:
    said = say(cast, "Plant willows.", "en")
    write_note(actor=cast.bruno, said=said, text="Ask Chen.")
    address = reverse("queue", args=[cast.process.slug])
    page = text_of(amina, f"{address}?state=new&lang=en&open={said.pk}")
    assert "Ask Chen." in page
    take = reverse("queue-take", args=[cast.process.slug, said.pk])
    answer = amina.post(take, {"query": "state=new&lang=en"})
    assert answer["Location"] == f"{address}?state=new&lang=en&open={said.pk}"
    assert "Nothing matches this filter." in text_of(amina, f"{address}?state=new&lang=en")
    assert "Plant willows." in text_of(amina, f"{address}?owner=me")
    sent = {"pick": [said.pk], "state": "answered", "query": "state=", "open": said.pk}
    answer = amina.post(reverse("queue-assign", args=[cast.process.slug]), sent)
    assert answer["Location"] == f"{address}?state=&open={said.pk}"


def test_days_are_read_by_the_clocks_of_the_process_and_overdue_is_said_in_words(cast: Cast, amina: Client) -> None:
    cast.process.time_zone = "America/Lima"
    cast.process.save()
    said = say(cast)
    sent = {"pick": [said.pk], "due_at": "2020-01-02T00:30", "query": "state="}
    assert amina.post(reverse("queue-assign", args=[cast.process.slug]), sent).status_code == 302
    said.refresh_from_db()
    assert said.due_at == datetime.datetime(2020, 1, 2, 5, 30, tzinfo=datetime.UTC)
    assert "overdue since January 2, 2020" in re.sub(
        r"\s+", " ", text_of(amina, f"{reverse('queue', args=['open-garden'])}?state=")
    )


def test_what_cannot_be_done_is_said_and_the_choice_stays(cast: Cast, amina: Client) -> None:
    said = say(cast)
    address = reverse("queue-assign", args=[cast.process.slug])
    for sent, sentence in (
        ({}, "Say what should become of them"),
        ({"pick": [said.pk], "state": "waiting"}, "Say what they wait for."),
        ({"take": "1"}, "Choose inputs first."),
        ({"pick": [said.pk], "owner": str(cast.farid.pk)}, "Select a valid choice."),
    ):
        answer = amina.post(address, {**sent, "query": "state=new"})
        assert answer.status_code == 422, sent
        assert sentence in answer.content.decode()
        if "pick" in sent:
            assert f'value="{said.pk}" checked' in answer.content.decode()


def test_what_people_wrote_is_shown_as_they_wrote_it_and_never_as_html(cast: Cast, amina: Client) -> None:
    cast.bruno.display_name = "Bruno <b>& sons"
    cast.bruno.save()
    held, taken = say(cast, "<script>held()</script>"), say(cast, "<script>taken()</script>")
    take_input(actor=cast.bruno, said=taken)
    Input.objects.filter(pk=taken.pk).update(waiting_on="<i>rain")
    Input.objects.filter(pk=held.pk).update(standing=Standing.HELD)
    queue = amina.get(f"{reverse('queue', args=[cast.process.slug])}?state=&open={taken.pk}").content.decode()
    moderation = amina.get(f"{reverse('moderation', args=[cast.process.slug])}?show=held").content.decode()
    for page in (queue, moderation):
        assert "&lt;script&gt;held()" in page
        assert "<script>held" not in page
    assert "&lt;script&gt;taken()" in queue
    assert "Bruno &lt;b&gt;&amp; sons" in queue
    assert "&lt;i&gt;rain" in queue
    for raw in ("<script>taken", "Bruno <b>", "<i>rain"):
        assert raw not in queue


def test_taking_the_chosen_leaves_what_others_have(cast: Cast, amina: Client) -> None:
    one, other = say(cast), say(cast)
    take_input(actor=cast.bruno, said=other)
    sent = {"pick": [one.pk, other.pk], "take": "1"}
    answer = amina.post(reverse("queue-assign", args=[cast.process.slug]), sent, follow=True)
    assert "1 input changed." in answer.content.decode()
    assert Input.objects.get(pk=other.pk).owner == cast.bruno


def test_all_that_match_are_a_job_with_a_page_that_watches_it(cast: Cast, amina: Client) -> None:
    say(cast)
    sent = {"all": "on", "state": "answered", "query": "state=new"}
    answer = amina.post(reverse("queue-assign", args=[cast.process.slug]), sent)
    assert answer["Location"].startswith("/jobs/")
    [job] = DBTaskResult.objects.all()
    report_progress(str(job.pk), 20, 80)
    assert re.search(r'<progress id="progress" value="20" max="80">', text_of(amina, answer["Location"]))
    waiting = default_task_backend.get_result(str(job.pk))
    change_inputs_matching.func(TaskContext(task_result=waiting), *waiting.args)  # type: ignore[arg-type] # its types leave out what a worker adds
    assert Input.objects.get().state == InputState.ANSWERED
    assert str(JobProgress.objects.get()) == "1/1"
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())
    stopped = amina.get(answer["Location"], follow=True)
    assert "this stopped after 1 of 1" in stopped.content.decode()
    assert stopped.redirect_chain[-1][0] == f"{reverse('queue', args=[cast.process.slug])}?state=new"


def test_filters_are_saved_used_and_removed_on_the_page(cast: Cast, amina: Client) -> None:
    save = reverse("queue-filters", args=[cast.process.slug])
    amina.post(save, {"name": "Arabic <new>", "is_shared": "on", "query": "state=new&lang=ar"})
    saved = SavedFilter.objects.get()
    assert (saved.query, saved.is_shared) == ("state=new&lang=ar", True)
    assert "Arabic &lt;new&gt;" in text_of(amina, reverse("queue", args=[cast.process.slug]))
    assert amina.post(reverse("queue-filter-remove", args=[cast.process.slug, saved.pk])).status_code == 302
    assert not SavedFilter.objects.exists()


def test_nonsense_in_the_address_shows_the_queue_all_the_same(cast: Cast, amina: Client) -> None:
    say(cast)
    address = reverse("queue", args=[cast.process.slug])
    for query in ("state=old", "after=x", "open=abc", f"open={'9' * 40}", "campaign=-1", "due=never", "lang=%F0%9F"):
        assert amina.get(f"{address}?{query}").status_code == 200, query


def test_a_filter_that_is_not_understood_is_about_no_input(cast: Cast, amina: Client) -> None:
    said = say(cast)
    slug = [cast.process.slug]
    for query in ("state=bogus", "due=bogus", "channel=bogus", "campaign=x"):
        page = text_of(amina, f"{reverse('queue', args=slug)}?{query}")
        assert f"open={said.pk}" not in page, query
        sent = {"query": query, "all": "on", "state": "needs-translation"}
        assert amina.post(reverse("queue-assign", args=slug), sent).status_code == 422, query
        amina.post(reverse("queue-filters", args=slug), {"query": query, "name": "Cut"})
    said.refresh_from_db()
    assert (said.state, SavedFilter.objects.count(), DBTaskResult.objects.count()) == ("new", 0, 0)


def test_the_queue_asks_as_often_for_three_as_for_one(
    cast: Cast, amina: Client, django_assert_num_queries: object
) -> None:
    assert callable(django_assert_num_queries)
    address = f"{reverse('queue', args=[cast.process.slug])}?state=new"
    for rows in (1, 3):
        while Input.objects.count() < rows:
            say(cast)
        with django_assert_num_queries(23):
            amina.get(address)
