"""Search over everything in any script, alike on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from harken.base.models import SearchEntry
from harken.base.search import find, index_entries

TEXTS = [
    ("en", "Recommendations for sharing", "We share tools, seeds and what we know."),
    ("ar", "المعرفة المشتركة", "نتقاسم البذور والأدوات بين الجيران."),
    ("hi", "बीज बाँटना", "हम अपने बीज और औज़ार पड़ोसियों के साथ बाँटते हैं।"),
    ("zh", "共享知识", "我们与邻居分享种子和工具。"),
    ("de", "Werkzeuge für alle", "Wer säen will, findet Werkzeug und Rat."),
    ("fr", "L’école des semences", "On apprend à garder les graines d’été."),
]
LANGUAGES = [lang for lang, _title, _text in TEXTS]


@pytest.fixture
def _indexed(db: None) -> None:
    index_entries(
        SearchEntry(
            source="test",
            object_id=number,
            process_id=number % 2,
            title=title,
            text=text,
            lang=lang,
            address=f"{number}/",
        )
        for number, (lang, title, text) in enumerate(TEXTS)
    )


def found(query: str, **options: object) -> set[str]:
    return {row.entry.lang for row in find(query=query, languages=LANGUAGES, **options).rows}  # type: ignore[arg-type] # passed on


@pytest.mark.usefixtures("_indexed")
@pytest.mark.parametrize(
    ("query", "languages"),
    [
        ("recommendation", {"en"}),
        ("SHARE", {"en"}),
        ("البذور", {"ar"}),
        ("المعرفه", {"ar"}),
        ("बीज", {"hi"}),
        ("बाँटना", {"hi"}),
        ("种子", {"zh"}),
        ("邻居 工具", {"zh"}),
        ("saen", {"de"}),
        ("Werkzeug", {"de"}),
        ("ecole", {"fr"}),
        ("semence", {"fr"}),
        ("nowhere", set()),
        ("share nowhere", set()),
        ("", set()),
        ("' \" * ( ) : & | ! -- ;", set()),
        ("tools' OR 1=1 --", set()),
        ("NEAR(tools seeds)", set()),
    ],
)
def test_a_word_is_found_in_its_script_and_inflections(query: str, languages: set[str]) -> None:
    assert found(query) == languages


@pytest.mark.usefixtures("_indexed")
def test_indexing_again_replaces_and_hiding_hides() -> None:
    index_entries([SearchEntry(source="test", object_id=0, title="Silence", text="", lang="en", address="0/")])
    assert found("tools") == set()
    assert found("silence") == {"en"}
    index_entries([SearchEntry(source="test", object_id=0, title="Silence", lang="en", address="0/", shown=False)])
    assert found("silence") == set()
    assert SearchEntry.objects.count() == len(TEXTS)


@pytest.mark.usefixtures("_indexed")
def test_only_the_processes_one_may_see_are_searched() -> None:
    within = SearchEntry.objects.filter(process_id=1).values("process_id")
    assert found("बीज", process_ids=within) == set()
    assert found("البذور", process_ids=within) == {"ar"}


@pytest.mark.usefixtures("_indexed")
def test_titles_come_before_texts_and_pages_follow_each_other() -> None:
    index_entries(
        SearchEntry(
            source="order",
            object_id=number,
            title="Walnut" if number == 3 else "Tree",
            text="walnut here",
            lang="en",
            address="x/",
        )
        for number in range(5)
    )
    first = find(query="walnut", languages=["en"], limit=2)
    assert first.rows[0].entry.title == "Walnut"
    assert first.more
    rest = find(query="walnut", languages=["en"], limit=3, offset=2)
    assert not rest.more
    ids = [row.entry.pk for row in (*first.rows, *rest.rows)]
    assert len(set(ids)) == 5


@pytest.mark.usefixtures("_indexed")
def test_searching_takes_two_queries(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator] # pytest-django's fixture has no public type
        find(query="tools", languages=["en"])


@pytest.mark.usefixtures("_indexed")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is SQLite's; PostgreSQL has one index for it")
def test_the_words_are_looked_up_once_and_not_for_each_allowed_row() -> None:
    """Restricting the rows made SQLite ask its index once for each of them: 25 s for 7,600 texts."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        find(query="tools", languages=["en"], process_ids=SearchEntry.objects.values("process_id"))
    sql, params = next((sql, params) for sql, params in asked if "MATCH" in sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = [row[3] for row in cursor.fetchall()]
    # How FTS5 names a lookup: M for the words, = for one row.
    (lookup,) = [step for step in plan if "search_words" in step]
    assert "M" in lookup.rpartition(":")[2]
    assert "=" not in lookup.rpartition(":")[2]
