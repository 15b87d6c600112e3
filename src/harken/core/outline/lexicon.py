"""Words that carry structure in the seven interface languages (en ar de es fr hi pt), and the tests built on them.

Matching is by whole words, folded to lower case; Arabic words also match with the article. Nothing here is specific
to one document:
each set names one function of a word on a page (iteration, alternative title, note, ...).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

__all__ = [
    "FILLER_WORDS",
    "FINAL_WORDS",
    "ITERATION_WORDS",
    "MINOR_WORDS",
    "NUMBER_WORDS",
    "ORDINAL_WORDS",
    "RECOMMENDATION_WORDS",
    "any_word",
    "fold_word",
    "fold_words",
    "is_feedback_heading",
    "is_label",
    "is_note",
    "is_question",
    "is_section_heading",
    "is_word",
    "split_words",
    "starts_alternative",
    "strip_alternative",
    "strip_edit_links",
]

# `\w` of `re` leaves out the vowel signs of Devanagari, so words are what stands between spaces and punctuation.
_WORD = re.compile(
    r"[^\s!-/:-@\[-`{-~\u00a0-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u200b\u200e-\u206f"
    r"\u3000-\u303f\uff00-\uff0f\uff1a-\uff20،؛؟٪٫٬٭۔।॥]+"
)


def split_words(text: str) -> list[str]:
    """Return the words of a text in any script written with spaces, as they stand."""
    return _WORD.findall(text)


@lru_cache(maxsize=20_000)
def fold_word(word: str) -> str:
    """Return a word as it is compared: lower case, without accents of Latin letters and Arabic vowel signs."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in folded if not ("\u0300" <= c <= "\u036f" or "\u064b" <= c <= "\u0655" or c == "\u0640"))


def fold_words(words: str) -> frozenset[str]:
    """Return the words of a list written with spaces, folded."""
    return frozenset(fold_word(word) for word in words.split())


def _matches(word: str, words: frozenset[str]) -> bool:
    folded = fold_word(word)
    return folded in words or (folded.startswith("ال") and folded[2:] in words)


def any_word(text: str, words: frozenset[str]) -> bool:
    """Return whether one of the words of `text` is in `words`."""
    return any(_matches(word, words) for word in split_words(text))


def is_word(word: str, words: frozenset[str]) -> bool:
    """Return whether `word` (with or without the Arabic article) is in `words`."""
    return _matches(word, words)


ITERATION_WORDS = fold_words(
    "iteration draft round version edition "
    "تكرار مسودة نسخة إصدار جولة دورة "
    "entwurf fassung runde ausgabe "
    "iteración borrador ronda versión edición "
    "itération ébauche brouillon ronde édition mouture "
    "पुनरावृत्ति मसौदा मसौदे संस्करण दौर प्रारूप चरण "
    "iteração rascunho rodada versão edição minuta"
)

FINAL_WORDS = fold_words(
    "final نهائي نهائية endgültige endgültiger endgültig finale finaler definitiva definitivo "
    "finale définitive définitif अंतिम अन्तिम"
)

# Words that may stand in the heading of an iteration beside its name, number and date.
FILLER_WORDS = fold_words(
    "the of for draft drafts recommendation recommendations working group groups document documents text published "
    "strategy "
    "من في توصية توصيات مسودة مسودات مجموعات العمل "
    "der die das des vom von für im entwurf entwürfe empfehlung empfehlungen "
    "el la los las de del en recomendación recomendaciones borrador borradores "
    "le la les de des du d en recommandation recommandations projet projets "
    "का की के सिफारिश सिफारिशें सिफारिशों मसौदा अनुशंसा अनुशंसाएँ "
    "o a os as de da do das dos em recomendação recomendações rascunho rascunhos"
)

