"""Short comments to measure with: made from a seed, in eight languages, with copies and campaigns that are known.

Words are made of syllables of each script, and drawn as in real texts: few are frequent, most are rare. What people do
to a text they pass on is done to copies: typing errors, a word changed, left out or put in, a sentence added at an
end, other case, signs and spaces. In a campaign everybody fills the same form in their own way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_VOCABULARY = 12_000


@dataclass(frozen=True)
class Script:
    """How a language makes its words: of so many syllables at most, from beginnings, middles and ends."""

    name: str
    onsets: str
    vowels: str
    codas: str
    syllables: int
    space: str = " "
    stop: str = ". "


def _han(count: int, first: int = 0x4E00) -> str:
    return " ".join(map(chr, range(first, first + count)))


_ENGLISH = "b c d f g h k l m n p r s t v w br ch cl dr fr gr pl pr sh st str th tr"
_GERMAN = "b d f g h k l m n p r s t w z sch st schl pf"
SCRIPTS = (
    Script("en", _ENGLISH, "a e i o u ai ea ie ou", " n r s t l nd ng st", 3),
    Script("es", "b c d f g h j l ll m n ñ p r s t v z", "a e i o u á é í ó ú ia ue", " n s r l", 3),
    Script("de", _GERMAN, "a e i o u ä ö ü ei au ie", " n r t ch ng st", 3),
    Script("ru", "б в г д ж з к л м н п р с т х ч ш", "а е и о у ы я ю", " н т л й сть м", 3),
    Script("ar", "ب ت ج ح خ د ر س ش ص ط ع ف ق ك ل م ن ه", "ا و ي  ", " ن ة ت ", 3),
    Script("hi", "क ख ग च ज ट ड त द न प ब भ म य र ल व श स ह", " ा ि ी ु ू े ै ो ं", " न र ल त ", 3),
    Script("zh", _han(2_500), "", "", 2, "", "。"),
    Script("ja", _han(900, 0x5000), "の に を は が し た い り く ", " て る さ ま ", 2, "", "。"),
    Script("th", "ก ข ค ง จ ช ด ต ท น บ ป พ ม ย ร ล ว ส ห อ เก แม โร ไส", " า ิ ี ุ ู ะ ั", " น ก ม ง ย", 2, "", " "),
)


@dataclass(frozen=True)
class MadeComments:
    """Comments in no order; `family` is the same for those made from one text, and −1 where there is only one.

    `in_campaign` marks those whose family is a campaign.
    """

    texts: list[str]
    family: NDArray[np.int64]
    in_campaign: NDArray[np.bool_]
    language: list[str]


class _Speaker:
    """Makes texts of one language."""

    def __init__(self, script: Script, random: np.random.Generator) -> None:
        self.script = script
        self._random = random
        words: dict[str, None] = {}
        parts = [np.array(part.split(" "), dtype=object) for part in (script.onsets, script.vowels, script.codas)]
        while len(words) < _VOCABULARY:
            drawn = np.stack([random.choice(part, (4_000, script.syllables)) for part in parts], axis=2)
            # Frequent words are short.
            fewest = 1 if len(words) < 300 else 2
            lengths = random.integers(fewest, script.syllables + 1, 4_000 if fewest > 1 else 300)
            for row, length in zip(drawn, lengths.tolist(), strict=False):
                words.setdefault("".join(row[:length].ravel()), None)
        self._words = list(words)
        weights = 1 / np.arange(2.7, _VOCABULARY + 2.7)
        self._upto = np.cumsum(weights / weights.sum())
        self._pool: list[int] = []

    def words(self, n: int) -> list[str]:
        """Draw n words."""
        while len(self._pool) < n:
            self._pool = np.minimum(np.searchsorted(self._upto, self._random.random(200_000)), _VOCABULARY - 1).tolist()
        drawn = self._pool[-n:]
        del self._pool[-n:]
        return [self._words[each] for each in drawn]

    def join(self, words: list[str]) -> str:
        return self.script.space.join(words)


class _Typist:
    """Changes texts as people do; draws numbers many at a time, which is quick."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._pool: list[float] = []
        self._lengths: list[int] = []

    def draw(self) -> float:
        if not self._pool:
            self._pool = self._random.random(100_000).tolist()
        return self._pool.pop()

    def below(self, n: int) -> int:
        return int(self.draw() * n)

    def length(self) -> int:
        """How many words somebody writes."""
        if not self._lengths:
            self._lengths = np.clip(self._random.lognormal(2.75, 0.45, 100_000), 7, 60).astype(int).tolist()
        return self._lengths.pop()

    def mistype(self, word: str) -> str:
        """Swap, drop or double one letter."""
        at = self.below(len(word))
        how = self.draw()
        if how < 0.4 and at + 1 < len(word):
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if how < 0.7 and len(word) > 2:
            return word[:at] + word[at + 1 :]
        return word[:at] + word[at] + word[at:]

    def retell(self, words: list[str], speaker: _Speaker) -> list[str]:
        """Return what somebody makes of a text: one change for every ten words or so."""
        words = list(words)
        for _ in range(1 + (self.draw() < len(words) / 40)):
            how, at = self.draw(), self.below(len(words))
            if how < 0.35:
                words[at] = self.mistype(words[at])
            elif how < 0.55:
                words[at] = speaker.words(1)[0]
            elif how < 0.7 and len(words) > 8:
                del words[at]
            elif how < 0.85:
                words.insert(at, speaker.words(1)[0])
            elif how < 0.95:
                words = [*words, *speaker.words(2)] if self.draw() < 0.5 else [*speaker.words(2), *words]
        return words

    def dress(self, text: str, stop: str) -> str:
        """Return a text with other signs, case and spaces."""
        how = self.draw()
        if how < 0.5:
            return text[:1].upper() + text[1:] + stop.strip()
        if how < 0.6:
            return text.upper() + "!!!"
        if how < 0.7:
            return "  " + text + " 🙏🙏"
        return text if how < 0.85 else text + " …"


