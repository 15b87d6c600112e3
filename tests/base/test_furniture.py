"""Page furniture is rendered once for what it is made from, and holds nothing else: nothing of who asked for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.template import Context, Engine, Node, Template, Variable
from django.template.base import FilterExpression, NodeList, TokenType
from django.template.defaulttags import CsrfTokenNode, ForNode, NowNode, WithNode
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.smartif import TokenBase
from django.templatetags.i18n import BlockTranslateNode
from django.utils import translation
from django.utils.safestring import mark_safe

import harken
from harken.base.furniture import MOST_CHARACTERS, MOST_PIECES, KeptPiece

SOURCE = Path(harken.__file__).parent
NAMES = sorted(
    str(path.relative_to(folder)) for folder in SOURCE.glob("*/templates") for path in folder.rglob("*.html")
)
Kind = TypeVar("Kind", bound=Node)
CHANGES_BY_ITSELF = {"days_until", "timesince", "timeuntil", "random"}


def engine() -> Engine:
    return Engine.get_default()


def compile_template(source: str) -> Template:
    return Template(source, engine=engine())


def parts_of(thing: Any) -> Iterator[Any]:
    """What a node, an expression or a list of them holds."""
    if isinstance(thing, dict):
        yield from thing.values()
    elif isinstance(thing, list | tuple | NodeList):
        yield from thing
    elif isinstance(thing, FilterExpression):
        yield thing.var
        for function, arguments in thing.filters:
            yield from (argument for _is_variable, argument in arguments)
            if getattr(function, "_filter_name", "") in CHANGES_BY_ITSELF:
                yield Variable(f"time.{function._filter_name}")
    elif isinstance(thing, Node | TokenBase):
        yield from vars(thing).values()


def walk(thing: Any, blocks: dict[str, list[BlockNode]]) -> Iterator[Any]:
    """Everything within, in whatever way the page template and those it extends fill the blocks."""
    yield thing
    within = list(parts_of(thing))
    if isinstance(thing, BlockNode):
        within = [block.nodelist for block in blocks[thing.name]]
    elif isinstance(thing, IncludeNode):
        within.append(engine().get_template(name_in(thing.template)).nodelist)
    for part in within:
        yield from walk(part, blocks)


def names_given(things: list[Any]) -> set[str]:
    """What tags within the piece give a name to."""
    given: set[str] = set()
    for thing in things:
        if isinstance(thing, WithNode | BlockTranslateNode | IncludeNode):
            given |= set(thing.extra_context)
        if isinstance(thing, BlockTranslateNode) and thing.countervar:
            given.add(thing.countervar)
        if isinstance(thing, ForNode):
            given |= {*thing.loopvars, "forloop"}
        if isinstance(thing, Node):
            given |= {name for name in (getattr(thing, "asvar", ""), getattr(thing, "target_var", "")) if name}
    return given


def names_used(things: list[Any]) -> Iterator[str]:
    for thing in things:
        if isinstance(thing, Variable) and thing.lookups:
            yield ".".join(thing.lookups)
        elif isinstance(thing, BlockTranslateNode):
            yield from (
                token.contents for token in thing.singular + (thing.plural or []) if token.token_type == TokenType.VAR
            )
        elif isinstance(thing, CsrfTokenNode | NowNode):
            yield type(thing).__name__
        elif type(thing).__name__ == "RenderPartialNode":  # of a package without types; nobody looks into it
            yield "partial"
        elif isinstance(thing, SimpleNode) and thing.takes_context:
            yield thing.func.__name__


def nodes_of(template: Template, kind: type[Kind]) -> list[Kind]:
    return [node for node in template.nodelist.get_nodes_by_type(kind) if isinstance(node, kind)]


def name_in(expression: Any) -> str:
    """The name of a template where a tag tells it in quotes, as all of ours do."""
    assert isinstance(expression.var, str)
    return expression.var


def lines_of(template: Template) -> list[Template]:
    """A page template, the one it extends, and so on."""
    found = [template]
    while extending := nodes_of(found[-1], ExtendsNode):
        found.append(engine().get_template(name_in(extending[0].parent_name)))
    return found


def leaks_of(template: Template) -> set[str]:
    """What kept pieces of a page depend on without saying so."""
    line = lines_of(template)
    blocks: dict[str, list[BlockNode]] = {}
    for one in line:
        for block in nodes_of(one, BlockNode):
            blocks.setdefault(block.name, []).append(block)
    leaks = set()
    for one in line:
        for piece in nodes_of(one, KeptPiece):
            said = {".".join(value.var.lookups) for value in piece.values}
            things = list(walk(piece.nodelist, blocks))
            given = names_given(things)
            for name in names_used(things):
                ways = {name[:end] for end in (*(place for place, sign in enumerate(name) if sign == "."), len(name))}
                if not ways & said and name.partition(".")[0] not in given:
                    leaks.add(name)
    return leaks


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_depends_on_nothing_but_what_it_names(name: str) -> None:
    assert leaks_of(engine().get_template(name)) == set()


@pytest.mark.parametrize(
    ("source", "leak"),
    [
        ("{% keep a %}{{ user.name }}{% endkeep %}", "user.name"),
        ("{% keep a.b %}{% if a.c %}x{% endif %}{% endkeep %}", "a.c"),
        ("{% keep %}{% url 'process' a.slug %}{% endkeep %}", "a.slug"),
        ("{% keep a %}{% csrf_token %}{% endkeep %}", "CsrfTokenNode"),
        ("{% keep a %}{% language_links %}{% endkeep %}", "language_links"),
        ("{% keep a %}{{ a|days_until }}{% endkeep %}", "time.days_until"),
        ("{% keep a %}{% blocktranslate %}{{ name }} said{% endblocktranslate %}{% endkeep %}", "name"),
        ("{% keep a %}{% include 'base/find.html' %}{% endkeep %}", "search_address"),
        ("{% extends 'processes/page.html' %}{% block at_groups %}{{ group }}{% endblock %}", "group"),
        ("{% extends 'base/page.html' %}{% block at_home %}{{ request.path }}{% endblock %}", "request.path"),
    ],
)
def test_a_piece_that_depends_on_more_is_found(source: str, leak: str) -> None:
    assert leaks_of(compile_template(source)) == {leak}


def test_most_pages_have_kept_pieces() -> None:
    """Else the test above finds nothing to read."""
    line = lines_of(engine().get_template("documents/document.html"))
    assert [len(nodes_of(one, KeptPiece)) for one in line] == [2, 4, 4]


def test_a_piece_is_rendered_once_for_its_values() -> None:
    template = compile_template("{% keep a %}{{ a }} {{ count }}{% endkeep %}")
    assert template.render(Context({"a": "x", "count": 1})) == "x 1"
    assert template.render(Context({"a": "x", "count": 2})) == "x 1"
    assert template.render(Context({"a": "y", "count": 3})) == "y 3"
    assert template.render(Context({"count": 4})) == " 4"


def test_each_language_has_its_own() -> None:
    template = compile_template("{% keep %}{% translate 'Search' %}{% endkeep %}")
    with translation.override("en"):
        assert template.render(Context()) == "Search"
    with translation.override("de"):
        assert template.render(Context()) == "Suchen"


def test_safe_words_are_not_taken_for_words_to_escape() -> None:
    template = compile_template("{% keep a %}{{ a }}{% endkeep %}")
    assert template.render(Context({"a": mark_safe("<b>")})) == "<b>"
    assert template.render(Context({"a": "<b>"})) == "&lt;b&gt;"


def test_each_page_template_fills_the_blocks_within_its_own_way() -> None:
    pages = [
        compile_template("{% extends 'base/page.html' %}{% block at_home %} id=" + name + "{% endblock %}")
        for name in ("one", "two")
    ]
    for _again in range(2):
        texts = [page.render(Context({"site_name": "Harken", "static_copy": True})) for page in pages]
        assert ["id=one" in text for text in texts] == [True, False]
        assert ["id=two" in text for text in texts] == [False, True]


def test_pieces_do_not_pile_up() -> None:
    template = compile_template("{% keep a %}{{ a }}{% endkeep %}")
    for number in range(MOST_PIECES + 1):
        template.render(Context({"a": number}))
    [piece] = nodes_of(template, KeptPiece)
    assert len(piece._pieces) == 1


def test_long_pieces_do_not_pile_up_either() -> None:
    template = compile_template("{% keep a %}{{ a }}{% endkeep %}")
    for number in range(4):
        template.render(Context({"a": str(number) * (MOST_CHARACTERS // 2)}))
    [piece] = nodes_of(template, KeptPiece)
    assert len(piece._pieces) == 2
