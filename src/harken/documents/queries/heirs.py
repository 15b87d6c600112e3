"""Which passages hold the words of which, after splits and merges."""

from harken.documents.models import LineageKind, PassageEdge, Revision


def find_heirs_between(earlier: Revision, later: Revision) -> dict[int, tuple[int, ...]]:
    """For passages split or merged after revision `earlier`, up to `later`: who else took words of them. One query.

    Heirs of heirs are heirs. A passage that lives on is not its own.
    """
    edges = (
        PassageEdge.objects.filter(
            document_id=later.document_id,
            earlier__document_id=later.document_id,
            later__isnull=False,
            kind__in=(LineageKind.SPLIT, LineageKind.MERGED),
            revision__document_id=later.document_id,
            revision__number__gt=earlier.number,
            revision__number__lte=later.number,
            withdraws__isnull=True,
            withdrawn_by__isnull=True,
        )
        .order_by("revision__number", "pk")
        .values_list("earlier_id", "later_id")
    )
    heirs: dict[int, dict[int, None]] = {}
    for origin, heir in edges:
        for known in heirs.values():
            if origin in known:
                known[heir] = None
        heirs.setdefault(origin, {})[heir] = None
    return {origin: tuple(heir for heir in found if heir != origin) for origin, found in heirs.items()}
