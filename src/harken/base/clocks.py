"""Time zones by their names in the IANA database."""

import zoneinfo
from functools import lru_cache


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """Every name; the standard library walks through its files each time it is asked."""
    return frozenset(zoneinfo.available_timezones())
