"""A program for the test that kills it: imports posts in small batches and says after each how many are there."""

import os
import sys
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.settings")
django.setup()

from harken.base.home import prepare_home  # noqa: E402 - needs the settings
from harken.base.permits import OPERATOR  # noqa: E402 - as above
from harken.core.talk.model import Post  # noqa: E402 - as above
from harken.inputs.actions.importing import ImportProgress, import_posts  # noqa: E402 - as above
from harken.inputs.actions.sources import open_source  # noqa: E402 - as above
from harken.inputs.models import Channel, Input, Source, Wording  # noqa: E402 - as above
from harken.inputs.queries.counts import count_in_process  # noqa: E402 - as above
from harken.processes.actions import create_process  # noqa: E402 - as above
from harken.processes.models import Process  # noqa: E402 - as above


def posts(count: int) -> Iterator[Post]:
    for number in range(count):
        parent = f"{number - 7}" if number % 3 and number > 7 else ""
        agreed = {"consent": ("public", "nameless", "closed")[number % 3]} if number % 2 else {}
        yield Post(
            f"{number}", f"Speaker {number % 10}", "account", None, f"I say {number}.", parent_id=parent, extra=agreed
        )


def tell(progress: ImportProgress) -> None:
    sys.stdout.write(f"{progress.posts}\n")
    sys.stdout.flush()


def main() -> None:
    count = int(sys.argv[1])
    prepare_home()
    process = Process.objects.filter(slug="killed").first() or create_process(
        actor=OPERATOR, slug="killed", name="Killed"
    )
    source = open_source(actor=OPERATOR, process=process, channel=Channel.TALK, key="page", title="Page")
    before = Input.objects.count()
    report = import_posts(actor=OPERATOR, source=source, posts=posts(count), batch_size=20, progress=tell)
    kept = [Input.objects.count(), Wording.objects.count(), count_in_process(process)]
    orphans = Input.objects.filter(parent=None, reply_to__isnull=False).count()
    lie = {wording.input.source.consent == agreed_to(wording) for wording in _wordings()}
    sys.stdout.write(f"done {before} {report.added} {report.same} {kept} {orphans} {lie} {Source.objects.count()}\n")


def _wordings() -> Iterator[Wording]:
    yield from Wording.objects.select_related("input__source").iterator()


def agreed_to(wording: Wording) -> str:
    return str(wording.extra.get("consent", "public"))


if __name__ == "__main__":
    main()
