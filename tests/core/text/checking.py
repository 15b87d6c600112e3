"""Short ways to check one passage or section, for the tests of findings."""

from harken.core.text.findings import Finding, FindingCode, Glossary, PassageText, SectionText, Targets, check_document

TARGETS = Targets(passages={"2b3c4d5f6g"}, documents={"AD-R2", "vision"})

LONG = (
    "This sentence goes on and on with one word after another until nobody who reads it knows any more where it began"
)


def section(
    *texts: str,
    key: str = "what",
    kind: str = "paragraph",
    required: bool = False,
    budget: int | None = None,
    prose: bool = True,
) -> SectionText:
    passages = tuple(PassageText(f"{key}{number}", kind, text) for number, text in enumerate(texts))
    return SectionText(key, required, budget, prose, passages)


def check(
    text: str,
    code: FindingCode,
    language: str = "en",
    *,
    kind: str = "paragraph",
    glossary: Glossary | None = None,
    targets: Targets | None = None,
) -> list[Finding]:
    found = check_document([section(text, kind=kind)], language=language, glossary=glossary, targets=targets)
    return [finding for finding in found if finding.code == code]


def words(
    text: str, code: FindingCode, language: str = "en", *, kind: str = "paragraph", glossary: Glossary | None = None
) -> list[str]:
    return [finding.words for finding in check(text, code, language, kind=kind, glossary=glossary)]
