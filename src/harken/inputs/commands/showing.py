"""What would come in, as `--preview` shows it, and what came in."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import click
from rich.console import Console

from harken.core.talk.model import Finding, Thread, dump_json, walk_with_depth
from harken.core.talk.tables.mapping import ROLES, TableMapping
from harken.inputs.actions.importing import MOST_EXAMPLES, ImportReport
from harken.inputs.consent import count_consents
from harken.inputs.findings import tell_findings
from harken.inputs.foreign import Part, look_at
from harken.inputs.models import Consent


def show_mapping(mapping: TableMapping, columns: Sequence[str]) -> None:
    """Print which column of a table is taken for what, and which for nothing."""
    console = Console()
    lines = [f"{role}: {column}" for role in ROLES if (column := getattr(mapping, role))]
    lines += [f"answers: {_named(column, question)}" for column, question in mapping.answers.items()]
    lines += [f"context: {_named(column, context)}" for column, context in mapping.contexts.items()]
    used = set(mapping.columns())
    lines += [f"not used: {column}" for column in columns if column not in used]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _named(column: str, name: str) -> str:
    return column if name == column else f"{column} ({name})"


def show(parts: Iterable[Part], agreed: Consent, *, as_json: bool, mapping: TableMapping | None = None) -> None:
    """Print what would come in; nothing is written. JSON has the mapping of a table, if it is one."""
    findings: list[Finding] = []
    consents: Counter[Consent] = Counter()

    def threads() -> Iterator[Thread]:
        for part in parts:
            for entry in look_at(part):
                if isinstance(entry, Finding):
                    findings.append(entry)
                else:
                    consents.update(count_consents((post for post, _depth in walk_with_depth(entry.posts)), agreed))
                    yield entry

    if not as_json:
        _show_in_words(threads(), findings, consents)
        return
    pieces = dump_json(threads())
    # What cannot be read is told before anything is printed.
    first = next(pieces), next(pieces, "")
    click.echo('{"threads": ' + "".join(first), nl=False)
    for piece in pieces:
        click.echo(piece, nl=False)
    told = [{"place": one.place, "reason": one.reason, "text": one.text} for one in findings]
    click.echo(f', "findings": {json.dumps(told, ensure_ascii=False)}', nl=False)
    if consents:
        click.echo(f', "consents": {json.dumps({consent.value: consents[consent] for consent in Consent})}', nl=False)
    if mapping is not None:
        click.echo(f', "mapping": {json.dumps(json.loads(mapping.to_json()), ensure_ascii=False)}', nl=False)
    click.echo("}")


def _show_in_words(threads: Iterator[Thread], findings: list[Finding], consents: Counter[Consent]) -> None:
    console = Console()
    for thread in threads:
        console.print(thread.heading or "–", style="bold", markup=False)
        for post, depth in walk_with_depth(thread.posts):
            when = post.at.strftime("%Y-%m-%d %H:%M") if post.at else "?"
            beginning = " ".join(post.text.split())[:80]
            indent = "  " * min(depth, 20)
            console.print(
                f"{indent}{post.author or '?'}, {when}: {beginning}", markup=False, highlight=False, soft_wrap=True
            )
    for line in _findings_in_words(findings):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if consents:
        console.print(", ".join(f"{consents[consent]} {consent.value}" for consent in Consent), highlight=False)
    console.print("Nothing was written: this is a preview.")


def _findings_in_words(findings: Iterable[Finding]) -> Iterator[str]:
    for one in tell_findings(findings):
        yield ": ".join(part for part in (one.place or "–", one.sentence, one.text) if part)


def report_import(reports: Sequence[ImportReport], *, as_json: bool) -> None:
    """Print what came in."""
    reasons: dict[str, int] = {}
    for report in reports:
        for reason, count in report.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
    names = ("added", "changed", "same", "late")
    added, changed, same, late = (sum(getattr(one, name) for one in reports) for name in names)
    examples = [one for report in reports for one in report.examples][:MOST_EXAMPLES]
    if as_json:
        told = [{"place": one.place, "reason": one.reason, "text": one.text} for one in examples]
        counts = {"added": added, "changed": changed, "same": same, "late": late, "findings": reasons, "examples": told}
        click.echo(json.dumps(counts, ensure_ascii=False))
        return
    for line in _findings_in_words(examples):
        click.echo(line)
    remarks = sum(reasons.values())
    click.echo(f"{added} inputs added{tell_late(late)}, {changed} changed, {same} there already; {remarks} remarks.")


def tell_late(number: int) -> str:
    """What is said of those that came when the phase for input had closed, if some did."""
    return f" ({number} of them late)" if number else ""
