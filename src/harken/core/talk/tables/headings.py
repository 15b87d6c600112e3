"""Words that stand over columns, by what the column means: in the interface's languages and in survey tools."""

from collections.abc import Mapping
from typing import Final

from harken.core.talk.tables.mapping import Role

__all__ = ["ASIDE_HEADINGS", "CONTEXT_HEADINGS", "HEADINGS", "WHOLE_HEADINGS"]

HEADINGS: Final[Mapping[Role, str]] = {
    "id": """
        id|identifier|response id|responseid|record id|submission id|comment id|comment-id|nummer
        kennung|identifiant|identificador|número|numéro|identificação|المعرف|معرف|رقم|पहचान|क्रमांक
        क्रम संख्या|lfd nr
    """,
    "reply_to": """
        reply to|reply-to|in reply to|parent|parent id|parent_id|answers to|antwort auf|bezieht sich auf
        en réponse à|réponse à|en respuesta a|responde a|em resposta a|ردا على|رد على|के उत्तर में
        उत्तर में
    """,
    "time": """
        timestamp|date|time|datetime|when|wann|quand|cuándo|quando|متى|कब|date and time|created
        created at|created_at|submitted|submission date|submit date|start date|recorded date
        recordeddate|datum|zeit|zeitstempel
        zeitpunkt|eingang|horodateur|date et heure|heure|fecha|hora|marca temporal|fecha y hora|data
        data e hora|carimbo de data/hora|carimbo|التاريخ|الوقت|تاريخ|طابع زمني|التاريخ والوقت|दिनांक
        तारीख|समय|तिथि|टाइमस्टैंप
    """,
    "author": """
        author|name|username|user|user name|speaker|participant|your name|full name|respondent|by|autor
        autorin|verfasser|benutzer|benutzername|teilnehmer|sprecher|ihr name|nom|auteur|autrice
        utilisateur|participant·e|participante|votre nom|nombre|autora|usuario|su nombre|nome|usuário
        seu nome|utilizador|الاسم|اسم|المؤلف|الكاتب|المستخدم|المشارك|नाम|लेखक|वक्ता|उपयोगकर्ता|प्रतिभागी
    """,
    "group": """
        group|organisation|organization|affiliate|affiliation|community group|chapter|gruppe|verein
        groupe|association|organización|grupo|asociación|organização|associação|المجموعة|المنظمة|الجمعية
        समूह|संगठन|संस्था
    """,
    "language": """
        language|lang|locale|sprache|langue|idioma|lengua|língua|اللغة|لغة|भाषा
    """,
    "stance": """
        stance|position|opinion|vote|alignment|agree|agreement|haltung|zustimmung|stimme|meinung|avis
        accord|postura|posición|opinión|voto|acuerdo|posição|opinião|الموقف|الرأي|رأي|रुख|मत|राय|सहमति
    """,
    "headcount": """
        headcount|head count|number of people|participants count|number of participants|people
        attendance|how many|anzahl|teilnehmerzahl|anzahl personen|personen|nombre de participants
        nombre de personnes|effectif|número de participantes|número de personas|asistentes
        número de pessoas|participantes|عدد المشاركين|عدد الأشخاص|عدد الحاضرين|प्रतिभागियों की संख्या
        लोगों की संख्या|संख्या
    """,
    "place": """
        place|location|city|country|region|ort|stadt|land|lieu|ville|pays|région|lugar|ciudad|país
        región|cidade|região|local|المكان|المدينة|البلد|المنطقة|स्थान|शहर|देश|क्षेत्र
    """,
    "about": """
        about|document|recommendation|topic|subject area|passage|section|proposal|thema|dokument
        empfehlung|abschnitt|sujet|recommandation|thème|tema|documento|recomendación|recomendação
        الموضوع|الوثيقة|التوصية|विषय|दस्तावेज़|सिफारिश|अनुशंसा
    """,
    "heading": """
        title|subject|heading|titel|betreff|überschrift|titre|objet|título|asunto|assunto|العنوان|عنوان
        शीर्षक
    """,
    "consent": """
        consent|permission|agreement to publish|i agree|may we publish|publish|veröffentlichen|publier|publicar
        النشر|प्रकाशित|einwilligung|einverständnis
        zustimmung zur veröffentlichung|consentement|autorisation|consentimiento|autorización
        consentimento|autorização|الموافقة|موافقة|सहमति पत्र|अनुमति
    """,
    "text": """
        text|comment|comments|body|message|content|input|feedback|contribution|statement|comment body
        comment-body|point|remark|response|answer|kommentar|beitrag|nachricht|inhalt|rückmeldung
        anmerkung|antwort|aussage|commentaire|texte|réponse|avis détaillé|retour|comentario|texto
        mensaje|aporte|respuesta|comentário|mensagem|contribuição|resposta|النص|نص|التعليق|تعليق
        المساهمة|الرسالة|الرأي المفصل|टिप्पणी|पाठ|संदेश|योगदान|सुझाव|उत्तर
    """,
}
# Words that ask: alone they are the heading of a column, in a sentence ("Who is missing?") anything may follow.
WHOLE_HEADINGS: Final[Mapping[Role, str]] = {
    "author": "who|wer|qui|quién|quem|من|कौन",
    "place": "where|wo|où|dónde|onde|أين|कहाँ",
}
# What people can be reached at, and what programs note of them: nobody says it to be read.
ASIDE_HEADINGS: Final = """
    email|e-mail|mail address|phone|phone number|telephone|mobile|contact details|postal address|home address
    street address|your address|postcode|zip code|ip address|ipaddr|user agent|browser|referrer|refurl|mailadresse
    telefon|telefonnummer|handynummer|kontaktdaten|anschrift|postleitzahl|ihre adresse|courriel|adresse électronique
    téléphone|coordonnées|adresse postale|votre adresse|code postal|correo electrónico|teléfono|datos de contacto
    su dirección|dirección postal|código postal|telefone|dados de contato|seu endereço|endereço postal|البريد الإلكتروني
    البريد الالكتروني|الهاتف|رقم الهاتف|العنوان البريدي|الرمز البريدي|ईमेल|ई-मेल|फ़ोन|फ़ोन नंबर|दूरभाष|मोबाइल|डाक पता|आपका पता
    पिन कोड
"""
CONTEXT_HEADINGS: Final[Mapping[str, str]] = {
    "role": """
        role|rolle|rôle|rol|papel|função|الدور|भूमिका
    """,
    "project": """
        project|projekt|projet|proyecto|projeto|المشروع|परियोजना
    """,
    "region": """
        region|région|región|região|continent|المنطقة|क्षेत्र
    """,
    "language community": """
        language community|wiki|sprachgemeinschaft|communauté linguistique|comunidad lingüística
        comunidade linguística|المجتمع اللغوي|भाषा समुदाय
    """,
    "gender": """
        gender|geschlecht|genre|género|gênero|الجنس|लिंग
    """,
    "age": """
        age|age group|alter|altersgruppe|âge|edad|idade|العمر|الفئة العمرية|आयु|उम्र
    """,
}
