"""What people agreed to, as the cells and the headings of a table say it, in the interface's languages.

Only words that are known count as leave to publish: whatever else stands in a cell is read as a refusal, and told. A
wrong "yes" exposes somebody and cannot be undone; a wrong "no" costs a look at the findings.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from harken.core.outline.lexicon import fold_word

__all__ = ["ConsentSaid", "ReadConsent", "consent_of", "consent_of_heading"]

ConsentSaid = Literal["public", "nameless", "closed"]
"""Everybody may read it with the name; without the name; only those who work with it may."""

_YES: Final = """
    yes|y|yes please|1|true|x|✓|✔|☑|✅|ok|okay|agree|agreed|i agree|i consent|given|granted|accepted
    ja|j|einverstanden|ich bin einverstanden|ich stimme zu|stimme zu|zugestimmt|wahr
    oui|d'accord|je suis d'accord|j'accepte|j'autorise|vrai|sí|de acuerdo|estoy de acuerdo|acepto|autorizo|verdadero
    sim|concordo|de acordo|estou de acordo|aceito|verdadeiro|نعم|موافق|موافقة|أوافق|أنا موافق|صحيح
    हाँ|हां|जी हाँ|सहमत|सहमत हूँ|मैं सहमत हूँ|सही|सत्य
"""
_NO: Final = "no|n|0|false|nein|falsch|non|faux|falso|não|لا|خطأ|नहीं|ना|जी नहीं|गलत|असत्य"
_WORDS: Final[Mapping[ConsentSaid, str]] = {
    "public": """
        public|publicly|publish|publish it|may be published|you may publish|you may publish it|everybody|everyone
        with name|with my name|with the name|named|publish with name|publish with my name|öffentlich|veröffentlichen
        darf veröffentlicht werden|mit name|mit namen|mit meinem namen|namentlich|publique|publier|avec nom
        avec mon nom|avec le nom|nominatif|público|pública|publicar|con nombre|con mi nombre|con el nombre|com nome
        com meu nome|com o meu nome|com o nome|علني|علنا|للنشر|انشر|يمكن نشره|مع الاسم|بالاسم|باسمي|مع ذكر الاسم|مع اسمي
        सार्वजनिक|प्रकाशित करें|नाम के साथ|नाम सहित|मेरे नाम के साथ
    """,
    "nameless": """
        anonymous|anonymously|anonymised|anonymized|anon|nameless|without name|without my name|without a name
        without the name|without your name|without names|no name|no names|name withheld|publish anonymously
        publish without name
        publish without my name|anonym|anonymisiert|ohne name|ohne namen|ohne meinen namen|ohne ihren namen
        ohne namensnennung
        ohne nennung des namens|anonyme|anonymement|anonymisé|sans nom|sans mon nom|sans votre nom|sans le nom|anónimo
        anónima|anónimamente|de forma anónima|anonimizado|sin nombre|sin mi nombre|sin su nombre|sin el nombre
        anônimo|anônima|anonimamente|de forma anônima|sem nome|sem meu nome|sem seu nome|sem o meu nome|sem o seu nome
        sem o nome
        مجهول|مجهولة|مجهول الاسم|مجهول الهوية|بدون اسم|بدون الاسم|بدون اسمي|بدون ذكر الاسم|بدون ذكر اسمي|بلا اسم
        دون اسم|دون ذكر الاسم
        من دون اسم|अनाम|बेनाम|गुमनाम|गुमनाम रूप से|बिना नाम|बिना नाम के|नाम के बिना|मेरे नाम के बिना
    """,
    "closed": """
        do not publish|do not publish it|don't publish|don't publish it|not publish|not public|not to be published
        not for publication|unpublished|internal|internally|internal only|only internal|internal use|internal use only
        for internal use|for internal use only|private|confidential|closed|off the record|secret|i do not agree
        i don't agree|i disagree|disagree|refuse|refused|i refuse|declined|not given|withdrawn|nicht veröffentlichen
        bitte nicht veröffentlichen|nicht öffentlich|intern|nur intern|vertraulich|privat|nicht einverstanden
        ich bin nicht einverstanden|ich stimme nicht zu|stimme nicht zu|abgelehnt|ne pas publier|pas publier|non public
        pas public|interne|usage interne|en interne|confidentiel|confidentielle|privé|privée|pas d'accord
        je ne suis pas d'accord|je refuse|no publicar|no público|no pública|interno|interna|solo interno|uso interno
        confidencial|privado|privada|no acepto|no autorizo|no estoy de acuerdo|não publicar|não público|não pública
        só interno|apenas interno|não concordo|não aceito|não autorizo|recuso|لا تنشر|لا تنشروا|عدم النشر|غير علني
        ليس للنشر|غير مخصص للنشر|داخلي|داخليا|للاستخدام الداخلي|سري|خاص|غير موافق|لا أوافق|أرفض|प्रकाशित न करें
        प्रकाशित नहीं करें|प्रकाशित मत करें|आंतरिक|केवल आंतरिक|गोपनीय|निजी|असहमत|सहमत नहीं|मैं सहमत नहीं हूँ
    """,
}
_STRICTNESS: Final[tuple[ConsentSaid, ...]] = ("public", "nameless", "closed")
# What turns a heading round: under "I do not want this published" a cross is a refusal.
_NEGATIONS: Final = """
    not|don't|never|without|nicht|kein|keine|keinen|ohne|ne|pas|sans|no|sin|não|sem|لا|عدم|غير|بدون|नहीं|न|मत|बिना