_ORDINALS: dict[int, str] = {
    1: "first أول أولى erste erster erstes primera primer primero première premier "
    "पहला पहली पहले प्रथम primeira primeiro",
    2: "second ثاني ثانية zweite zweiter zweites segunda segundo deuxième seconde दूसरा दूसरी दूसरे द्वितीय",
    3: "third ثالث ثالثة dritte dritter drittes tercera tercer tercero troisième "
    "तीसरा तीसरी तीसरे तृतीय terceira terceiro",
    4: "fourth رابع رابعة vierte vierter viertes cuarta cuarto quatrième चौथा चौथी चौथे चतुर्थ quarta quarto",
    5: "fifth خامس خامسة fünfte fünfter fünftes quinta quinto cinquième पाँचवाँ पांचवां पाँचवीं पांचवीं पंचम",
    6: "sixth سادس سادسة sechste sechster sechstes sexta sexto sixième छठा छठी छठे",
    7: "seventh سابع سابعة siebte siebter siebtes séptima séptimo septième सातवाँ सातवां सातवीं sétima sétimo",
    8: "eighth ثامن ثامنة achte achter achtes octava octavo huitième आठवाँ आठवां आठवीं oitava oitavo",
    9: "ninth تاسع تاسعة neunte neunter neuntes novena noveno neuvième नौवाँ नौवां नौवीं nona nono",
    10: "tenth عاشر عاشرة zehnte zehnter zehntes décima décimo dixième दसवाँ दसवां दसवीं",
}
ORDINAL_WORDS: dict[str, int] = {
    fold_word(word): number for number, words in _ORDINALS.items() for word in words.split()
}

_NUMBERS: dict[int, str] = {
    2: "two zwei dos deux दो dois duas اثنتان اثنان توصيتان",
    3: "three drei tres trois तीन três ثلاث ثلاثة",
    4: "four vier cuatro quatre चार quatro أربع أربعة",
    5: "five fünf cinco cinq पाँच पांच خمس خمسة",
    6: "six sechs seis छह छः ست ستة",
    7: "seven sieben siete sept सात sete سبع سبعة",
    8: "eight acht ocho huit आठ oito ثماني ثمانية",
    9: "nine neun nueve neuf नौ nove تسع تسعة",
    10: "ten zehn diez dix दस dez عشر عشرة",
    11: "eleven elf once onze ग्यारह",
    12: "twelve zwölf doce douze बारह doze",
    13: "thirteen dreizehn trece treize तेरह treze",
    14: "fourteen vierzehn catorce quatorze चौदह catorze",
    15: "fifteen fünfzehn quince quinze पंद्रह पन्द्रह",
    16: "sixteen sechzehn dieciséis seize सोलह dezesseis dezasseis",
    17: "seventeen siebzehn diecisiete सत्रह dezessete dezassete",
    18: "eighteen achtzehn dieciocho अठारह dezoito",
    19: "nineteen neunzehn diecinueve उन्नीस dezenove dezanove",
    20: "twenty zwanzig veinte vingt बीस vinte عشرون عشرين",
}
NUMBER_WORDS: dict[str, int] = {fold_word(word): number for number, words in _NUMBERS.items() for word in words.split()}

RECOMMENDATION_WORDS = fold_words(
    "recommendation recommendations توصية توصيات توصيتان empfehlung empfehlungen recomendación recomendaciones "
    "recommandation recommandations सिफारिश सिफारिशें सिफारिशों अनुशंसा अनुशंसाएँ अनुशंसाएं अनुशंसाओं "
    "recomendação recomendações"
)

# Words that carry no meaning in a group's name: its code is made without them.
MINOR_WORDS = fold_words(
    "a an and the of for in on to at by with or from into "
    "و في من على إلى مع أو عن "
    "und oder der die das des dem den ein eine für von vom im in zur zum mit auf an "
    "y e o el la los las un una de del en para por con al "
    "et ou le la les l un une de des du d en pour par avec au aux à sur "
    "और एवं तथा व का की के में से पर को या लिए "
    "o os as um uma da do das dos em no na nos nas com ao aos à às"
)

# A heading made of these words says "here they come" and names no group ...
_LABEL_WORDS = fold_words(
    "recommendation recommendations summary summaries draft drafts list overview proposal proposals groups "
    "توصية توصيات ملخص ملخصات موجز مسودة مسودات قائمة مجموعات "
    "empfehlung empfehlungen zusammenfassung zusammenfassungen überblick übersicht liste entwurf entwürfe "
    "arbeitsgruppen kurzfassung kurzfassungen vorschläge "
    "recomendación recomendaciones resumen resúmenes lista borrador borradores propuestas grupos "
    "recommandation recommandations résumé résumés synthèse projets propositions ébauches groupes "
    "सिफारिश सिफारिशें सिफारिशों अनुशंसाएँ अनुशंसाएं सारांश सूची मसौदा "
    "recomendação recomendações resumo resumos rascunho rascunhos propostas "
)
# ... also with these beside them.
_LABEL_FILLERS = fold_words(
    "abbreviated abridged short full all our proposed working group the of a "
    "عمل العمل مختصر كامل "
    "kurze alle unsere vorgeschlagene der die das des "
    "abreviados breves todas nuestras trabajo de del la las los el "
    "brefs abrégés toutes nos travail de des du les la le "
    "संक्षिप्त का की के कार्य समूह सभी "
    "breves todas nossas trabalho de do da das dos as os"
)


