"""The rule by which the database lets words be blanked: only where a redaction of their input is on record."""

from collections.abc import Mapping, Sequence
from typing import Final

from harken.base.append_only import ForbidChangeUnless, unchanged

OF_WORDING: Final = "(SELECT input_id FROM inputs_wording WHERE id = OLD.wording_id)"


def forbid_change_unless_redacted(
    table: str,
    *,
    kept: Sequence[str],
    words: Mapping[str, str] | None = None,
    speaker: Mapping[str, str] | None = None,
    either: Mapping[str, str] | None = None,
    freed: Sequence[str] = (),
    input_id: str = OF_WORDING,
) -> ForbidChangeUnless:
    """The migration operation for a table that belongs to the original.

    `kept` never changes. The others map a column to what a blank is there, in SQL: `words` may be blanked after a
    redaction of the words, `speaker` after one of the speaker, `either` after any. `input_id` is SQL for the input that
    a row belongs to. `freed` may become NULL at any time: they point to what others may delete.
    """
    tombstones = {"words": words or {}, "speaker": speaker or {}, "(words OR speaker)": either or {}}
    rules = [
        f"({unchanged([column])} OR (NEW.{column} {{same}} {blank} AND EXISTS "  # noqa: S608 - names of our own tables
        f"(SELECT 1 FROM inputs_redaction WHERE input_id = {input_id} AND {what})))"
        for what, columns in tombstones.items()
        for column, blank in columns.items()
    ]
    rules += [f"({unchanged([column])} OR NEW.{column} IS NULL)" for column in freed]
    return ForbidChangeUnless(table, " AND ".join([unchanged(kept), *rules]))
