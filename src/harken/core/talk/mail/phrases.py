"""Words by which programs of mail tell a reply, a message passed on, a bounce, a list: in the languages they speak."""

import re
from typing import Final

__all__ = ["ABSENCE", "BOUNCE", "HEADER_NAMES", "LIST_WORDS", "PASSED_ON", "WROTE"]


def _any_of(phrases: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Phrases, one a line (each is a pattern of its own), as one pattern."""
    words = "|".join(line.strip() for line in phrases.strip().splitlines() if line.strip())
    return re.compile(f"{before}(?:{words}){after}", re.IGNORECASE)


# What stands above quoted lines, beside a name and a time.
WROTE: Final = _any_of(r"""
    \b(?:wrote|writes|said|schrieb|schreibt|écrit|escribió|escribio|escreveu|scrisse|ha\ scritto)\b
    \b(?:napisał|skrev|schreef|kirjoitti|пишет|писал|написал|написала|yazdı)\b
    كتبت?
    ने\ लिखा
    写道|寫道|書きました|のメール
""")

PASSED_ON: Final = _any_of(
    r"""
    original message|(?:begin |start of )?forwarded message
    ursprüngliche nachricht|originalnachricht|(?:anfang der )?weitergeleiteten? (?:nachricht|e-mail)
    message d.origine|message original|message (?:transféré|transmis)
    début du message (?:réexpédié|transféré)
    mensaje (?:original|reenviado)
    mensagem (?:original|encaminhada|reencaminhada)|início da mensagem (?:encaminhada|reencaminhada)
    messaggio (?:originale|inoltrato)
    الرسالة الأصلية|رسالة مُ?عاد توجيهها|الرسالة المُ?عاد توجيهها
    मूल संदेश|अग्रेषित संदेश
    """,
    before=r"\s*(?:-{2,}|_{2,}|={2,}|>{2,})?\s*",
    after=r"\s*[:：]?\s*(?:-{2,}|_{2,}|={2,}|<{2,})?\s*\Z",
)

# The headers of a message that a program copies into the text above it; `start` is the first of them.
HEADER_NAMES: Final = _any_of(
    r"""
    (?P<start>from|von|de|da|van|من|प्रेषक|от)
    sent|date|to|cc|subject|reply-to
    gesendet|datum|an|betreff
    envoyé|envoyé le|à|objet
    enviado|enviado el|fecha|para|asunto
    enviada em|data|assunto
    تاريخ الإرسال|التاريخ|أُ?رسلت|إلى|الموضوع
    भेजा गया|दिनांक|प्रति|विषय
    дата|отправлено|кому|тема
    inviato|oggetto|a|onderwerp|verzonden|aan
    """,
    before=r"\s*\*?",
    after=r"\s*\*?\s*[:：]",
)

LIST_WORDS: Final = _any_of(r"""
    mailing.?list|unsubscri|subscri|listinfo|yahoo! groups|google groups|list.?archive
    abmelden|abbestellen
    liste de diffusion|désabonn|désinscri|s'abonner
    lista de correo|darse de baja|suscri
    lista de (?:distribuição|discussão|e-mails)|descadastr|inscrever|cancelar a inscrição
    إلغاء الاشتراك|القائمة البريدية
    सदस्यता|मेलिंग सूची
""")

BOUNCE: Final = _any_of(r"""
    undeliver|delivery (?:status )?notif|delivery (?:has failed|failure)|returned mail|failure notice
    mail delivery (?:failed|system)
    unzustellbar|nicht zugestellt
    non remis|échec de (?:la )?remise
    no se pudo entregar
    não entregue
""")

ABSENCE: Final = _any_of(r"""
    out of (?:the )?office|away from my (?:mail|desk)|on (?:annual |sick )?leave\b|vacation (?:reply|notice)
    \bauto(?:matic|mated)?[ -]?(?:reply|response|antwort)
    abwesenheits|abwesend|automatische antwort
    absence du bureau|réponse automatique|absent du bureau
    fuera de (?:la )?oficina|respuesta automática
    fora do escritório|resposta automática|ausência
    خارج المكتب|رد تلقائي|الرد التلقائي
    कार्यालय से बाहर|स्वचालित उत्तर
""")
