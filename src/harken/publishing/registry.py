"""Which pages a static copy holds: a plain registry that rooms fill in `AppConfig.ready()`.

A room registers a function that yields the addresses of its public pages, without a language prefix.
"""

from collections.abc import Callable, Iterable, Iterator

StaticPages = Callable[[], Iterable[str]]

_SOURCES: list[StaticPages] = []


def register_static_pages(source: StaticPages) -> None:
    """Have the addresses that `source` yields written into every static copy."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def static_addresses() -> Iterator[str]:
    """Every address to write, each once, in the order of registration."""
    seen: set[str] = set()
    for source in _SOURCES:
        for address in source():
            if address not in seen:
                seen.add(address)
                yield address
