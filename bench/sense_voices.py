"""Inputs to measure with: made from a seed, in seven languages, each about one of eight things, or about nothing.

A text is an opening, one or two clauses about its theme, and an ending, so that texts of one theme share what they are
about and not how they are built. One in ten is chatter that belongs to no theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

OPENINGS = {
    "en": (
        "In my view",
        "After twelve years here",
        "As a newcomer",
        "I have said this before, but",
        "Please consider:",
    ),
    "de": (
        "Meiner Meinung nach",
        "Nach zwölf Jahren hier",
        "Als Neuling finde ich",
        "Ehrlich gesagt",
        "Bitte bedenkt:",
    ),
    "fr": ("À mon avis", "Après douze ans ici", "En tant que nouvelle venue", "Franchement", "Pensez-y :"),
    "es": ("En mi opinión", "Después de doce años aquí", "Como recién llegada", "Francamente", "Piénsenlo:"),
    "pt": ("Na minha opinião", "Depois de doze anos aqui", "Como recém-chegada", "Francamente", "Pensem nisto:"),
    "ar": ("في رأيي", "بعد اثني عشر عامًا هنا", "بصفتي قادمة جديدة", "بصراحة", "أرجو أن تفكروا:"),
    "hi": ("मेरी राय में", "यहाँ बारह साल के बाद", "एक नए सदस्य के रूप में", "सच कहूँ तो", "कृपया सोचिए:"),
}
ENDINGS = {
    "en": ("Thank you for listening.", "That is all I ask.", "Others in my town agree.", "Do not wait another year."),
    "de": (
        "Danke fürs Zuhören.",
        "Mehr verlange ich nicht.",
        "Andere in meiner Stadt sehen es auch so.",
        "Wartet nicht.",
    ),
    "fr": ("Merci de votre écoute.", "C'est tout ce que je demande.", "D'autres ici pensent ainsi.", "N'attendez pas."),
    "es": (
        "Gracias por escuchar.",
        "Es todo lo que pido.",
        "Otros en mi ciudad piensan igual.",
        "No esperen otro año.",
    ),
    "pt": (
        "Obrigada por ouvirem.",
        "É só o que peço.",
        "Outros na minha cidade concordam.",
        "Não esperem mais um ano.",
    ),
    "ar": ("شكرًا على الإصغاء.", "هذا كل ما أطلبه.", "آخرون في مدينتي يوافقون.", "لا تنتظروا عامًا آخر."),
    "hi": ("सुनने के लिए धन्यवाद।", "मैं बस यही चाहता हूँ।", "मेरे शहर के और लोग भी सहमत हैं।", "एक और साल मत रुकिए।"),
}
# By theme, then by language: clauses that stand after any opening.
THEMES: tuple[dict[str, tuple[str, ...]], ...] = (
    {
        "en": ("translations come weeks too late", "every draft should be translated on the day it is published"),
        "de": ("Übersetzungen kommen Wochen zu spät", "jeder Entwurf sollte am selben Tag übersetzt werden"),
        "fr": ("les traductions arrivent trop tard", "chaque projet de texte devrait être traduit le jour même"),
        "es": ("las traducciones llegan demasiado tarde", "cada borrador debería traducirse el mismo día"),
        "pt": ("as traduções chegam tarde demais", "cada rascunho deveria ser traduzido no mesmo dia"),
        "ar": ("تصل الترجمات متأخرة جدًا", "يجب أن تُترجم كل مسودة في يوم نشرها"),
        "hi": ("अनुवाद बहुत देर से आते हैं", "हर मसौदे का अनुवाद उसी दिन होना चाहिए"),
    },
    {
        "en": ("the budget is spent without anybody knowing how", "money should be shared fairly between regions"),
        "de": (
            "niemand weiß, wofür das Geld ausgegeben wird",
            "das Geld muss gerecht zwischen den Regionen verteilt werden",
        ),
        "fr": ("personne ne sait comment le budget est dépensé", "l'argent doit être partagé entre les régions"),
        "es": ("nadie sabe en qué se gasta el presupuesto", "el dinero debe repartirse entre las regiones"),
        "pt": ("ninguém sabe como se gasta o orçamento", "o dinheiro deve ser repartido entre as regiões"),
        "ar": ("لا أحد يعرف كيف تُنفق الميزانية", "يجب توزيع المال بعدل بين المناطق"),
        "hi": ("कोई नहीं जानता कि बजट कैसे खर्च होता है", "पैसा क्षेत्रों में बराबर बँटना चाहिए"),
    },
    {
        "en": ("people who are harassed get no protection", "insults and threats have to be reported safely"),
        "de": (
            "wer belästigt wird, bekommt keinen Schutz",
            "Beleidigungen und Drohungen muss man sicher melden können",
        ),
        "fr": (
            "les victimes de harcèlement ne sont pas protégées",
            "il faut pouvoir signaler les insultes et les menaces",
        ),
        "es": ("las víctimas de acoso no reciben protección", "los insultos y las amenazas deben poder denunciarse"),
        "pt": ("as vítimas de assédio não têm proteção", "é preciso poder denunciar insultos e ameaças"),
        "ar": ("من يتعرض للتحرش لا يجد حماية", "يجب أن يكون التبليغ عن الإهانات والتهديدات آمنًا"),
        "hi": ("उत्पीड़न के शिकार लोगों को सुरक्षा नहीं मिलती", "अपमान और धमकियों की शिकायत सुरक्षित होनी चाहिए"),
    },
    {
        "en": ("the website does not work on my old phone", "pages must load quickly on a slow mobile connection"),
        "de": (
            "die Webseite läuft auf meinem alten Telefon nicht",
            "Seiten müssen auch mit langsamem Handynetz schnell laden",
        ),
        "fr": (
            "le site ne marche pas sur mon vieux téléphone",
            "les pages doivent se charger vite sur un réseau mobile lent",
        ),
        "es": ("el sitio no funciona en mi teléfono viejo", "las páginas deben cargar rápido con una red móvil lenta"),
        "pt": ("o site não funciona no meu telefone antigo", "as páginas devem abrir depressa numa rede móvel lenta"),
        "ar": ("الموقع لا يعمل على هاتفي القديم", "يجب أن تُفتح الصفحات بسرعة على شبكة هاتف بطيئة"),
        "hi": ("वेबसाइट मेरे पुराने फ़ोन पर नहीं चलती", "धीमे मोबाइल नेटवर्क पर भी पन्ने जल्दी खुलने चाहिए"),
    },
    {
        "en": ("teachers need material for their classes", "schools and universities should be our first partners"),
        "de": (
            "Lehrerinnen brauchen Material für den Unterricht",
            "Schulen und Universitäten sollten unsere ersten Partner sein",
        ),
        "fr": (
            "les enseignants ont besoin de matériel pour leurs cours",
            "les écoles et les universités devraient être nos partenaires",
        ),
        "es": (
            "los maestros necesitan material para sus clases",
            "las escuelas y universidades deberían ser nuestras socias",
        ),
        "pt": (
            "os professores precisam de material para as aulas",
            "as escolas e universidades deveriam ser nossas parceiras",
        ),
        "ar": ("يحتاج المعلمون إلى مواد لدروسهم", "يجب أن تكون المدارس والجامعات أول شركائنا"),
        "hi": ("शिक्षकों को कक्षा के लिए सामग्री चाहिए", "विद्यालय और विश्वविद्यालय हमारे पहले साझेदार हों"),
    },
    {
        "en": ("the council should be elected by everybody", "votes and elections need clear rules"),
        "de": ("der Rat sollte von allen gewählt werden", "Abstimmungen und Wahlen brauchen klare Regeln"),
        "fr": (
            "le conseil devrait être élu par tout le monde",
            "les votes et les élections ont besoin de règles claires",
        ),
        "es": ("el consejo debería ser elegido por todos", "las votaciones y elecciones necesitan reglas claras"),
        "pt": ("o conselho deveria ser eleito por todos", "as votações e eleições precisam de regras claras"),
        "ar": ("يجب أن ينتخب الجميع المجلس", "تحتاج الانتخابات والتصويت إلى قواعد واضحة"),
        "hi": ("परिषद का चुनाव सब लोग करें", "मतदान और चुनाव के नियम साफ़ होने चाहिए"),
    },
    {
        "en": ("flights to every meeting harm the climate", "we should travel by train and meet online"),
        "de": ("Flüge zu jedem Treffen schaden dem Klima", "wir sollten mit dem Zug reisen und uns online treffen"),
        "fr": ("les vols pour chaque réunion nuisent au climat", "voyageons en train et réunissons-nous en ligne"),
        "es": ("los vuelos a cada reunión dañan el clima", "deberíamos viajar en tren y reunirnos en línea"),
        "pt": ("os voos para cada reunião prejudicam o clima", "deveríamos viajar de comboio e reunir-nos em linha"),
        "ar": ("رحلات الطيران إلى كل اجتماع تضر بالمناخ", "علينا السفر بالقطار والاجتماع عبر الإنترنت"),
        "hi": ("हर बैठक के लिए उड़ानें जलवायु को नुकसान पहुँचाती हैं", "हमें रेल से चलना और ऑनलाइन मिलना चाहिए"),
    },
    {
        "en": (
            "museums and archives should open their collections",
            "old photographs in the archive belong to the public",
        ),
        "de": ("Museen und Archive sollten ihre Sammlungen öffnen", "alte Fotos im Archiv gehören der Öffentlichkeit"),
        "fr": (
            "les musées et les archives devraient ouvrir leurs collections",
            "les photos anciennes des archives sont à tous",
        ),
        "es": ("los museos y archivos deberían abrir sus colecciones", "las fotos antiguas del archivo son de todos"),
        "pt": (
            "os museus e arquivos deveriam abrir as suas coleções",
            "as fotografias antigas do arquivo são de todos",
        ),
        "ar": ("يجب أن تفتح المتاحف والأرشيفات مجموعاتها", "الصور القديمة في الأرشيف ملك للجميع"),
        "hi": ("संग्रहालयों और अभिलेखागारों को अपने संग्रह खोलने चाहिए", "अभिलेखागार की पुरानी तस्वीरें जनता की हैं"),
    },
)
CHATTER = (
    ("en", "my cat walked over the keyboard"),
    ("en", "is there coffee left in the kitchen"),
    ("de", "gestern hat es den ganzen Tag geregnet"),
    ("de", "wer hat meinen Schirm gesehen"),
    ("fr", "j'ai perdu mes clés ce matin"),
    ("fr", "la soupe était froide"),
    ("es", "mi abuela cumple noventa años"),
    ("pt", "o gato do vizinho fugiu outra vez"),
    ("ar", "نسيت نظارتي في الحافلة"),
    ("hi", "कल रात बिजली चली गई थी"),
)


@dataclass(frozen=True)
class MadeInputs:
    """Texts, the language of each, and the number of its theme; −1: about none."""

    texts: list[str]
    languages: list[str]
    themes: list[int]


def make_inputs(number: int, *, seed: int = 20306, languages: tuple[str, ...] = tuple(OPENINGS)) -> MadeInputs:
    """Return so many different inputs: where two would be alike, a number sets them apart, as a signature does."""
    chance = Random(seed)
    made = MadeInputs([], [], [])
    seen: set[str] = set()
    chatter = [each for each in CHATTER if each[0] in languages]
    for _ in range(number):
        if chance.random() < 0.1:
            language, clause = chance.choice(chatter)
            theme, clauses = -1, [clause]
        else:
            language, theme = chance.choice(languages), chance.randrange(len(THEMES))
            clauses = chance.sample(THEMES[theme][language], chance.randint(1, 2))
        stop = "।" if language == "hi" else "."
        said = (
            f"{chance.choice(OPENINGS[language])} {f'{stop} '.join(clauses)}{stop} {chance.choice(ENDINGS[language])}"
        )
        text = said if said not in seen else f"{said} ({chance.randrange(10**6)})"
        seen.add(text)
        made.texts.append(text)
        made.languages.append(language)
        made.themes.append(theme)
    return made
