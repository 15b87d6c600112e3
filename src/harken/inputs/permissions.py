"""Who may speak, bring in what others said, read it, and have words taken away."""

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.permits import GRANTED, SIGN_IN_FIRST, Permit, refuse
from harken.documents.models import Document
from harken.documents.permissions import documents_visible_to, may_see_document
from harken.inputs.models import (
    Channel,
    Consent,
    Hiding,
    ImportDraft,
    Input,
    InputRules,
    Meeting,
    MeetingState,
    SavedFilter,
    Source,
    Standing,
    Wording,
)
from harken.inputs.queries.rules import GIVE_INPUT, input_window, rules_of
from harken.inputs.receipts import read_receipt
from harken.people.models import Role, User
from harken.people.permissions import has_role, has_role_within, is_operator
from harken.people.queries import current_memberships
from harken.processes.models import Process
from harken.processes.permissions import is_open, may_edit_process, may_see_process

_WORKING_ROLES = (Role.ORGANISER, Role.WRITER, Role.RESPONDER, Role.MODERATOR, Role.TRANSLATOR)
"""Who works with what was said, in the process's body or in any group below it."""


def may_give_input(actor: Actor, process: Process, document: Document | None = None) -> Permit:
    """Whoever sees the process, or the document it is about, while a phase opens `give_input`; no account needed.

    Also after that phase has closed, where the process takes late input.
    """
    seen = may_see_process(actor, process) if document is None else may_see_document(actor, document)
    if not seen:
        return seen
    in_time = is_open(process, GIVE_INPUT)
    if in_time or input_window(process, rules_of(process), timezone.now()).is_open:
        return GRANTED
    return in_time


def may_import_inputs(actor: Actor, process: Process) -> Permit:
    """Bring in what others said: organisers and liaisons, in every phase, since it was said when it was said."""
    if is_operator(actor) or has_role(actor, process.body, Role.ORGANISER, Role.LIAISON):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only organisers and liaisons of %(process)s bring in input.") % {"process": process.name})


def may_see_draft(actor: Actor, draft: ImportDraft) -> Permit:
    """Look at what was brought before it is in the ledger, on whatever terms: who brought it, and organisers."""
    brings = may_import_inputs(actor, draft.process)
    if not brings or (actor.pk is not None and draft.by_id == actor.pk):
        return brings
    if may_edit_process(actor, draft.process):
        return GRANTED
    return refuse(_("Only whoever brought this, and organisers, look at it."))


def drafts_visible_to(actor: Actor, process: Process) -> QuerySet[ImportDraft]:
    """What was brought, as `may_see_draft` has it."""
    drafts = ImportDraft.objects.filter(process=process)
    if not may_import_inputs(actor, process):
        return drafts.none()
    return drafts if may_edit_process(actor, process) else drafts.filter(by_id=actor.pk)


def may_work_with_inputs(actor: Actor, process: Process) -> Permit:
    """Read all that was said, with who said it: whoever has work with it in the process's body or a group below."""
    if is_operator(actor):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    if has_role_within(actor, process.body, *_WORKING_ROLES):
        return GRANTED
    return refuse(_("Only those who work with the input can see this."))


def may_move_inputs(actor: Actor, process: Process, document: Document | None) -> Permit:
    """Say that something was said about `document`, or about the whole process: those who work with the input.

    To a text that not everybody reads only those who may hide what was said: it cannot be read there either.
    """
    works = may_work_with_inputs(actor, process)
    if not works or document is None:
        return works
    seen = may_see_document(actor, document)
    if not seen or (document.published_id and document.iteration.is_public):
        return seen
    return may_moderate(actor, process)


def may_moderate(actor: Actor, process: Process) -> Permit:
    """Hide what should not stand, let through what waits, decide on appeals: moderators and organisers."""
    if is_operator(actor) or has_role(actor, process.body, Role.ORGANISER, Role.MODERATOR):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only moderators and organisers of %(process)s can do this.") % {"process": process.name})


def may_set_input_rules(actor: Actor, process: Process) -> Permit:
    """Decide how a process takes input: its organisers."""
    return may_edit_process(actor, process)


