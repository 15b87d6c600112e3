"""What the figures were taken on: a figure without its machine says nothing."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("harken", "django", "granian", "psycopg", "rapidfuzz", "pypandoc-binary")


def processor_name() -> str:
    """Return the processor's name, as far as the system tells."""
    try:
        told = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        told = None
    return told.group(1).strip() if told else platform.processor() or platform.machine()


def describe_machine() -> dict[str, str | int | float]:
    """Return processor, cores, memory in GB and system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "processor": processor_name(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory_gb": round(memory, 1),
        "system": f"{platform.system()} {platform.machine()}",
    }


def describe_versions() -> dict[str, str]:
    """Return the versions of what takes part."""
    import sqlite3

    versions = {name: version(name) for name in _PACKAGES}
    return {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, **versions}
