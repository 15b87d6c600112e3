"""What could not be placed, or not as it came, in words: the short reasons of `harken.core.talk` and of the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from harken.core.talk.model import Finding

SENTENCES: Final = {
    # Every importer.
    "duplicate": _("the same was there already, word by word"),
    "same_id_other_content": _("other words under an id that is there already: both are kept"),
    "reply_to_missing": _("what this replies to is not in the file"),
    "reply_in_circle": _("replies that reply to each other in a circle: this one begins the conversation"),
    "nothing_said": _("says nothing, so it was left out"),
    "nothing_in_it": _("there is nothing in it"),
    "no_id": _("has no id, so it was left out"),
    "too_long": _("too long, so it was left out"),
    # Dates.
    "no_date": _("says no date: it has no time"),
    "impossible_date": _("a date that cannot be: it has no time"),
    "ambiguous_date": _("day or month may come first in this date: it has no time"),
    "mixed_date_orders": _("in some of these dates the day comes first, in others the month"),
    "unknown_zone": _("a time zone that nobody knows: the one you named was taken"),
    "guessed_calendar": _("the calendar of this date was guessed by its year"),
    # Characters.
    "wrong_charset": _("written in other characters than the file says: read as what it is"),
    "unknown_charset": _("names a character set that nobody knows: it was guessed"),
    "guessed_charset": _("does not say its character set: it was guessed"),
    "unreadable_bytes": _("holds characters that cannot be read"),
    # Talk pages.
    "no_signature": _("nobody signed this, so it was left out"),
    "typed_date": _("the date was typed by hand, and anybody can type any"),
    "no_such_date": _("a date that is in no calendar: it has no time"),
    "signed_as_another": _("signed with a name other than that of whoever saved it"),
    "signature_missing": _("not signed: the author is whoever saved it"),
    "changed_by_another": _("changed later by somebody else"),
    "copied_here": _("copied here from elsewhere"),
    "assumed": _("the wiki does not say how its signatures look, so this was taken for granted"),
    "redirect": _("this page only leads to another"),
    "text_too_long": _("this revision is too long, so it was left out"),
    "no_wikitext": _("this page is not written in wikitext, so it was left out"),
    # Mail.
    "automatic_bounce": _("a note of a mail server that something could not be delivered: left out"),
    "automatic_absence": _("an automatic note that somebody is away: left out"),
    "automatic_loop": _("mail from this mailbox to itself: left out"),
    "automatic_robot": _("mail that a program wrote: left out"),
    "no_message_id": _("the message has no id: one was made from what it says"),
    "no_from_header": _("the message does not say whom it is from"),
    "several_from_headers": _("the message names several senders: the first was taken"),
    "several_authors": _("several people wrote this: it stands under the first"),
    "markup_in_name": _("the sender's name holds markup: it is kept as plain text"),
    "tnef": _("a file that only Outlook opens: it was not opened"),
    "too_many_parts": _("the message has too many parts: some were left out"),
    "message_missing": _("others reply to this message, which is not in the file"),
    # Tables.
    "unused_column": _("nothing was taken from this column, which so many rows fill"),
    "formula": _("a formula: what it showed was taken"),
    "unknown_stance": _("says a stance that nobody knows: it has none"),
    "unclear_headcount": _("how many they were cannot be told from this"),
    "unclear_consent": _("what they agreed to cannot be told from this: only those who work with the input read it"),
    "consent_in_heading": _("the heading asks for less than all to be public: a plain yes agrees to that"),
    "unreadable_row": _("this row cannot be read, so it was left out"),
    # Forums.
    "no_author": _("so many posts do not say whom they are from"),
    "private_message": _("a private message, so it was left out"),
    "posts_not_in_file": _("so many posts of this conversation are not in the file"),
    "deleted": _("deleted there, so it was left out"),
    "notice_of_the_forum": _("a notice of the forum itself, so it was left out"),
    "whisper": _("written for the forum's team alone, so it was left out"),
    # Packages.
    "packed_inside": _("packed once more inside: it was not opened"),
    "not_read": _("not what you said it is, so it was left out"),
    # The ledger.
    "no_such_text": _("names a text that is not there: it came in as if it named none"),
    "stricter_consent": _("less was agreed to than before"),
    "redacted": _("words of it were taken away by law here: they do not come back"),
    "id used twice": _("another one of this file has the same id: both wordings are kept"),
    "replies in a circle": _("replies that reply to each other in a circle: this one begins the conversation"),
}
"""What is said of each reason; who reads it sees the place before it and the words behind it."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as a page shows it."""

    place: str
    sentence: str
    text: str


def tell_findings(findings: Iterable[Finding]) -> list[FindingRow]:
    """Findings in the reader's language; a reason of an old report that is given no more says itself."""
    return [FindingRow(one.place, str(SENTENCES.get(one.reason, one.reason)), one.text) for one in findings]