def may_complain(actor: Actor, said: Input) -> Permit:
    """Say that an input should not stand: whoever can read it, without an account, while all can read it."""
    if said.standing is not None:
        return refuse(_("Not everybody can read this input now, so nobody needs to complain of it."))
    return may_see_input(actor, said)


def may_appeal(hiding: Hiding | None) -> Permit:
    """Speak against the hiding of what one said, once: whoever has the input's receipt, so there is no actor."""
    if hiding is None or hiding.lifted_at is not None:
        return refuse(_("This input is not hidden."))
    if hiding.appealed_at is not None:
        return refuse(_("You have said why it should be read. Moderators decide on that once."))
    return GRANTED


def may_decide_appeal(actor: Actor, process: Process, hiding: Hiding) -> Permit:
    """Decide whether what was hidden stays so: a moderator other than the one who hid it, where there is another."""
    moderates = may_moderate(actor, process)
    if not moderates or hiding.by_id is None or hiding.by_id != actor.pk:
        return moderates
    others = current_memberships().filter(group=process.body, role__in=[Role.ORGANISER, Role.MODERATOR])
    if others.exclude(user_id=hiding.by_id).exists():
        return refuse(_("You hid this input, so another moderator decides on the appeal."))
    return GRANTED


def people_working_with_inputs(process: Process) -> QuerySet[User]:
    """Who can have an input in work; pairs with `may_work_with_inputs`, but for the operator, who answers nobody."""
    roles = current_memberships().filter(role__in=_WORKING_ROLES, group__path__startswith=process.body.path)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("display_name", "username")


def may_see_filter(actor: Actor, saved: SavedFilter) -> Permit:
    """A way to look at the queue: whoever saved it, and all who work with the input where it is shared."""
    if not saved.is_shared and saved.owner_id != actor.pk:
        return refuse(_("Only whoever saved this filter uses it."))
    return may_work_with_inputs(actor, saved.process)


def filters_visible_to(actor: Actor, process: Process) -> QuerySet[SavedFilter]:
    """One's own filters and shared ones; pairs with `may_see_filter`."""
    if not may_work_with_inputs(actor, process):
        return SavedFilter.objects.none()
    return SavedFilter.objects.filter(process=process).filter(Q(is_shared=True) | Q(owner_id=actor.pk))


def may_remove_filter(actor: Actor, saved: SavedFilter) -> Permit:
    """Whoever saved it; shared ones also organisers."""
    if saved.owner_id == actor.pk or (saved.is_shared and may_edit_process(actor, saved.process)):
        return GRANTED
    return refuse(_("Only whoever saved this filter can remove it."))


def may_redact(actor: Actor, process: Process) -> Permit:
    """Have words taken away that the law does not let stand: organisers, with a reason."""
    return may_edit_process(actor, process)


def sources_visible_to(actor: Actor, process: Process) -> QuerySet[Source]:
    """Where input came from: all of it for those who work with it; else what is not closed, and what one collected."""
    if not may_see_process(actor, process):
        return Source.objects.none()
    sources = Source.objects.filter(process=process)
    if may_work_with_inputs(actor, process):
        return sources
    open_to_all = ~Q(consent=Consent.CLOSED)
    if not actor.is_authenticated or actor.pk is None:
        return sources.filter(open_to_all)
    return sources.filter(open_to_all | Q(collected_by_id=actor.pk))


def may_see_source(actor: Actor, source: Source) -> Permit:
    """The permit that pairs with `sources_visible_to`."""
    seen = may_see_process(actor, source.process)
    if not seen or source.consent != Consent.CLOSED:
        return seen
    return seen if _collected(actor, source) else may_work_with_inputs(actor, source.process)


def _collected(actor: Actor, source: Source) -> bool:
    return bool(actor.is_authenticated) and actor.pk is not None and source.collected_by_id == actor.pk


def may_see_terms(actor: Actor, source: Source) -> Permit:
    """Know all of a source's terms, also what could tell who spoke: whoever works with the input, or collected it."""
    return GRANTED if _collected(actor, source) else may_work_with_inputs(actor, source.process)


