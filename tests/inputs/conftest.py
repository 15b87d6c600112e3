"""What several files of tests of inputs stand on."""

import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from harken.base.permits import OPERATOR
from harken.documents.actions.texts import create_documents
from harken.documents.models import Chapter, Document, Passage
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.models import (
    Input,
    Stance,
)
from harken.processes.actions import add_iteration
from tests.cast import Cast, draft
from tests.inputs.saying import NOON, a_post, a_source, bring_in


@pytest.fixture
def _files_of_their_own(settings: Settings, tmp_path: Path) -> None:
    """What is brought with the browser is kept in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def garden(cast: Cast) -> list[Document]:
    """Two documents with things said about them in two languages by two channels."""
    iteration = add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1", date="2026-01")
    chapter = Chapter.objects.create(iteration=iteration, group=cast.advocacy, position=0, lang="en")
    drafts = [draft("AD-R1", "Water", 1, "Dig wells."), draft("AD-R2", "Seeds", 2, "Keep old seeds.")]
    documents = create_documents(actor=OPERATOR, chapter=chapter, drafts=drafts)
    water, seeds = documents
    talk = a_source(cast.process)
    bring_in(
        talk,
        a_post("1", "The well is dry in summer.", lang="en", at=NOON, extra={"stance": "concern"}),
        a_post("2", "البئر جاف في الصيف.", lang="ar", at=NOON + datetime.timedelta(hours=1)),
        document=water,
    )
    bring_in(talk, a_post("3", "Old seeds are best.", at=NOON + datetime.timedelta(hours=2)), document=seeds)
    record_input(actor=cast.dalia, process=cast.process, said=Said("More shade for all.", "en", stance=Stance.SUPPORT))
    prepare_inputs()
    passage = Passage.objects.filter(document=water).last()
    Input.objects.filter(external_id="1").update(passage=passage)
    return documents