def _phrases(phrases: str) -> dict[str, list[frozenset[str]]]:
    """Return phrases by one of their words, so that a text is compared only with those it may hold."""
    by_word: dict[str, list[frozenset[str]]] = {}
    for phrase in phrases.split("|"):
        words = fold_words(phrase)
        by_word.setdefault(max(words, key=lambda word: (len(word), word)), []).append(words)
    return by_word


# Each phrase is a set of words that must all stand in a heading.
_FEEDBACK_PHRASES = _phrases(
    "feedback|how comment|how participate|how respond|how contribute|take part|have say|guiding questions|"
    "how give input|share views|share thoughts|get involved|community input|ملاحظاتك|ملاحظات|آرائك|رأيك|"
    "كيف تشارك|أسئلة إرشادية|rückmeldung|rückmeldungen|leitfragen|mitmachen|meinung|wie beteiligen|comentarios|"
    "retroalimentación|cómo participar|opinión|opiniones|sugerencias|preguntas guía|preguntas orientadoras|"
    "commentaires|retours|avis|comment participer|questions directrices|questions guides|donner avis|प्रतिक्रिया|"
    "सुझाव|राय|मार्गदर्शक प्रश्न|comentários|como participar|opinião|sugestões|perguntas orientadoras|retorno"
)

# Headings of parts that every page has and that are no group.
_SECTION_PHRASES = _phrases(
    "what next|next steps|see also|references|contents|table contents|introduction|about|what this about|"
    "background|previous drafts|further reading|notes references|external links|frequently asked questions|faq|"
    "welcome|timeline|navigation|acknowledgements|get started|الخطوات التالية|انظر أيضا|مراجع|مقدمة|المحتويات|"
    "nächste schritte|wie geht weiter|siehe auch|einzelnachweise|inhaltsverzeichnis|einleitung|einführung|"
    "hintergrund|próximos pasos|qué sigue|véase también|referencias|introducción|índice|contenido|antecedentes|"
    "prochaines étapes|voir aussi|références|introduction|sommaire|contexte|et après|अगले कदम|आगे क्या|"
    "यह भी देखें|संदर्भ|परिचय|विषय सूची|próximos passos|ver também|referências|introdução|sumário|conteúdo"
)

_NOTE_START = re.compile(
    r"""^\W{0,4}(?:
        (?:please\s+)?note\b | n\.?b\.? | nota\b | notes?\s*: | anmerkung | hinweis | bitte\s+beachten | observa |
        remarque | aviso
        | ملاحظة | ملحوظة | تنبيه | नोट | टिप्पणी | ध्यान\s+दें
        | (?:see\s+also|main\s+(?:article|page)|siehe\s+auch|hauptartikel|voir\s+aussi
          |véase\s+también|ver\s+também|انظر\s+أيضا|यह\s+भी\s+देखें)\s*[:：]
        | (?:click|see|read|learn|find)\b.{0,30}\b(?:here|more|full|about|below)\b
        | (?:hier\s+klicken|klicken\s+sie|mehr\s+(?:dazu|erfahren|lesen)|siehe\b|weitere\s+informationen)
        | (?:haz|haga|haced)\s+clic | más\s+información | véase\b | ver\s+más | leer\s+más
        | cliquez | en\s+savoir\s+plus | voir\b | pour\s+plus\b
        | clique\b | saiba\s+mais | mais\s+informaç | veja\b | leia\s+mais
        | انقر | اضغط | للمزيد | اقرأ\s+المزيد | यहाँ\s+क्लिक | यहां\s+क्लिक | अधिक\s+जान | और\s+पढ़ें
    )""",
    re.IGNORECASE | re.VERBOSE,
)