def may_change_source(actor: Actor, source: Source) -> Permit:
    """Put a source's terms right: organisers, and the liaison who collected it while they are one.

    What people say on this site is on terms that each of them chose, so nobody else changes those.
    """
    process = source.process
    if source.channel == Channel.FORM:
        return refuse(_("What people say on this site is on the terms that they chose themselves."))
    if may_edit_process(actor, process):
        return GRANTED
    if _collected(actor, source):
        return may_import_inputs(actor, process)
    sentence = _("Only organisers, and whoever collected this, put its terms right.")
    return refuse(sentence, sign_in_helps=not actor.is_authenticated)


def _seen_by(actor: Actor, process: Process, standing: Q, among: QuerySet[Input] | None = None) -> QuerySet[Input]:
    inputs = Input.objects.filter(process=process) if among is None else among
    if may_edit_process(actor, process):
        return inputs
    seen = Q(source__in=sources_visible_to(actor, process).values("pk")) & (
        Q(document__isnull=True) | Q(document__in=documents_visible_to(actor, process).values("pk"))
    )
    if not may_work_with_inputs(actor, process):
        seen &= standing
    if not actor.is_authenticated or actor.pk is None:
        return inputs.filter(seen)
    return inputs.filter(seen | Q(pk__in=Wording.objects.filter(participant_id=actor.pk).values("input_id")))


def inputs_visible_to(actor: Actor, process: Process, *, among: QuerySet[Input] | None = None) -> QuerySet[Input]:
    """What was said in sources `actor` may see, on documents they may see; and all that they said themselves.

    What waits for a moderator, is hidden or was withdrawn only for those who work with the input. `among` are inputs
    of the process to choose from, where not all are meant.
    """
    if not may_see_process(actor, process):
        return Input.objects.none()
    return _seen_by(actor, process, Q(standing__isnull=True), among)


def places_visible_to(actor: Actor, process: Process) -> QuerySet[Input]:
    """As `inputs_visible_to`, and the places of what is hidden or withdrawn: a conversation shows that it was there.

    Whoever shows these leaves out the words of what `inputs_visible_to` does not hold (`describe_inputs` does).
    """
    if not may_see_process(actor, process):
        return Input.objects.none()
    return _seen_by(actor, process, Q(standing__isnull=True) | ~Q(standing=Standing.HELD))


def may_see_input(actor: Actor, said: Input) -> Permit:
    """The permit that pairs with `inputs_visible_to`."""
    process = said.process
    seen = may_see_process(actor, process)
    if not seen or may_edit_process(actor, process):
        return seen
    if actor.is_authenticated and actor.pk is not None and said.wordings.filter(participant_id=actor.pk).exists():
        return seen
    if said.standing is not None and not may_work_with_inputs(actor, process):
        return refuse(_("This input cannot be read now."))
    of_source = may_see_source(actor, said.source)
    if not of_source or said.document is None:
        return of_source
    return may_see_document(actor, said.document)


def may_see_speakers(actor: Actor, process: Process) -> Permit:
    """Know the names of those who agreed to be read without one: only for work with the input."""
    return may_work_with_inputs(actor, process)


def _is_speaker(actor: Actor, said: Input, receipt: str) -> bool:
    """Whether `actor` said it: by account, or because they hold its receipt."""
    if receipt and read_receipt(receipt) == said.pk:
        return True
    is_known = actor.is_authenticated and actor.pk is not None
    return is_known and said.wordings.filter(participant_id=actor.pk).exists()


def may_see_receipt(actor: Actor, said: Input, receipt: str = "") -> Permit:
    """See what became of what one said: its speaker alone, by account or by the receipt's address."""
    if _is_speaker(actor, said, receipt):
        return GRANTED
    sentence = _("Only whoever said this sees its receipt.")
    return refuse(sentence, sign_in_helps=not actor.is_authenticated)


def correct_until(said: Input, rules: InputRules) -> datetime.datetime:
    """Until when the speaker may correct what they said."""
    return said.recorded_at + datetime.timedelta(minutes=rules.correction_minutes)


