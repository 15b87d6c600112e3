"""What people are called who are for or against something: words and numbers of forms and exports."""

from collections.abc import Mapping
from typing import Final

from harken.core.outline.lexicon import fold_word

__all__ = ["stance_of"]

_STANCES: Final[Mapping[str, str]] = {
    "support": """
        support|for|in favour|in favor|pro|agree|strongly agree|yes|+1|like|1|dafür|stimme zu|zustimmung|ja
        pour|d'accord|oui|a favor|de acuerdo|sí|apoyo|concordo|sim|apoio
        أؤيد|مؤيد|موافق|نعم|समर्थन|सहमत|हाँ|पक्ष में
    """,
    "oppose": """
        oppose|against|con|disagree|strongly disagree|no|-1|dislike|dagegen|ablehnung|lehne ab|nein
        contre|pas d'accord|non|en contra|en desacuerdo|contra|discordo|não
        أعارض|معارض|غير موافق|لا|विरोध|असहमत|नहीं|विपक्ष
    """,
    "red line": "red line|rote linie|ligne rouge|línea roja|linha vermelha|خط أحمر|लाल रेखा",
    "concern": "concern|worried|bedenken|sorge|inquiétude|réserve|preocupación|preocupação|قلق|مخاوف|चिंता",
    "question": "question|frage|pregunta|pergunta|سؤال|प्रश्न|सवाल",
    "suggestion": """
        suggestion|proposal|idea|vorschlag|idee|proposition|idée|sugerencia|propuesta|sugestão|proposta|اقتراح|सुझाव
    """,
    "neutral": """
        neutral|0|abstain|pass|enthaltung|egal|neutre|abstention|abstención|neutro|abstenção|محايد|तटस्थ
    """,
}


def _fold(said: str) -> str:
    return " ".join(fold_word(said).split()).strip(" .!")


_STANCE_OF: Final = {
    _fold(word): stance
    for stance, words in _STANCES.items()
    for line in words.strip().splitlines()
    for word in line.split("|")
}


def stance_of(said: str) -> str:
    """Return the stance that a word or number names in one of the interface's languages, "" if it names none."""
    return _STANCE_OF.get(_fold(said), "")
