"""What was said for programs: Atom and JSON with what a stranger may read, and a table for those who work with it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harken.base.caching import answer_for_everybody
from harken.base.permits import require
from harken.inputs.feeds import absolute, describe_input, write_atom, write_table
from harken.inputs.input_html import stamp_rows
from harken.inputs.listing import Listing, read_listing
from harken.inputs.permissions import may_work_with_inputs
from harken.inputs.queries.contexts import ContextRow, contexts_of
from harken.inputs.queries.ledger import InputRow
from harken.processes.page import load_process
from harken.processes.queries import find_public_process

_ATOM_PAGE = 50
_JSON_PAGE = 200
_TABLE_PAGE = 500


def _public_listing(request: HttpRequest, slug: str) -> Listing:
    """The list as a stranger gets it, whoever asks: feeds are kept and passed on by programs."""
    process = find_public_process(slug)
    if process is None:
        raise Http404
    return read_listing(process, AnonymousUser(), request.GET)


def _answer(request: HttpRequest, listing: Listing, name: str, size: int) -> HttpResponse:
    page = listing.page(size)
    process = listing.process
    address = absolute(name, process.slug)
    here = f"{address}{listing.address_after(listing.after)}" if listing.asked or listing.after else address
    following = f"{address}{listing.address_after(page.next)}" if page.next else ""

    def make() -> HttpResponse:
        if name == "inputs-atom":
            title = _("%(process)s: what people say") % {"process": process.name}
            feed = write_atom(process, page.rows, title=title, here=here, following=following)
            return HttpResponse(feed, content_type="application/atom+xml; charset=utf-8")
        values = [*listing.values_on(page)]
        inputs = [
            {**describe_input(row, process), **{name: list(of_input.get(row.pk, ())) for name, of_input in values}}
            for row in page.rows
        ]
        told = {"process": process.slug, "url": here, "inputs": inputs, "next": following or None}
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False})

    stamp = f"{process.content_version} {stamp_rows(page.rows)} {following}"
    response = answer_for_everybody(request, content=lambda: stamp, make=make)
    # Nothing in it depends on who asks, so that pages of other sites may read it as well.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def atom(request: HttpRequest, slug: str) -> HttpResponse:
    """A feed of a list, page by page."""
    return _answer(request, _public_listing(request, slug), "inputs-atom", _ATOM_PAGE)


@require_safe
def json(request: HttpRequest, slug: str) -> HttpResponse:
    """A list as JSON, page by page: `next` is the address of the one after, or null."""
    return _answer(request, _public_listing(request, slug), "inputs-json", _JSON_PAGE)


@login_required
@require_safe
def csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """A list as a table, whole, for those who work with the input; it is sent while it is made."""
    process = load_process(request, slug)
    require(may_work_with_inputs(request.user, process))
    listing = read_listing(process, request.user, request.GET)
    response = StreamingHttpResponse(write_table(process, _every_row(listing)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{process.slug}-inputs.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _every_row(listing: Listing) -> Iterator[tuple[InputRow, Sequence[ContextRow]]]:
    """All rows of a list, with what speakers told; pages by key, so that what is said meanwhile moves nothing."""
    while True:
        page = listing.page(_TABLE_PAGE)
        told = contexts_of(row.pk for row in page.rows)
        yield from ((row, told.get(row.pk, ())) for row in page.rows)
        if page.next is None:
            return
        listing = replace(listing, after=page.next)
