"""Numbers that went wrong are put right."""

import pytest

from harken.base.permits import Refused
from harken.inputs.actions.counting import recount_inputs
from harken.inputs.actions.recording import About, Said, record_input
from harken.inputs.models import InputCount
from harken.inputs.queries.counts import count_by_document, count_by_source, count_in_process
from tests.cast import Cast, add_round
from tests.inputs.saying import a_post, a_source, bring_in


def test_wrong_numbers_are_found_and_put_right(cast: Cast) -> None:
    _iteration, (document,) = add_round(cast.process, cast.advocacy, "Water")
    source = a_source(cast.process)
    bring_in(source, *(a_post(str(number)) for number in range(5)), batch_size=2)
    for _time in range(3):
        record_input(actor=cast.dalia, process=cast.process, said=Said("Yes."), about=About(document))
    right = (count_in_process(cast.process), count_by_document(cast.process), count_by_source(cast.process))
    assert right[:2] == (8, {None: 5, document.pk: 3})
    assert recount_inputs(actor=cast.amina, process=cast.process) == 0
    InputCount.objects.filter(document=document).update(inputs=100)
    InputCount.objects.filter(source=source).delete()
    assert recount_inputs(actor=cast.amina, process=cast.process) == 2
    assert (count_in_process(cast.process), count_by_document(cast.process), count_by_source(cast.process)) == right
    record_input(actor=cast.dalia, process=cast.process, said=Said("Yes."), about=About(document))
    assert count_in_process(cast.process) == 9


def test_organisers_recount(cast: Cast) -> None:
    with pytest.raises(Refused):
        recount_inputs(actor=cast.dalia, process=cast.process)
