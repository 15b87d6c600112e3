"""The templates of the sample: the shipped ones, as its organisers have made the first their own."""

from collections.abc import Mapping
from typing import Final

from harken.base.actions import Actor
from harken.documents.actions.templates import change_section, install_templates, remove_section
from harken.documents.models import Depth, Template
from harken.processes.models import Process

DRAFT_TEMPLATE: Final = "draft-recommendation"
_FINAL_TEMPLATE: Final = "final-recommendation"

SECTION_OF: Final = {"what": "what", "why": "logic", "how": "changes", "who": "affected", "harm": "harm"}
"""For each section of a sample recommendation the key of the template's section that asks for it."""

_DEPTHS: Final = {
    "what": (Depth.SUMMARY, Depth.CORE, Depth.EXTENDED),
    "why": (Depth.CORE, Depth.EXTENDED),
    "how": (Depth.EXTENDED,),
    "who": (Depth.EXTENDED,),
    "harm": (Depth.CORE, Depth.EXTENDED),
}
_ASKED_AS_IN_THE_END: Final = ("why", "how")
_ALWAYS_ANSWERED: Final = ("what", "why")
_UNASKED: Final = ("assumptions", "mitigation", "structure")


def write_templates(actor: Actor, process: Process, titles: Mapping[str, Mapping[str, str]]) -> Template:
    """Install the templates, and give the one for drafts the words of the sample: `titles` by language and section."""
    install_templates(actor=actor, process=process)
    template = Template.objects.get(process=process, slug=DRAFT_TEMPLATE)
    shipped = {section.key: section for section in template.sections}
    final = {section.key: section for section in Template.objects.get(process=process, slug=_FINAL_TEMPLATE).sections}
    for section, key in SECTION_OF.items():
        template = change_section(
            actor=actor,
            process=process,
            slug=DRAFT_TEMPLATE,
            key=key,
            titles={lang: words[section] for lang, words in titles.items()},
            # The sample asks for "why" and "how" in the first drafts as well.
            guidance=(final[section] if section in _ASKED_AS_IN_THE_END else shipped[key]).guidance,
            budget=shipped[key].budget,
            depths=_DEPTHS[section],
            required=section in _ALWAYS_ANSWERED,
        )
    for key in _UNASKED:
        template = remove_section(actor=actor, process=process, slug=DRAFT_TEMPLATE, key=key)
    return template
