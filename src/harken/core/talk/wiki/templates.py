"""Templates of talk pages that say something about who speaks or where, under the names they have on many wikis.

Everything is told by the name of the template, its redirects included; names are compared folded (`fold_name`).
"""

__all__ = ["OUTDENTS", "PINGS", "QUOTES", "SILENT", "STYLED", "UNSIGNED", "fold_name"]


def fold_name(name: str) -> str:
    """Return the name of a template as it is compared: one case, spaces for underscores and hyphens."""
    return " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()


def _names(text: str) -> frozenset[str]:
    return frozenset(fold_name(name) for name in text.split(","))


# Who wrote what stands before, and when: `{{unsigned|name|date}}`, in any order.
UNSIGNED = _names(
    "unsigned,unsigned2,unsigned3,unsignedip,unsignedip2,unsigned ip,unsign,uns,unsig,not signed,nosign,nosig,forgot "
    "to sign,tilde,xsign,undated,unsigned unk,"
    "unsigniert,ununterschrieben,nicht unterschrieben,nicht signiert,nicht signiert von,unsigned de,"
    "no firmado,nofirmado,no firmó,sin firma,nofirmo,no firmada,no firmado2,"
    "non signé,non signe,nonsigné,non signé2,non signée,nosigné,oubli de signature,"
    "não assinado,não assinou,não assinada,nao assinado,não-assinado,não assinado2,"
    "non firmato,nonfirmato,nonfirmato2,niet ondertekend,nietondertekend,afz,"
    "niepodpisany,niepodpisano,brak podpisu,nieopodpisany,"
    "غير موقع,غير موقعة,لم يوقع,غير موقع2,تعليق غير موقع,अहस्ताक्षरित,हस्ताक्षर नहीं,"
    "без подписи,неподписанное,неподписано,не подписано,unsigned ru,без підпису,непідписано,"
    "osignerat,usigneret,usignert,allekirjoittamaton,nepodepsáno,nepodepsal se,aláíratlan,aláírás nélkül,nesemnat,"
    "imzasız,امضانشده,بی امضا,لא חתום,לא חתם,unsigned zh,未签名,未簽名,未署名,無署名,署名なし,서명 없음,chưa ký,"
    "не потписан,непотписан,nepotpisan,nepodpisan,no signat,no signada,sen asinar,sinatu gabe,ανυπόγραφο"
)
# The reply goes on at the margin; nothing is said.
OUTDENTS = _names(
    "outdent,outdent2,od,od2,undent,unindent,deindent,dedent,noindent,de indent,unindented,outdent arrow,reset indent,"
    "ausrücken,zurückrücken,ausgerückt,ein rückung,absatz zurück,"
    "désindenter,désindentation,retour ligne,retrait annulé,recul,alinéa négatif,"
    "desindentar,quitar sangría,sangría,sangrar,margen,recuo,retirar recuo,"
    "rientro,rientra,a capo,terug naar de kantlijn,kantlijn,wcięcie,reset wcięcia,bez wcięcia,"
    "إزالة الإزاحة,إعادة المسافة,سحب,отступ,сброс отступа,без отступа,left,←,↵"
)
# Whom it is said to.
PINGS = _names(
    "ping,reply to,reply,replyto,re,yo,to,at,hey,mention,u,user,ul,user link,userlinks,noping,no ping,@,ping user,"
    "antwort,notif,notif3,notification,répondre,mention utilisateur,respondido a,responder,respuesta,para,resposta,"
    "citar usuario,usuario,odp,at user,رد,إشارة,نداء,مس,जवाब,उत्तर,हिज्जे,ответ,кому,ап,utente,gebruiker,aan"
)
# Words of somebody else.
QUOTES = _names(
    "tq,tq2,tqb,tqq,tqi,talkquote,talk quote,talk quote inline,talk quote block,quote,cquote,blockquote,qt,xt,mxt,"
    "zitat,zitat block,cita,citation,citation bloc,citazione,citat,citaat,cytat,quadro citação,citação,اقتباس,मूल शब्द,"
    "цитата"
)
# Their name is shown, or words that need no sentence: what somebody who votes says.
STYLED = _names(
    "tl,tlx,tlp,tlc,tld,tls,tlg,tnull,templatelink,template link,m,modèle,ml,plantilla,ut,شق,قا,t1,tc,predefinição"
)
SILENT = _names(
    "anchor,anker,ancla,ancre,âncora,shortcut,clear,clr,toc,toc right,toc left,notoc,dir,-,–,br,break,nobr,spaces,"
    "talk header,talkheader,talk page header,archives,archive box,auto archiving notice,archive,user:miszabot/config,"
    "user:lowercase sigmabot iii/config,autoarchivierung,archivierung,archive bottom,abot,archivebottom,hab,hat bottom,"
    "collapse bottom,cob,closed rfc bottom,discussion bottom,reflist,reflist talk,references,refs,tracked,bots,nobots,"
    "erledigt,section resolved,clear left,clear right,dnau,subst:dnau,pin section,do not archive until"
)
