"""What people write where words are still to come: TODO, TBD, "???", "[…]", "(to be written)", in several languages.

Whether it is such a mark depends on the language: "todo" is "all" in Spanish and Portuguese, and "to be decided" is an
ordinary part of many a sentence. So words that may be ordinary count only where they stand alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from harken.core.text.words import Word, split_words

__all__ = ["find_marks"]

# Marks in any language, whatever is around them.
_PLAIN = re.compile(
    r"(?<!\w)(?:tbd|t\.b\.d\.?|fixme|x{3,}|xx(?:[./-]xx)+|lorem ipsum)(?!\w)"
    r"|(?<!\w)(?-i:TBA|TBW)(?!\w)"
    r"|(?<![\w_])_{3,}(?![\w_])",
    re.IGNORECASE,
)
_QUESTION_MARKS = re.compile(r"(?<![\w?!？])\?{3,}|(?<![\w?!？])？{3,}")
_LEFT_OUT = re.compile(r"\[\s*+(?:\.[ .]*+|…++|\?++)\s*+\]")
_NOTHING_ELSE = re.compile(r"[\s*_]*(?:\.{3,}|…+|\?+|？+)[\s*_]*")
_QUOTED = re.compile('“[^“”]*+”|„[^„“”]*+[“”]|«[^«»]*+»|»[^«»]*+«|"[^"]*+"|「[^「」]*+」|『[^『』]*+』')
_TODO = re.compile(r"(?<![\w-])to([ -]?)do(?![\w-])", re.IGNORECASE)

# Languages with the everyday word "todo"; a text in an unknown language may be in one of them.
_TODO_IS_ALL = frozenset(("", "an", "ast", "es", "ext", "gl", "lad", "mwl", "pt"))
_LISTS = re.compile(r"\s*(?:app|apps|item|items|list|lists|liste|listes|listen|s)\b", re.IGNORECASE)

# Phrases that are marks where they stand alone: "(…)", after a colon or dash, or as a sentence of their own.
_PHRASES = {
    "en": (
        *(
            f"{still}to be {done}"
            for still in ("", "still ", "yet to be ")
            for done in ("written", "completed", "added", "drafted", "filled in", "defined", "determined", "decided")
        ),
        *("to be confirmed", "to be announced", "to be done", "to be discussed", "to be continued", "to come"),
        *("text to come", "text missing", "needs text", "more to come", "placeholder", "dummy text", "sample text"),
        *("coming soon", "work in progress", "under construction", "tbc", "wip", "insert text here", "your text here"),
    ),
    "ar": (
        *("قيد الكتابة", "قيد الإعداد", "قيد الصياغة", "قيد الإنشاء", "يكتب لاحقا", "سيكتب لاحقا", "يضاف لاحقا"),
        *("سيضاف لاحقا", "يحدد لاحقا", "سيحدد لاحقا", "يستكمل لاحقا", "سيستكمل لاحقا", "يكمل لاحقا", "للاستكمال"),
        *("يحتاج إلى استكمال", "يجب استكماله", "لم يكتب بعد", "لم يحدد بعد", "نص مؤقت", "نص بديل", "النص هنا"),
    ),
    "de": (
        *(
            f"{still}zu {do}"
            for still in ("noch ", "ist noch ", "")
            for do in ("schreiben", "ergänzen", "klären", "definieren", "bestimmen", "erledigen", "vervollständigen")
        ),
        *("muss noch geschrieben werden", "muss noch ergänzt werden", "wird noch ergänzt", "wird noch geschrieben"),
        *(
            "wird nachgereicht",
            "wird noch nachgereicht",
            "noch offen",
            "folgt noch",
            "folgt",
            "text folgt",
            "kommt noch",
        ),
        *(
            "inhalt folgt",
            "text fehlt",
            "platzhalter",
            "blindtext",
            "in arbeit",
            "in bearbeitung",
            "hier text einfügen",
        ),
    ),
    "es": (
        *(
            f"{by} {do}"
            for by in ("por", "pendiente de", "pendientes de", "falta", "a")
            for do in ("escribir", "completar", "definir", "redactar", "determinar", "confirmar", "añadir", "agregar")
        ),
        *("por hacer", "pendiente de redacción", "falta el texto", "falta texto", "texto pendiente", "en construcción"),
        *("texto de relleno", "texto provisional", "marcador de posición", "próximamente", "en elaboración"),
    ),
    "fr": (
        *(
            f"à {do}"
            for do in (
                *("compléter", "rédiger", "définir", "écrire", "faire", "venir", "préciser", "déterminer", "confirmer"),
                *("ajouter", "remplir", "développer"),
            )
        ),
        *("reste à écrire", "reste à compléter", "en cours de rédaction", "en cours d'écriture", "texte à venir"),
        *("texte manquant", "texte provisoire", "en construction", "faux texte"),
    ),
    "hi": (
        *("लिखा जाना है", "लिखा जाना बाकी है", "लिखना बाकी है", "लिखना बाकी", "अभी लिखना है", "बाद में लिखा जाएगा"),
        *("जोड़ा जाना है", "जोड़ना बाकी है", "बाद में जोड़ा जाएगा", "पूरा करना बाकी है", "पूरा किया जाना है", "पूरा करना है"),
        *("तय किया जाना है", "तय होना बाकी है", "निर्धारित किया जाना है", "करना बाकी है", "यहाँ लिखें", "काम जारी है"),
    ),
    "pt": (
        *(
            f"{by} {do}"
            for by in ("por", "a", "falta", "pendente de")
            for do in (
                "escrever",
                "completar",
                "definir",
                "preencher",
                "redigir",
                "determinar",
                "confirmar",
                "acrescentar",
            )
        ),
        *("por fazer", "a fazer", "falta o texto", "falta texto", "texto pendente", "em construção", "em elaboração"),
        *("texto provisório", "texto de exemplo", "a ser escrito", "a ser definido", "a ser completado", "em breve"),
    ),
}
# What a bracket that asks for words begins with: "[insert name]".
_ASKING = {
    "en": "insert add fill your enter placeholder write describe todo",
    "ar": "أدرج أضف اكتب املأ",
    "de": "einfügen ergänzen ausfüllen eintragen hier name datum",
    "es": "insertar insertarse insértese inserte añadir agregar rellenar completar escribir todo",
    "fr": "insérer ajouter compléter remplir écrire indiquer préciser",
    "hi": "जोड़ें भरें डालें लिखें यहाँ",
    "pt": "inserir insira acrescentar adicionar preencher completar escrever todo",
}
_LATER = {"later", "soon", "after", "spater", "bald", "ulterieurement", "tard", "despues", "depois", "لاحقا", "قريبا"}

_OPENS = re.compile(r"[\[\](){:;.!?…–—|/\n।،؛؟。！？：（【]")
_CLOSES = re.compile(r"[\])}.!?…:;–—|,\n।،؛؟。！？，）】]")
_BRACKET = re.compile(r"\[[^\[\]\n]{0,200}+\]")


def _read_phrases(language: str) -> dict[str, list[tuple[str, ...]]]:
    """Return the phrases of a language, folded, by their first words, longer ones first."""
    phrases: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for phrase in _PHRASES[language]:
        words = tuple(word.folded for word in split_words(phrase))
        phrases[words[0]].add(words)
    return {first: sorted(found, key=lambda words: (-len(words), words)) for first, found in phrases.items()}


_FOLDED_PHRASES = {language: _read_phrases(language) for language in _PHRASES}
_FOLDED_ASKING = {
    language: frozenset(word.folded for word in split_words(words)) for language, words in _ASKING.items()
}


def find_marks(text: str, language: str = "", words: Sequence[Word] | None = None) -> list[tuple[int, int]]:
    """Return where `text` has marks of something unfinished, as (start, end), in order, none within another.

    `text` is prose (see `prose`). Phrases are known in the interface languages; those of English and of `language`
    (BCP 47) count, all of them if it is "" for unknown. `words` are those of `text` if they are known already. Words
    left out of a quotation ("we will […] act") are no mark. Linear in the length.
    """
    language = language.replace("_", "-").split("-", 1)[0].lower()
    if _NOTHING_ELSE.fullmatch(text):
        start = len(text) - len(text.lstrip())
        return [(start, len(text.rstrip()))]
    languages = ["en", *(_PHRASES if not language else [language] if language in _PHRASES else [])]
    words = split_words(text) if words is None else words
    spans = [
        *(match.span() for match in _PLAIN.finditer(text)),
        *_find_question_marks(text, language),
        *_find_todos(text, language),
        *_find_brackets(text, languages),
    ]
    for name in dict.fromkeys(languages):
        spans += _find_phrases(text, words, _FOLDED_PHRASES[name])
    return _outermost(spans)


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return `spans` in order without those that overlap a longer or earlier one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _find_question_marks(text: str, language: str) -> Iterator[tuple[int, int]]:
    for match in _QUESTION_MARKS.finditer(text):
        start, end = match.span()
        after = text[end : end + 2].strip()[:1]
        # French puts a space before every question mark: there only those are marks after which the sentence goes on.
        goes_on = after.islower() or after in tuple(").]%€")
        if language != "fr" or goes_on or not text[max(0, start - 1) : start].isspace():
            yield start, end


def _find_todos(text: str, language: str) -> Iterator[tuple[int, int]]:
    for match in _TODO.finditer(text):
        start, end = match.span()
        before, after = text[max(0, start - 40) : start].rstrip(" "), text[end : end + 40]
        stands_first = not before or _OPENS.match(before[-1]) is not None
        is_told = after.lstrip()[:1] in tuple(":：")
        is_bracketed = before[-1:] == "["
        surface = match.group()
        if match.group(1):
            is_mark = is_bracketed or (stands_first and (is_told or (surface.isupper() and _ends_here(after))))
        elif language in _TODO_IS_ALL:
            is_caps = surface[-2:].isupper()
            is_mark = is_bracketed or (is_told and (is_caps or (stands_first and surface.islower())))
            is_mark = is_mark or (is_caps and stands_first and (_ends_here(after) or not _is_shouted(after)))
        else:
            is_name = surface == "Todo" and not is_told and not (stands_first and _ends_here(after))
            is_mark = is_bracketed or not (_LISTS.match(after) or is_name)
        if is_mark:
            yield start, end


def _ends_here(after: str) -> bool:
    return not after.strip() or _CLOSES.match(after.lstrip(" ")) is not None


def _is_shouted(after: str) -> bool:
    """Return whether the next word is in capitals, too."""
    words = after.split(None, 1)
    return bool(words) and len(words[0]) > 1 and words[0].isupper()


def _find_brackets(text: str, languages: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield brackets that hold a place: "[…]" outside of quotations, and "[insert name]"."""
    if "[" not in text:
        return
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    number = 0
    for match in _LEFT_OUT.finditer(text):
        while number < len(quoted) and quoted[number][1] <= match.start():
            number += 1
        is_quoted = number < len(quoted) and quoted[number][0] < match.start()
        if not is_quoted or "?" in match.group():
            yield match.span()
    for match in _BRACKET.finditer(text):
        inner = split_words(match.group())
        asking = {inner[0].folded, inner[-1].folded} if inner else set()
        if any(asking & _FOLDED_ASKING[language] for language in languages):
            yield match.span()


def _find_phrases(
    text: str, words: Sequence[Word], phrases: dict[str, list[tuple[str, ...]]]
) -> Iterator[tuple[int, int]]:
    for number, word in enumerate(words):
        for phrase in phrases.get(word.folded, ()):
            last = number + len(phrase) - 1
            if last >= len(words) or any(words[number + place].folded != folded for place, folded in enumerate(phrase)):
                continue
            before = text[words[number - 1].end if number else 0 : word.start]
            following = words[last + 1] if last + 1 < len(words) else None
            after = text[words[last].end : following.start if following else len(text)]
            opens = not number or _OPENS.search(before) is not None
            closes = following is None or _CLOSES.search(after) is not None or following.folded in _LATER
            if opens and closes:
                yield word.start, words[last].end
                break
