"""How wikis of a language sign when nobody says how one wiki does: formats and names that come with MediaWiki.

Sources: the messages of each language in MediaWiki (`$dateFormats`, `$namespaceNames`, `$specialPageAliases`); names of
months are those of CLDR.
"""

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["LANGUAGES", "WikiLanguage"]


class WikiLanguage(NamedTuple):
    """Formats (several: separated by " | "), and the names of namespaces and special pages (separated by ",")."""

    formats: str
    user: str
    user_talk: str
    special: str = ""
    contributions: str = ""


LANGUAGES: Mapping[str, WikiLanguage] = {
    "en": WikiLanguage("H:i, j F Y | H:i, F j, Y", "User", "User talk", "Special", "Contributions"),
    "ar": WikiLanguage("H:i، j xg Y", "مستخدم,مستخدمة", "نقاش المستخدم,نقاش المستخدمة", "خاص", "مساهمات"),
    "de": WikiLanguage(
        "H:i, j. M. Y | H:i, j. F Y",
        "Benutzer,Benutzerin",
        "Benutzer Diskussion,Benutzerin Diskussion,BD",
        "Spezial",
        "Beiträge",
    ),
    "es": WikiLanguage(
        "H:i j M Y | H:i, j F Y", "Usuario,Usuaria", "Usuario discusión,Usuaria discusión", "Especial", "Contribuciones"
    ),
    "fr": WikiLanguage(
        'j F Y "à" H:i',
        "Utilisateur,Utilisatrice",
        "Discussion utilisateur,Discussion utilisatrice",
        "Spécial",
        "Contributions",
    ),
    "hi": WikiLanguage("H:i, j F Y", "सदस्य", "सदस्य वार्ता", "विशेष", "योगदान"),
    "pt": WikiLanguage(
        'H"h"i"min" "de" j "de" F "de" Y | H:i, j "de" F "de" Y',
        "Usuário,Usuária,Utilizador,Utilizadora,Usuário(a)",
        "Usuário Discussão,Usuária Discussão,Utilizador Discussão,Utilizadora Discussão,Usuário(a) Discussão,"
        "Discussão Usuário,Discussão Usuária,Discussão utilizador,Discussão utilizadora",
        "Especial",
        "Contribuições",
    ),
    "it": WikiLanguage("H:i, j M Y", "Utente", "Discussioni utente", "Speciale", "Contributi,ContributiUtente"),
    "nl": WikiLanguage("j M Y H:i", "Gebruiker", "Overleg gebruiker", "Speciaal", "Bijdragen"),
    "pl": WikiLanguage(
        "H:i, j M Y",
        "Wikipedysta,Wikipedystka,Użytkownik,Użytkowniczka",
        "Dyskusja wikipedysty,Dyskusja wikipedystki,Dyskusja użytkownika,Dyskusja użytkowniczki",
        "Specjalna",
        "Wkład",
    ),
    "ru": WikiLanguage(
        "H:i, j xg Y", "Участник,Участница,У", "Обсуждение участника,Обсуждение участницы,ОУ", "Служебная", "Вклад"
    ),
    "uk": WikiLanguage(
        "H:i, j xg Y", "Користувач,Користувачка", "Обговорення користувача,Обговорення користувачки", "Спеціальна",
        "Внесок",
    ),
    "ja": WikiLanguage('Y"年"n"月"j"日" (D) H:i', "利用者", "利用者‐会話,利用者・トーク", "特別", "投稿記録"),
    "zh": WikiLanguage(
        'Y"年"n"月"j"日" (D) H:i', "用户,用戶,使用者", "用户讨论,用戶討論,使用者討論", "特殊", "用户贡献,使用者貢獻"
    ),
    "ko": WikiLanguage(
        'Y"년" n"월" j"일" (D) H:i', "사용자", "사용자토론,사용자 토론", "특수", "기여,기여목록,사용자기여"
    ),
    "sv": WikiLanguage('j F Y "kl." H.i', "Användare", "Användardiskussion", "Special", "Bidrag"),
    "da": WikiLanguage('j. M Y, H:i | H:i, j. M Y', "Bruger", "Brugerdiskussion,Brugersamtale", "Speciel", "Bidrag"),
    "nb": WikiLanguage('j. M Y "kl." H:i', "Bruker", "Brukerdiskusjon", "Spesial", "Bidrag"),
    "fi": WikiLanguage(
        'j. F"ta" Y "kello" H.i', "Käyttäjä", "Keskustelu käyttäjästä", "Toiminnot", "Muokkaukset"
    ),
    "cs": WikiLanguage(
        "j. n. Y, H:i | j. xg Y, H:i", "Uživatel,Uživatelka,Wikipedista,Wikipedistka",
        "Diskuse s uživatelem,Diskuse s uživatelkou,Diskuse s wikipedistou,Diskuse s wikipedistkou", "Speciální",
        "Příspěvky",
    ),
    "sk": WikiLanguage(
        "H:i, j. F Y", "Redaktor,Redaktorka", "Diskusia s redaktorom,Diskusia s redaktorkou", "Špeciálne", "Príspevky"
    ),
    "hu": WikiLanguage("Y. F j., H:i", "Szerkesztő,User", "Szerkesztővita,User vita", "Speciális",
                       "Közreműködések,Szerkesztő közreműködései"),
    "ro": WikiLanguage("j F Y H:i", "Utilizator", "Discuție Utilizator", "Special", "Contribuții"),
    "ca": WikiLanguage("H:i, j M Y", "Usuari,Usuària", "Usuari Discussió,Usuària Discussió", "Especial",
                       "Contribucions"),
    "eu": WikiLanguage("H:i, j F Y", "Lankide", "Lankide eztabaida", "Berezi", "Ekarpenak"),
    "gl": WikiLanguage('j "de" F "de" Y "ás" H:i', "Usuario,Usuaria", "Conversa usuario,Conversa usuaria", "Especial",
                       "Contribucións"),
    "tr": WikiLanguage("H.i, j F Y", "Kullanıcı", "Kullanıcı mesaj", "Özel", "Katkılar"),
    "fa": WikiLanguage('j xg Y، "ساعت" H:i', "کاربر", "بحث کاربر", "ویژه", "مشارکت‌ها"),
    "he": WikiLanguage('H:i, j "ב"xg Y', "משתמש,משתמשת", "שיחת משתמש,שיחת משתמשת", "מיוחד", "תרומות"),
    "ur": WikiLanguage('H:i، j F Yء "م ع و" | H:i، j F Yء | H:i، j F Y', "صارف", "تبادلۂ خیال صارف", "خاص", "شراکتیں"),
    "ckb": WikiLanguage('H:i، jی xg Y', "بەکارھێنەر", "لێدوانی بەکارھێنەر", "تایبەت", "بەشدارییەکان"),
    "bn": WikiLanguage("H:i, j F Y", "ব্যবহারকারী", "ব্যবহারকারী আলাপ", "বিশেষ", "অবদান"),
    "ta": WikiLanguage("H:i, j F Y", "பயனர்", "பயனர் பேச்சு", "சிறப்பு", "பங்களிப்புகள்"),
    "mr": WikiLanguage("H:i, j F Y", "सदस्य", "सदस्य चर्चा", "विशेष", "योगदान"),
    "th": WikiLanguage("H:i, j F xkY", "ผู้ใช้", "คุยกับผู้ใช้", "พิเศษ", "เรื่องที่เขียน"),
    "vi": WikiLanguage('H:i, "ngày" j "tháng" n "năm" Y', "Thành viên", "Thảo luận Thành viên", "Đặc biệt", "Đóng góp"),
    "id": WikiLanguage("j F Y H.i", "Pengguna", "Pembicaraan Pengguna", "Istimewa", "Kontribusi pengguna,Kontribusi"),
    "ms": WikiLanguage("H:i, j F Y", "Pengguna", "Perbincangan pengguna", "Khas", "Sumbangan"),
    "el": WikiLanguage("H:i, j xg Y", "Χρήστης", "Συζήτηση χρήστη", "Ειδικό", "Συνεισφορές"),
    "bg": WikiLanguage("H:i, j F Y", "Потребител", "Потребител беседа", "Специални", "Приноси"),
    "sr": WikiLanguage(
        "H:i, j. F Y.", "Корисник,Корисница,Korisnik,Korisnica",
        "Разговор са корисником,Разговор са корисницом,Razgovor sa korisnikom", "Посебно,Posebno",
        "Доприноси,Doprinosi",
    ),
    "hr": WikiLanguage("H:i, j. F Y.", "Suradnik,Suradnica", "Razgovor sa suradnikom,Razgovor sa suradnicom",
                       "Posebno", "Doprinosi"),
    "sl": WikiLanguage("H:i, j. F Y", "Uporabnik,Uporabnica", "Uporabniški pogovor,Pogovor z uporabnikom", "Posebno",
                       "Prispevki"),
    "lt": WikiLanguage("H:i, j F Y", "Naudotojas,Naudotoja", "Naudotojo aptarimas,Naudotojos aptarimas", "Specialus",
                       "Indėlis"),
    "et": WikiLanguage('j. F Y, "kell" H:i', "Kasutaja", "Kasutaja arutelu", "Eri", "Kaastöö"),
    "eo": WikiLanguage("H:i, j M. Y", "Uzanto,Vikipediisto", "Uzanto-Diskuto,Diskuto pri vikipediisto", "Speciala",
                       "Kontribuoj"),
    "sw": WikiLanguage("H:i, j F Y", "Mtumiaji", "Majadiliano ya mtumiaji", "Maalum", "Michango"),
}  # fmt: skip
