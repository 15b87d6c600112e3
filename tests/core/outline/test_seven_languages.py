"""The same small page in each of the seven interface languages."""

import pytest

from harken.core.outline import Outline, read_outline

PAGES = {
    "en": """The garden we share
You can read this page in English, Arabic, and Hindi. The book holds twelve recommendations.
How to give feedback
• What do you like?
Letters are welcome from 1 to 15 September 2031.
Second iteration (September 2031)
Soil & Seeds
Note: the group does not agree on all.
1. Open books: everybody sees them
2. Rest
Or: A year of sleep
Water
1. Wells
First draft, 3 August 2031
Soil & Seeds
1. Dig
Water
""",
    "ar": """الحديقة التي نتشاركها
يمكنك قراءة هذه الصفحة بالإنجليزية والعربية والهندية. يضم الكتاب 12 توصية.
كيف تشارك برأيك
• ما الذي يعجبك؟
نرحب بالرسائل من 1 إلى 15 سبتمبر 2031.
التكرار الثاني (سبتمبر 2031)
التربة والبذور
ملاحظة: المجموعة غير متفقة على كل شيء.
١. دفاتر مفتوحة: يراها الجميع
٢. راحة
أو: سنة من النوم
المياه
١. الآبار
المسودة الأولى، 3 أغسطس 2031
التربة والبذور
١. حفر
المياه
""",
    "de": """Der Garten, den wir teilen
Sie können diese Seite auf Englisch, Arabisch und Hindi lesen. Das Buch enthält zwölf Empfehlungen.
Wie Sie Rückmeldung geben
• Was gefällt Ihnen?
Briefe sind vom 1. bis 15. September 2031 willkommen.
2. Fassung (September 2031)
Boden & Samen
Hinweis: Die Gruppe ist nicht in allem einig.
1. Offene Bücher: alle sehen sie
2. Ruhe
Oder: Ein Jahr Schlaf
Wasser
1. Brunnen
Erster Entwurf, 3. August 2031
Boden & Samen
1. Graben
Wasser
""",
    "es": """El huerto que compartimos
Puede leer esta página en inglés, árabe e hindi. El libro contiene doce recomendaciones.
Cómo enviar comentarios
• ¿Qué le gusta?
Las cartas se reciben del 1 al 15 de septiembre de 2031.
Segunda iteración (septiembre de 2031)
Suelo y semillas
Nota: el grupo no está de acuerdo en todo.
1. Libros abiertos: todos los ven
2. Descanso
O: Un año de sueño
Agua
1. Pozos
Primer borrador, 3 de agosto de 2031
Suelo y semillas
1. Cavar
Agua
""",
    "fr": """Le jardin que nous partageons
Vous pouvez lire cette page en anglais, arabe et hindi. Le livre contient douze recommandations.
Comment donner votre avis
• Qu’est-ce qui vous plaît ?
Les lettres sont bienvenues du 1er au 15 septembre 2031.
Deuxième itération (septembre 2031)
Terre et graines
Remarque : le groupe n’est pas d’accord sur tout.
1. Livres ouverts : tous les voient
2. Repos
Ou : Une année de sommeil
Eau
1. Puits
Première ébauche, 3 août 2031
Terre et graines
1. Creuser
Eau
""",
    "hi": """हमारा साझा बगीचा
आप इस पन्ने को अंग्रेज़ी, अरबी और हिन्दी में पढ़ सकते हैं। किताब में 12 सिफारिशें हैं।
अपनी प्रतिक्रिया कैसे दें
• आपको क्या पसंद है?
चिट्ठियाँ 1 से 15 सितंबर 2031 तक आ सकती हैं।
दूसरी पुनरावृत्ति (सितंबर 2031)
मिट्टी और बीज
नोट: समूह हर बात पर सहमत नहीं है।
१. खुली किताबें: सब उन्हें देखते हैं
२. आराम
या: नींद का एक साल
पानी
१. कुएँ
पहला मसौदा, 3 अगस्त 2031
मिट्टी और बीज
१. खोदना
पानी
""",
    "pt": """A horta que partilhamos
Pode ler esta página em inglês, árabe e hindi. O livro contém doze recomendações.
Como dar sua opinião
• O que lhe agrada?
As cartas são bem-vindas de 1 a 15 de setembro de 2031.
Segunda iteração (setembro de 2031)
Solo e sementes
Nota: o grupo não concorda em tudo.
1. Livros abertos: todos os veem
2. Descanso
Ou: Um ano de sono
Água
1. Poços
Primeiro rascunho, 3 de agosto de 2031
Solo e sementes
1. Cavar
Água
""",
}


@pytest.fixture(params=PAGES)
def outline(request: pytest.FixtureRequest) -> Outline:
    return read_outline(PAGES[request.param].encode(), name="page.txt")


def test_iterations_and_their_dates(outline: Outline) -> None:
    assert [iteration.date for iteration in outline.iterations] == ["2031-09", "2031-08-03"]
    assert all("2031" not in iteration.title for iteration in outline.iterations)


def test_groups_keep_one_code_through_the_iterations(outline: Outline) -> None:
    later, earlier = outline.iterations
    codes = [group.code for group in later.groups]

    assert codes == [group.code for group in earlier.groups]
    assert all(code.isascii() and code.isalnum() and code.isupper() and len(code) == 2 for code in codes)
    assert [len(group.recommendations) for it in outline.iterations for group in it.groups] == [2, 1, 1, 0]


def test_titles_alternatives_and_notes(outline: Outline) -> None:
    group = outline.iterations[0].groups[0]

    assert len(group.notes) == 1
    assert group.recommendations[0].text
    assert not group.recommendations[1].text
    assert len(group.recommendations[1].alternatives) == 1


def test_languages_window_guidance_and_what_is_announced(outline: Outline) -> None:
    assert [language.code for language in outline.languages] == ["en", "ar", "hi"]
    assert [(window.opens, window.closes) for window in outline.windows] == [("2031-09-01", "2031-09-15")]
    assert len(outline.guidance) == 1
    assert [(announced.kind, announced.count) for announced in outline.announced] == [("recommendations", 12)]
    assert outline.unplaced == ()
