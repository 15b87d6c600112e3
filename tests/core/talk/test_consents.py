"""What a cell agrees to: known words in seven languages, and nothing that could be a refusal read as leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.talk.tables.consents import ConsentSaid, consent_of, consent_of_heading

YES = (
    "yes",
    "Ja.",
    "OUI",
    "sí",
    "Sim",
    "نعم",
    "हाँ",
    "1",
    "1.0",
    "true",
    "WAHR",
    "x",
    "✓",
    "I agree",
    "d’accord",
    "أوافق",
)
NAMELESS = (
    *("anonymous", "Ohne Namen", "sans nom", "anónimo", "sem o meu nome", "بدون اسم", "बिना नाम के"),
    *("Yes, without my name", "yes (anonymous)", "Ja, aber ohne Namen", "Sí, sin mi nombre.", "हाँ, लेकिन नाम के बिना"),
)
NO = (
    *("no", "Nein", "non", "não", "لا", "नहीं", "0", "0.0", "FALSE", "internal", "vertraulich", "No publicar"),
    *(
        "no, do not publish",
        "yes, internal only",
        "ne pas publier",
        "não publicar",
        "لا تنشر",
        "प्रकाशित न करें",
        "yes/no",
    ),
)
UNCLEAR = (
    "",
    " ",
    "maybe",
    "ask me first",
    "not anonymous",
    "yes but not my second answer",
    "2",
    "?",
    "non-public",
    "yes, I think",
)


@pytest.mark.parametrize(
    ("said", "consent", "is_clear"),
    [
        *((said, "public", True) for said in (*YES, "Public", "mit meinem Namen", "yes, with my name")),
        *((said, "nameless", True) for said in NAMELESS),
        *((said, "closed", True) for said in NO),
        *((said, "closed", False) for said in UNCLEAR),
    ],
)
def test_a_cell_says_what_its_speaker_agrees_to(said: str, consent: ConsentSaid, is_clear: bool) -> None:
    assert consent_of(said) == (consent, is_clear)


@pytest.mark.parametrize(
    ("heading", "yes"),
    [
        *(
            (heading, "public")
            for heading in ("", "Consent", "May we publish it? (yes/no)", "Einwilligung", "الموافقة", "सहमति")
        ),
        *((heading, "public") for heading in ("Autorizo la publicación (sí/no)", "Acceptez-vous ? oui / non")),
        *((heading, "nameless") for heading in ("Publish anonymously?", "May we publish it without your name?")),
        *((heading, "nameless") for heading in ("Veröffentlichung ohne Namen", "¿Publicar sin su nombre?")),
        *((heading, "closed") for heading in ("Do not publish my answer", "Keep it confidential", "Nur intern")),
        *((heading, "closed") for heading in ("Ich möchte nicht, dass man es liest", "لا تنشر", "प्रकाशित न करें")),
    ],
)
def test_a_cross_agrees_to_what_the_heading_asks(heading: str, yes: ConsentSaid) -> None:
    asked = consent_of_heading(heading)
    assert consent_of("x", asked) == (yes, True)
    # A plain no below a heading that asks for less could mean more or nothing.
    assert consent_of("no", asked) == ("closed", yes == "public")
    assert consent_of("anonymous", asked).consent in {"nameless", "closed"}


@given(st.text(max_size=40), st.sampled_from(["public", "nameless", "closed"]))
def test_what_is_not_known_is_never_leave_to_publish(said: str, heading: ConsentSaid) -> None:
    read = consent_of(said, heading)
    assert read.consent == "closed" or read.is_clear


@given(st.lists(st.sampled_from([*YES, *NAMELESS, *NO, *UNCLEAR]), min_size=1, max_size=4))
def test_of_several_things_in_a_cell_the_strictest_counts(parts: list[str]) -> None:
    order = ("public", "nameless", "closed")
    said = [part for part in parts if part.strip(" ?")]
    whole = consent_of(", ".join(said)).consent
    assert order.index(whole) >= max((order.index(consent_of(part).consent) for part in said), default=2)
