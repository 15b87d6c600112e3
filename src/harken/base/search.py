"""Full-text search over everything, in any script: one room over SQLite's FTS5 and PostgreSQL's tsvector.

Both engines would cut words by their own rules (and lose Hindi vowel signs or never split Chinese), so the words are
cut, folded and stemmed by `harken.core.text.words`, and the engine is given finished terms. Rooms index what they
write, in the transaction that writes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.migrations.operations.base import Operation
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from harken.base.models import SearchEntry
from harken.core.text.words import QueryTerm, index_terms, query_terms, snippet

_TITLE_WEIGHT = 4.0
_BATCH = 500
# PostgreSQL keeps word positions up to this one (https://www.postgresql.org/docs/current/textsearch-limitations.html).
_LAST_POSITION = 16_383


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: the entry, and a passage of its text in pieces, each marked as matching or not."""

    entry: SearchEntry
    title: list[tuple[str, bool]]
    text: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of one query, best first, and whether there are more than were asked for."""

    rows: tuple[Finding, ...]
    more: bool


class CreateSearchWords(Operation):
    """A migration operation: the engine's own full-text table beside `SearchEntry`."""

    reversible = True
    reduces_to_sql = True

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (self.__class__.__qualname__, [], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing: the table is no model."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the table."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                "CREATE TABLE search_words (entry_id bigint PRIMARY KEY REFERENCES base_searchentry ON DELETE CASCADE, "
                "words tsvector NOT NULL)"
            )
            schema_editor.execute("CREATE INDEX search_words_by_word ON search_words USING gin (words)")
            return
        schema_editor.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5(title, body, detail=full, "
            "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* Co'\")"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the table."""
        schema_editor.execute("DROP TABLE search_words")

    def describe(self) -> str:
        """What `migrate` prints."""
        return "Create the full-text table"


class CreateWordTable(Operation):
    """A migration operation: the full-text table of a `WordTable`, for the rows of another table of the room's."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, rows: str) -> None:
        self.table = table
        self.rows = rows

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (self.__class__.__qualname__, [self.table, self.rows], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing: the table is no model."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the table."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TABLE {self.table} (id bigint PRIMARY KEY REFERENCES {self.rows} ON DELETE CASCADE, "
                "words tsvector NOT NULL)"
            )
            schema_editor.execute(f"CREATE INDEX {self.table}_by_word ON {self.table} USING gin (words)")
            return
        # Nobody ranks these or asks which words stand beside each other, so no places are kept.
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {self.table} USING fts5(words, detail=none, columnsize=0, "
            "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* Co'\")"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the table."""
        schema_editor.execute(f"DROP TABLE {self.table}")

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Create the full-text table of {self.rows}"


def _as_tsvector(title: Sequence[str], body: Sequence[str]) -> str:
    """PostgreSQL's text form of a tsvector: quoted terms with positions, title terms with weight A."""
    weighted = [(term, "A") for term in title] + [(term, "D") for term in body]
    return " ".join(
        f"'{term}':{min(position, _LAST_POSITION)}{weight}" for position, (term, weight) in enumerate(weighted, start=1)
    )


def _write_words(entries: Sequence[SearchEntry]) -> None:
    terms = [(entry.pk, index_terms(entry.title, entry.lang), index_terms(entry.text, entry.lang)) for entry in entries]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO search_words (entry_id, words) VALUES (%s, %s::tsvector) "
                "ON CONFLICT (entry_id) DO UPDATE SET words = EXCLUDED.words",
                [(pk, _as_tsvector(title, body)) for pk, title, body in terms],
            )
            return
        cursor.executemany("DELETE FROM search_words WHERE rowid = %s", [(pk,) for pk, _title, _body in terms])
        cursor.executemany(
            "INSERT INTO search_words (rowid, title, body) VALUES (%s, %s, %s)",
            [(pk, " ".join(title), " ".join(body)) for pk, title, body in terms],
        )


@transaction.atomic
def index_entries(entries: Iterable[SearchEntry]) -> None:
    """Make each entry findable, in place of what its (source, object_id) was found by before."""
    waiting = list(entries)
    for start in range(0, len(waiting), _BATCH):
        batch = waiting[start : start + _BATCH]
        # Both databases return the ids of rows that were there already, too.
        written = SearchEntry.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["source", "object_id"],
            update_fields=["process_id", "code", "title", "text", "lang", "address", "shown"],
        )
        _write_words(written)


def show_entries_below(address: str, *, shown: bool) -> None:
    """Let everything that lies below an address be found, or no longer be found."""
    SearchEntry.objects.filter(address__startswith=address).update(shown=shown)


def _in_fts5(term: QueryTerm) -> str:
    return (
        "("
        + " OR ".join([*(f'"{form}"' for form in term.forms), *([f'"{term.prefix}" *'] if term.prefix else [])])
        + ")"
    )


def _in_tsquery(term: QueryTerm) -> str:
    return (
        "("
        + " | ".join([*(f"'{form}'" for form in term.forms), *([f"'{term.prefix}':*"] if term.prefix else [])])
        + ")"
    )


def _match_fts5(terms: Sequence[QueryTerm]) -> str:
    return " AND ".join(map(_in_fts5, terms))


def _match_tsquery(terms: Sequence[QueryTerm]) -> str:
    return " & ".join(map(_in_tsquery, terms))


def _ranked_ids(terms: Sequence[QueryTerm], visible: QuerySet[SearchEntry], limit: int, offset: int) -> list[int]:
    allowed, parameters = visible.values("pk").query.sql_with_params()
    if connection.vendor == "postgresql":
        sql = (
            "SELECT entry_id FROM search_words, CAST(%s AS tsquery) AS wanted "  # noqa: S608 - SQL Django made; values are parameters
            f"WHERE words @@ wanted AND entry_id IN ({allowed}) "
            "ORDER BY ts_rank('{0.25, 0.4, 0.6, 1.0}', words, wanted) DESC, entry_id LIMIT %s OFFSET %s"
        )
        arguments = [_match_tsquery(terms), *parameters, limit, offset]
    else:
        # The plus keeps SQLite from looking the words up anew for each allowed row, which took 25 s for 7,600 texts: it
        # looks them up once and asks of each row found whether it is allowed.
        sql = (
            f"SELECT rowid FROM search_words WHERE search_words MATCH %s AND +rowid IN ({allowed}) "  # noqa: S608 - see above
            f"ORDER BY bm25(search_words, {_TITLE_WEIGHT}, 1.0), rowid LIMIT %s OFFSET %s"
        )
        arguments = [_match_fts5(terms), *parameters, limit, offset]
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return [row[0] for row in cursor.fetchall()]


def find(
    *, query: str, languages: Sequence[str], process_ids: QuerySet[Any] | None = None, limit: int = 20, offset: int = 0
) -> Findings:
    """What matches every word of `query`, best first. Two SQL queries.

    `languages` are those whose inflections the words may show (BCP 47); `process_ids` restricts to what lies in
    these processes (a queryset of ids, so that it stays one query).
    """
    terms = query_terms(query, languages)
    if not terms:
        return Findings((), more=False)
    visible = SearchEntry.objects.filter(shown=True)
    if process_ids is not None:
        visible = visible.filter(process_id__in=process_ids)
    ids = _ranked_ids(terms, visible, limit + 1, offset)
    entries = SearchEntry.objects.in_bulk(ids[:limit])
    rows = tuple(
        Finding(entry, snippet(entry.title, terms, length=300), snippet(entry.text, terms, length=220))
        for entry in (entries[pk] for pk in ids[:limit])
    )
    return Findings(rows, more=len(ids) > limit)


class WordTable:
    """The words of a table with very many rows, found by row id: those with the highest ids first, page by page.

    What is found is not ranked, so that a word which half of a million rows hold costs no more than a rare one.
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def write(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Let rows (id, terms of `index_terms`) be found by their words, in place of those they were found by before.

        Part of the transaction that writes the rows.
        """
        terms = list(rows)
        if connection.vendor == "postgresql":
            values = [(pk, _as_word_set(words)) for pk, words in terms]
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {self._table} (id, words) VALUES (%s, %s::tsvector) "  # noqa: S608 - our own table
                    "ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words",
                    values,
                )
            return
        self.remove(pk for pk, _words in terms)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self._table} (rowid, words) VALUES (%s, %s)",  # noqa: S608 - our own table
                [(pk, " ".join(dict.fromkeys(words))) for pk, words in terms],
            )

    def remove(self, pks: Iterable[int]) -> None:
        """Let rows no longer be found."""
        column = "id" if connection.vendor == "postgresql" else "rowid"
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {self._table} WHERE {column} = %s",  # noqa: S608 - our own table
                [(pk,) for pk in pks],
            )

    def find(
        self, terms: Sequence[QueryTerm], rows: QuerySet[Any], *, below: int | None, limit: int, enough: int = 0
    ) -> list[int]:
        """Ids of `rows` (unsliced, of the table's model) that hold all the words, the highest first. One query.

        `below` is the id at which the page before ended. With `enough`, that many of the words will do (1 or 2).
        """
        if not terms:
            return []
        on_postgresql = connection.vendor == "postgresql"
        name = "id" if on_postgresql else "rowid"
        # For each row found is asked whether it is among `rows`: they may be a million, and the page ends after some.
        one_of_them = rows.filter(pk=RawSQL(f"found.{name}", ())).order_by().values(one=Value(1))  # noqa: S611 - as below
        try:
            allowed, parameters = one_of_them.query.sql_with_params()
        except EmptyResultSet:
            return []
        match = _match_some(terms, enough, on_postgresql=on_postgresql)
        condition = "found.words @@ CAST(%s AS tsquery)" if on_postgresql else f"{self._table} MATCH %s"
        bound = f"AND found.{name} < %s " if below is not None else ""
        sql = (
            f"SELECT found.{name} FROM {self._table} AS found WHERE {condition} {bound}"  # noqa: S608 - as above
            f"AND EXISTS ({allowed}) ORDER BY found.{name} DESC LIMIT %s"
        )
        arguments = [match, *([below] if below is not None else []), *parameters, limit]
        with connection.cursor() as cursor:
            cursor.execute(sql, arguments)
            return [row[0] for row in cursor.fetchall()]


def _as_word_set(words: Sequence[str]) -> str:
    return " ".join(f"'{word}'" for word in dict.fromkeys(words))


def _match_some(terms: Sequence[QueryTerm], enough: int, *, on_postgresql: bool) -> str:
    """The engine's question for rows that hold all of the words, or `enough` of them."""
    if not enough or enough >= len(terms):
        return _match_tsquery(terms) if on_postgresql else _match_fts5(terms)
    write, both, either = (_in_tsquery, " & ", " | ") if on_postgresql else (_in_fts5, " AND ", " OR ")
    return either.join(f"({both.join(map(write, some))})" for some in combinations(terms, enough))