def may_correct(actor: Actor, said: Input, receipt: str = "", *, rules: InputRules | None = None) -> Permit:
    """Correct one's own words for as long as the process's rules say; the first wording stays in the ledger."""
    own = may_see_receipt(actor, said, receipt)
    if not own:
        return own
    if said.source.channel != Channel.FORM:
        return refuse(_("This was brought in from elsewhere: correct it there."))
    if said.standing == Standing.WITHDRAWN:
        return refuse(_("This was withdrawn."))
    if said.standing == Standing.HIDDEN:
        return refuse(_("This was hidden. Appeal if you think that it should stand."))
    if said.redactions.exists():
        return refuse(_("Words of this were taken away by law."))
    if timezone.now() >= correct_until(said, rules or rules_of(said.process)):
        return refuse(_("The time to correct this is over. Say what you want to add as a reply to it."))
    return GRANTED


def may_withdraw(actor: Actor, said: Input, receipt: str = "") -> Permit:
    """Take back one's own words, at any time: they stay in the ledger and are no longer shown."""
    own = may_see_receipt(actor, said, receipt)
    if own and said.standing == Standing.WITHDRAWN:
        return refuse(_("This was withdrawn."))
    return own


def may_agree(actor: Actor, said: Input) -> Permit:
    """Agree with what can be read, while input is taken; not with oneself, as far as one's account tells."""
    seen = may_see_input(actor, said)
    if not seen:
        return seen
    if said.standing is not None:
        return refuse(_("This input cannot be read now."))
    is_known = actor.is_authenticated and actor.pk is not None
    if is_known and said.wordings.filter(participant_id=actor.pk).exists():
        return refuse(_("You said this yourself."))
    return may_give_input(actor, said.process, said.document)


def may_correct_language(actor: Actor, said: Input, receipt: str = "") -> Permit:
    """Say which language something is in: those who work with the input, and its speaker."""
    own = may_see_receipt(actor, said, receipt)
    return own or may_work_with_inputs(actor, said.process)


def meetings_visible_to(actor: Actor, process: Process) -> QuerySet[Meeting]:
    """Every meeting of a process one sees: it was announced so that people come."""
    meetings = Meeting.objects.filter(process=process)
    return meetings if may_see_process(actor, process) else meetings.none()


def may_see_meeting(actor: Actor, meeting: Meeting) -> Permit:
    """The permit that pairs with `meetings_visible_to`."""
    return may_see_process(actor, meeting.process)


def may_read_report(actor: Actor, meeting: Meeting) -> Permit:
    """Read how a meeting went: whoever may read what was said there, on the terms of those who spoke."""
    if meeting.source is None:
        return may_see_meeting(actor, meeting)
    meeting.source.process = meeting.process
    return may_see_source(actor, meeting.source)


def may_announce_meeting(actor: Actor, process: Process) -> Permit:
    """Whoever brings in what others said: organisers and liaisons."""
    return may_import_inputs(actor, process)


def may_see_registrations(actor: Actor, meeting: Meeting) -> Permit:
    """Who comes to a meeting, and how to reach them: its liaison while they are one, and organisers."""
    if actor.pk is not None and meeting.liaison_id == actor.pk:
        return may_import_inputs(actor, meeting.process)
    return may_edit_process(actor, meeting.process)


def may_change_meeting(actor: Actor, meeting: Meeting) -> Permit:
    """Its liaison while they are one, and organisers; a meeting that was cancelled stays so."""
    permit = may_see_registrations(actor, meeting)
    if permit and meeting.state == MeetingState.CANCELLED:
        return refuse(_("This meeting was cancelled. Announce another one."))
    return permit


def may_report_meeting(actor: Actor, meeting: Meeting) -> Permit:
    """Whoever may change it, once it has begun, in every phase: it was said when it was said."""
    permit = may_change_meeting(actor, meeting)
    if permit and meeting.starts_at > timezone.now():
        return refuse(_("This meeting has not begun. Report it when it is over."))
    return permit


def may_register(actor: Actor, meeting: Meeting) -> Permit:
    """Anybody who sees it, until it begins; no account needed."""
    seen = may_see_meeting(actor, meeting)
    if not seen:
        return seen
    if meeting.state == MeetingState.CANCELLED:
        return refuse(_("This meeting was cancelled."))
    if not meeting.takes_registrations:
        return refuse(_("Nobody needs to register: come as you are."))
    if meeting.starts_at <= timezone.now():
        return refuse(_("This meeting has begun: it is too late to register."))
    return GRANTED
