"""Words that end with a full stop without ending a sentence, by language; months, and words that begin sentences.

Only words that are commonly followed by a capital letter or a number need be listed: before a small letter a full stop
ends no sentence anyway. They stand in folded case, without their last full stop.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["MONTHS", "ORDINALS", "Abbreviations", "abbreviations_for"]


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """`inside` never end a sentence, `numbered` do not before a number, `open` do before a word of `beginnings`."""

    inside: frozenset[str]
    numbered: frozenset[str]
    open: frozenset[str]
    beginnings: frozenset[str]


_INSIDE = {
    "": "dr prof mr mrs ms st cf vs ca",
    "en": "mx messrs rev hon sgt capt lt col gen sen rep gov pres viz approx esp e.g i.e eg ie mt ft incl resp",
    "de": "hr fr frl bzw ggf evtl vgl insb inkl exkl sog zzgl bspw z.b z.t d.h u.u i.d.r o.g s.o s.u v.a i.a dipl ing "
    "hl geb gest gegr allg urspr ehem zt zb dh",
    "fr": "m mm mme mmes mlle mlles mgr p.ex ex c.-à-d env éd ste sts",
    "es": "sr sra srta sres sras d dª dña dra dras ee ud uds vd vds lic ing arq gral cnel p.ej ej excmo excma sto sta "
    "mons aprox",
    "pt": "sr sra srta srs d dra drs profª exmo exma p.ex ex eng arq av r gen cel sto sta aprox",
    "it": "sig sigg sig.ra sig.na dott dott.ssa prof.ssa ing avv arch geom on sen rag spett gent.mo ad.es p.es es "
    "s.ta s.to ecc.mo",
    "nl": "dhr mevr mw drs ir mr ds bijv bv d.w.z m.a.w o.a m.n t.a.v i.p.v n.a.v i.v.m evt incl excl resp zgn z.g "
    "vgl st o.l.v t.o.v m.b.t",
    "ru": "т.е т.к т.н напр им ул пл просп акад доц проф гр г-н г-жа св ср см",
    "hi": "डॉ प्रो श्री श्रीमती पं स्व कु सुश्री एड",
    "ar": "د أ م",
}
_NUMBERED = {
    "": "no nr nos art fig p pp vol cap ch sec par ed chap tab abs bd kap s n nº n° § pos ref eq rn max min tel",
    "en": "jan feb mar apr jun jul aug sep sept oct nov dec para paras cl app est cent c circa pt bk ver v",
    "de": "nrn ziff abb anh anm aufl jg jan feb febr mär apr jun jul aug sep sept okt nov dez rdnr hs lit st str art",
    "fr": "numéro janv févr juil sept oct nov déc al alin chap liv col réf env av",
    "es": "núm núms pág págs arts inc ene feb mar abr may jun jul ago sep sept oct nov dic cap lib vols",
    "pt": "núm pág págs arts inc jan fev mar abr mai jun jul ago set out nov dez cap vols fl fls",
    "it": "num pag pagg artt gen feb mar apr mag giu lug ago set sett ott nov dic cap capp comma lett",
    "nl": "blz hfst jan feb mrt apr jun jul aug sep sept okt nov dec lid jrg dl",
    "ru": "стр с рис табл гл разд п пп ст ч т тт №",
    "hi": "सं क्र पृ",
    "ar": "ص رقم",
}
_OPEN = {
    "": "etc al inc ltd co corp jr sr bros",
    "en": "u.s u.k a.m p.m e.u u.n d.c ph.d b.a m.a dept assn univ ave blvd rd",
    "de": "usw etc u.a o.ä u.ä str jh mio mrd mrs hrsg hg e.v a.d v.chr n.chr ff f co uni",
    "fr": "apr j.-c av etc",
    "es": "ee.uu a.c d.c s.a s.l a.m p.m",
    "pt": "a.c d.c s.a ltda cia",
    "it": "ecc a.c d.c s.p.a s.r.l",
    "nl": "enz e.d e.a n.v b.v a.u.b jl mln mld",
    "ru": "др т.д т.п г гг в вв руб коп тыс млн млрд н.э проч",
    "hi": "ई इत्यादि",
    "ar": "الخ",
}
# The words that sentences begin with most often and that are written small within one.
_BEGINNINGS = {
    "en": "the this that these those there they it its we our you your he she his her a an in on at for with from "
    "by as if when while where what who why how but and or so yet not no all each every some many most after "
    "before then however although because both since such to under until i my",
    "de": "der die das dem den des ein eine einen einem einer es er sie wir ihr ich in im am an auf bei mit nach "
    "von zu zum zur für durch um aus als wenn da dann dort hier diese dieser dieses und oder aber doch auch "
    "so wie was wer danach dann deshalb daher damit dazu außerdem zudem jedoch später seitdem wo warum nicht "
    "kein keine alle jeder jede nur noch über unter vor seit ob",
    "fr": "le la les un une des ce cette ces cet il elle ils elles nous vous on je c'est l d dans en au aux pour "
    "par avec sur sous après avant mais et ou donc car si quand comme qui que où pourquoi tout tous toute "
    "toutes chaque",
    "es": "el la los las un una unos unas este esta estos estas esto eso ese esa él ella ellos nosotros en con por "
    "para de del al a se si cuando como pero y o no lo le les su sus todo todos toda todas cada hay es son "
    "también además",
    "pt": "o a os as um uma este esta estes estas isso isto esse essa ele ela eles nós em no na nos nas com por "
    "para de do da ao se quando como mas e ou não todo todos toda todas cada há é são também além",
    "it": "il lo la i gli le un uno una questo questa questi queste esso egli ella noi voi in nel nella con per di "
    "del della al alla da dal se quando come ma e o non tutti tutte ogni è sono anche inoltre poi quindi "
    "infine però",
    "nl": "de het een dit dat deze die er hij zij we wij ze ik in op bij met voor van naar uit door om als toen "
    "maar en of niet geen alle elke ook zo hoe wat wie waar waarom daarna",
    "ru": "в на с к по из от для при за о об это этот эта эти тот он она они оно мы вы я и но а или если когда как "
    "что кто где почему потом затем однако там тогда здесь не все каждый также так после до",
}

MONTHS = frozenset(
    word
    for words in (
        "jan januar january janvier jänner feber februar februari mars märz april mai maj mei juni juli",
        "august augusti september oktober november dezember december desember tammikuuta ledna února března",
        "dubna května června července srpna září října listopadu prosince stycznia lutego marca kwietnia",
        "maja czerwca lipca sierpnia września października grudnia siječnja veljače ožujka travnja svibnja",
        "lipnja srpnja kolovoza rujna studenoga ocak şubat nisan mayıs haziran temmuz ağustos eylül ekim",
        "kasım aralık január február március április május június július augusztus szeptember október",
        "jahrhundert jahrhunderts jahrhunderte jh århundrade",
    )
    for word in words.split()
)
"""Months (folded case) of the languages that write ordinal numbers with a full stop, and "century"."""

ORDINALS = frozenset(
    (
        "bs",
        "cs",
        "da",
        "de",
        "et",
        "eu",
        "fi",
        "fo",
        "hr",
        "hu",
        "is",
        "lb",
        "lv",
        "nb",
        "nn",
        "no",
        "pl",
        "sk",
        "sl",
        "sr",
        "tr",
    )
)
"""Languages (BCP 47, without region) that write ordinal numbers with a full stop."""


# Abbreviations of one language that are words of another.
_WORDS_ELSEWHERE = frozenset(("av", "cel", "col", "ej", "eng", "ex", "hon", "ir", "on", "rag", "rep", "sto"))


def _words(table: Mapping[str, str], language: str) -> frozenset[str]:
    languages = (language, "") if language else tuple(table)
    words = frozenset(word for name in languages for word in table.get(name, "").split())
    return words if language else words - _WORDS_ELSEWHERE


def _gather(language: str) -> Abbreviations:
    beginnings = frozenset(word for words in _BEGINNINGS.values() for word in words.split())
    if language in _BEGINNINGS:
        beginnings = frozenset(_BEGINNINGS[language].split())
    return Abbreviations(_words(_INSIDE, language), _words(_NUMBERED, language), _words(_OPEN, language), beginnings)


_GATHERED = {language: _gather(language) for language in (*_INSIDE, "")}


def abbreviations_for(language: str) -> Abbreviations:
    """Return the abbreviations of a language (BCP 47, without region); those of all if it is none of those here."""
    return _GATHERED.get(language, _GATHERED[""])