"""
_PARTS: Final = re.compile(
    r"[,;:.!?/|()\[\]{}\n\u2013\u2014،؛؟।]+|\s-+\s|"
    r"(?<!\w)(?:but|please|aber|bitte|mais|pero|por favor|mas|لكن|ولكن|من فضلك|लेकिन|मगर|कृपया)(?!\w)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"([01])[.,]0+\Z")
# The vowel signs of Devanagari are no letters to `\w`.
_BETWEEN: Final = re.compile(r"[^\w\s'\u0900-\u097f]+")


def _fold(said: str) -> str:
    return " ".join(fold_word(said.replace("\u2019", "'")).split()).strip(" .!*\"“”„«»'")


def _phrases(words: str) -> frozenset[str]:
    return frozenset(_fold(phrase) for line in words.strip().splitlines() for phrase in line.split("|"))


_ALL_YES: Final = _phrases(_YES)
_ALL_NO: Final = _phrases(_NO)
_MEANINGS: Final[Mapping[str, ConsentSaid]] = {
    phrase: consent for consent, words in _WORDS.items() for phrase in _phrases(words)
}
_NEGATING: Final = _phrases(_NEGATIONS)
_CHOICE: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, _ALL_YES), key=len, reverse=True))})\s*[/|,]\s*"
    rf"(?:{'|'.join(sorted(map(re.escape, _ALL_NO), key=len, reverse=True))})(?!\w)"
)


class ReadConsent(NamedTuple):
    """What a cell says, and whether that is clear; what is not clear is read as `closed`."""

    consent: ConsentSaid
    is_clear: bool


@lru_cache(maxsize=1_000)
def consent_of(said: str, heading: ConsentSaid = "public") -> ReadConsent:
    """What the speaker of a row agreed to, under a heading that `consent_of_heading` read.

    A cell may say several things between commas or brackets ("yes, without my name"): the strictest counts, and each
    has to be known. A plain yes agrees to what the heading asks; a plain no to a heading that asks for less than all
    ("Publish without my name?") may mean more or nothing, and is not clear.
    """
    whole = _fold(_NUMBER.sub(r"\1", said.strip()))
    parts = [whole] if _meaning(whole, heading) else [part for part in map(_fold, _PARTS.split(whole)) if part]
    read = [_meaning(part, heading) for part in parts]
    if "closed" in read:
        is_plain = all(part in _ALL_NO for part, meaning in zip(parts, read, strict=True) if meaning == "closed")
        return ReadConsent("closed", heading == "public" or not is_plain)
    known = [meaning for meaning in read if meaning]
    if not known or len(known) < len(read):
        return ReadConsent("closed", is_clear=False)
    return ReadConsent(max(known, key=_STRICTNESS.index), is_clear=True)


def _meaning(folded: str, heading: ConsentSaid) -> ConsentSaid | None:
    if folded in _ALL_YES:
        return heading
    if folded in _ALL_NO:
        return "closed"
    return _MEANINGS.get(folded)


def consent_of_heading(heading: str) -> ConsentSaid:
    """What a plain yes under a heading agrees to: `public`, unless it speaks of less ("Publish without my name?")."""
    asked = _BETWEEN.sub(" ", _CHOICE.sub(" ", _fold(heading)))
    words = f" {' '.join(asked.split())} "
    found: ConsentSaid = "public"
    for phrase, consent in _MEANINGS.items():
        if _STRICTNESS.index(consent) > _STRICTNESS.index(found) and f" {phrase} " in words:
            found = consent
    if found == "public" and not _NEGATING.isdisjoint(words.split()):
        return "closed"
    return found
