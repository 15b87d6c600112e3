"""A frozen query answers what the ORM answers."""

import datetime
from typing import Any

import pytest
from django.db.models import Q, QuerySet
from pytest_django import DjangoAssertNumQueries

from harken.base.frozen_query import FrozenQuery
from harken.documents.models import Document, LineageEdge, Revision
from tests.cast import Cast, add_round


def near(chapter: int, place: int) -> QuerySet[Document, Any]:
    """A query with two parameters, one of them twice, a constant and a limit."""
    kept = Document.objects.filter(Q(position__gt=place) | Q(position=place), chapter=chapter).exclude(lang="hi")
    return kept.order_by("-position").values_list("code", "title", "current__at")[:2]


def test_rows_are_those_of_the_orm_whatever_the_values(cast: Cast, django_assert_num_queries: object) -> None:
    _round, documents = add_round(cast.process, cast.advocacy, "One", "Two", "Three")
    frozen = FrozenQuery(near)
    chapter = documents[0].chapter_id
    for values in ((chapter, 1), (chapter, 2), (chapter, 99), (0, 1)):
        with django_assert_num_queries(1):  # type: ignore[operator] # pytest-django's fixture has no public type
            rows = frozen.rows(chapter=values[0], place=values[1])
        assert rows == list(near(*values))


def test_columns_are_converted_as_the_orm_converts_them(cast: Cast) -> None:
    _first, (earlier,) = add_round(cast.process, cast.advocacy, "One", number=1)
    edge = LineageEdge.objects.create(process=cast.process, earlier=earlier, kind="dropped", words=["a", "ب"])
    words = FrozenQuery(lambda pk: LineageEdge.objects.filter(pk=pk).values_list("words", "score"))
    assert words.rows(pk=edge.pk) == [(["a", "ب"], None)]
    moments = FrozenQuery(lambda document: Revision.objects.filter(document=document).values_list("at", "version_ids"))
    assert moments.rows(document=earlier.pk) == list(Revision.objects.values_list("at", "version_ids"))


def test_lists_may_be_of_any_length_and_days_and_moments_are_values_too(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _round, documents = add_round(cast.process, cast.advocacy, *map(str, range(12)))
    pks = [document.pk for document in documents]
    some = FrozenQuery(
        lambda least, pks: Document.objects.filter(pk__in=pks, position__gte=least).order_by("pk").values_list("pk"),
        lists=("pks",),
    )
    for wanted in (pks[:1], pks[:3], pks, [*pks, *range(10_000, 10_300)]):
        with django_assert_num_queries(1):
            assert [pk for (pk,) in some.rows(pks=wanted, least=0)] == [pk for pk in wanted if pk in pks]
    with django_assert_num_queries(0):
        assert some.rows(pks=[], least=0) == []
    at = Revision.objects.earliest("at").at
    by_day = FrozenQuery(lambda day: Revision.objects.filter(at__date=day).values_list("pk"), days=("day",))
    since = FrozenQuery(lambda moment: Revision.objects.filter(at__gte=moment).values_list("pk"), moments=("moment",))
    every = Revision.objects.count()
    assert every > 0
    for _again in range(2):
        assert len(since.rows(moment=at)) == every
        assert since.rows(moment=at + datetime.timedelta(days=1)) == []
        assert len(by_day.rows(day=at.date())) == every
        assert by_day.rows(day=at.date() + datetime.timedelta(days=1)) == []


@pytest.mark.django_db
def test_a_value_that_is_missing_is_an_error_not_a_wrong_answer() -> None:
    with pytest.raises(KeyError):
        FrozenQuery(near).rows(chapter=1)


def test_objects_are_those_of_the_orm_with_what_they_point_to(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_round(cast.process, cast.advocacy, "One", "Two")

    def named(process: int, code: str) -> QuerySet[Document]:
        related = ("iteration", "chapter__group", "template")
        return Document.objects.filter(iteration__process=process, code=code).select_related(*related).defer("lede")

    frozen = FrozenQuery(named, texts=("code",))
    for code in ("AD-R1", "AD-R2", "AD-R1", "' OR 1=1 --"):
        with django_assert_num_queries(1):
            found = frozen.objects(process=cast.process.pk, code=code)
            names = [(one.code, one.title, one.iteration.title, one.chapter.group.name, one.template) for one in found]
        usual = named(cast.process.pk, code)
        assert names == [
            (one.code, one.title, one.iteration.title, one.chapter.group.name, one.template) for one in usual
        ]
        assert [one.get_deferred_fields() for one in found] == [one.get_deferred_fields() for one in usual]
    with pytest.raises(TypeError, match="rows"):
        FrozenQuery(near).objects(chapter=1, place=1)