def make_comments(n: int, *, copied: float = 0.12, campaigning: float = 0.12, seed: int = 20302) -> MadeComments:
    """Return n comments.

    Of them about the share `copied` are copies of another (two to six of each text), and `campaigning` belong to
    campaigns of 5 to 2,000.
    """
    random = np.random.default_rng(seed)
    typist = _Typist(random)
    speakers = [_Speaker(script, random) for script in SCRIPTS]
    texts: list[str] = []
    family: list[int] = []
    campaign: list[bool] = []
    language: list[str] = []
    families = 0

    def add(words: list[str], speaker: _Speaker, of: int, *, filled: bool) -> None:
        texts.append(typist.dress(speaker.join(words), speaker.script.stop))
        family.append(of)
        campaign.append(filled)
        language.append(speaker.script.name)

    while len(texts) < n * copied:
        speaker = speakers[typist.below(len(speakers))]
        words = speaker.words(typist.length())
        add(words, speaker, families, filled=False)
        for _ in range(1 + typist.below(5)):
            add(words if typist.draw() < 0.25 else typist.retell(words, speaker), speaker, families, filled=False)
        families += 1
    while len(texts) < n * (copied + campaigning):
        speaker = speakers[typist.below(len(speakers))]
        form = speaker.words(max(14, typist.length() + 6))
        slots = sorted({typist.below(len(form)) for _ in range(1 + typist.below(3))})
        for _ in range(min(n // 20 + 5, int(5 * 400 ** typist.draw()))):
            words = list(form)
            for at in reversed(slots):
                words[at : at + 1] = speaker.words(1 + typist.below(2))
            if typist.draw() < 0.1:
                words = typist.retell(words, speaker)
            add(words, speaker, families, filled=True)
        families += 1
    while len(texts) < n:
        speaker = speakers[typist.below(len(speakers))]
        add(speaker.words(typist.length()), speaker, -1, filled=False)
    order = random.permutation(len(texts))[:n]
    return MadeComments(
        [texts[place] for place in order],
        np.asarray(family, dtype=np.int64)[order],
        np.asarray(campaign, dtype=bool)[order],
        [language[place] for place in order],
    )
