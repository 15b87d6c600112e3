"""Reads of the pages room."""

from collections.abc import Sequence
from dataclasses import dataclass

from harken.base.search import Finding
from harken.processes.models import Iteration, Process


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding, and where it stands: its process and, for what lies in one, its iteration."""

    finding: Finding
    process: Process | None
    iteration: Iteration | None


def place_findings(findings: Sequence[Finding]) -> list[PlacedFinding]:
    """Say where each finding stands. Two queries, however many there are."""
    process_ids = {finding.entry.process_id for finding in findings if finding.entry.process_id}
    processes = Process.objects.only("name", "slug", "lang").in_bulk(process_ids)
    iterations = {
        f"processes/{processes[one.process_id].slug}/{one.slug}/": one
        for one in Iteration.objects.filter(process__in=process_ids).only("process_id", "slug", "title", "lang")
    }
    placed = []
    for finding in findings:
        # processes/PROCESS/ITERATION/…: the first three parts name the iteration, where the third is one's.
        place = "/".join(finding.entry.address.split("/")[:3]) + "/"
        placed.append(PlacedFinding(finding, processes.get(finding.entry.process_id or 0), iterations.get(place)))
    return placed
