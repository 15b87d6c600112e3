"""Files as people bring them with the browser, and what becomes of them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks import default_task_backend

from harken.inputs.models import ImportDraft
from harken.inputs.tasks import import_what_was_brought

ADDRESS = "/processes/open-garden/inputs/import/"
TERMS = {"zone": "UTC", "consent": "public"}

Files = Sequence[tuple[str, str | bytes]]
PROPOSALS = "id,title/en,body/en,created_at\n1,Benches,More benches at the pond,2019-09-01 10:00:00 UTC\n"
COMMENTS = (
    "id,body,commentable_id,commentable_type,depth,created_at\n"
    "7,Yes and in the shade,1,Decidim::Proposals::Proposal,0,2019-09-02 10:00:00 UTC\n"
)
DECIDIM = (("proposals.csv", PROPOSALS), ("comments.csv", COMMENTS))


def packed(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return made.getvalue()


def mail(number: int, answers: int = 0) -> str:
    """A message as it stands in an mbox."""
    above = f"In-Reply-To: <{answers}@example.org>\n" if answers else ""
    return (
        f"From amina@example.org Sun Sep  1 10:0{number}:00 2019\nFrom: Amina <amina@example.org>\n"
        f"Date: Sun, 1 Sep 2019 10:0{number}:00 +0000\nSubject: Hubs\nMessage-ID: <{number}@example.org>\n{above}\n"
        f"This is message {number}.\n\n"
    )


def talk(name: str, words: str) -> str:
    """The source of a page with one signed section."""
    return f"== Hubs ==\n{words} --[[User:{name}|{name}]] 10:00, 1 September 2019 (UTC)\n"


def send(client: Client, kind: str, files: Files, *, status: int = 302, **more: str) -> str:
    """Bring files; the address of their preview, or what the form says against them."""
    sent = [SimpleUploadedFile(name, said if isinstance(said, bytes) else said.encode()) for name, said in files]
    answer = client.post(ADDRESS, {"format": kind, "file": sent, **TERMS, **more})
    assert answer.status_code == status, answer.content.decode()
    return str(answer["Location"]) if status == 302 else answer.content.decode()


def put_into_ledger(client: Client, address: str) -> ImportDraft:
    """Confirm it, and have the worker do what then waits."""
    job = client.post(f"{address}confirm/")
    assert "/jobs/" in job["Location"]
    draft = ImportDraft.objects.get(pk=int(address.rstrip("/").rpartition("/")[2]))
    import_what_was_brought.call(_context(), draft.pk, draft.by_id)  # type: ignore[call-arg,arg-type] # its types leave out what a worker adds
    draft.refresh_from_db()
    return draft


def _context() -> object:
    """What a worker hands a task that wants to know which job it is."""
    found = default_task_backend.get_result(str(_newest_job()))
    return type("Context", (), {"task_result": found})()


def _newest_job() -> object:
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.latest("enqueued_at").id


def bring_files(client: Client, kind: str, files: Files, **more: str) -> dict[str, object]:
    """Bring files and put them into the ledger; what the report says."""
    report: dict[str, object] = put_into_ledger(client, send(client, kind, files, status=302, **more)).report
    return report