# What introduces another title for the item above; a colon or a dash has to follow.
_ALTERNATIVE = re.compile(
    r"""^[(\[*•\-–—\s]{0,4}(?:
        or | or\s+else | alternatively | alternative(?:\s+title)? | also\s+proposed\s+as
        | أو | أو\s+بدلا\s+من\s+ذلك | بدلا\s+من\s+ذلك | بديل | عنوان\s+بديل
        | oder | alternativ | alternative(?:r\s+titel)? | oder\s+auch
        | o | o\s+bien | o\s+también | alternativamente | alternativa | título\s+alternativo
        | ou | ou\s+bien | ou\s+encore | sinon | alternative | titre\s+alternatif
        | या | अथवा | या\s+फिर | विकल्प | वैकल्पिक(?:\s+शीर्षक)?
        | ou\s+então | ou\s+ainda
    )\s*(?:[:：]|[-–—](?=\s)|,(?=\s))\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_ALTERNATIVE_COMMA = re.compile(r"^(?:alternatively|alternativ|alternativamente)\b", re.IGNORECASE)

_QUESTION_END = re.compile(r"[?？؟;]?[?？؟][\s\"'”’»›“„)\]*_]*$")
_EDIT_WORDS = (
    r"edit(?:\s+source)?|bearbeiten|quelltext\s+bearbeiten|editar(?:\s+(?:código(?:-fonte)?|fonte))?|editar\s+código"
    r"|modifier(?:\s+le\s+(?:code|wikicode))?|عدل|تعديل|عدل\s+المصدر|संपादित\s+करें|सम्पादित\s+करें|स्रोत\s+सम्पादित\s+करें"
)
_EDIT_LINK = re.compile(rf"\s*\[\s*(?:{_EDIT_WORDS})(?:\s*\|\s*(?:{_EDIT_WORDS}))*\s*\]\s*$", re.IGNORECASE)
_EDIT_LINE = re.compile(rf"(?:{_EDIT_WORDS})(?:\s*\|\s*(?:{_EDIT_WORDS}))*", re.IGNORECASE)


def strip_alternative(text: str) -> str | None:
    """Return the alternative title behind "Or:" and its like in seven languages, or None if `text` starts otherwise."""
    match = _ALTERNATIVE.match(text)
    if match is None or match.end() >= len(text):
        return None
    if match.group().rstrip().endswith(",") and not _ALTERNATIVE_COMMA.match(text.lstrip("([*•-–— ")):
        return None
    return text[match.end() :].strip()


def starts_alternative(text: str) -> bool:
    """Return whether `text` starts with "Or:" or its like in seven languages."""
    return strip_alternative(text) is not None


def is_question(text: str) -> bool:
    """Return whether `text` ends as a question, also inside quotation marks."""
    return _QUESTION_END.search(text[-12:]) is not None


def is_note(text: str) -> bool:
    """Return whether `text` starts as a note or a pointer to elsewhere does ("Note:", "Click here to learn more")."""
    return _NOTE_START.match(text) is not None


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """Return whether a heading only says that recommendations follow ("Summary of recommendations")."""
    words = split_words(text)
    if len(words) > 8 or not any(_matches(word, _LABEL_WORDS) for word in words):
        return False
    return all(_matches(word, _LABEL_WORDS) or _matches(word, _LABEL_FILLERS) for word in words)


def _find_phrases(words: set[str], phrases: dict[str, list[frozenset[str]]]) -> Iterator[frozenset[str]]:
    for word in words:
        for phrase in phrases.get(word, ()):
            if phrase <= words:
                yield phrase


@lru_cache(maxsize=4096)
def is_feedback_heading(text: str) -> bool:
    """Return whether a heading announces how to give feedback."""
    words = {fold_word(word) for word in split_words(text)}
    words |= {word.removeprefix("ال") for word in words}
    return len(words) <= 12 and any(True for _ in _find_phrases(words, _FEEDBACK_PHRASES))


@lru_cache(maxsize=4096)
def is_section_heading(text: str) -> bool:
    """Return whether a heading names a part that every page has (introduction, next steps, references ...)."""
    words = {fold_word(word) for word in split_words(text)}
    if not words or len(words) > 7:
        return False
    content = {word for word in words if word not in MINOR_WORDS}
    return any(len(content - phrase) <= 1 for phrase in _find_phrases(words, _SECTION_PHRASES))


def strip_edit_links(text: str) -> str:
    """Return a heading without the "[edit]" that wikis print behind it; a line that is nothing else becomes empty."""
    if _EDIT_LINE.fullmatch(text):
        return ""
    return _EDIT_LINK.sub("", text)
