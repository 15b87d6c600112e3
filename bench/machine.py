"""What the figures were taken on: a figure without its machine says nothing."""

from __future__ import annotations

import os
import platform
import re
import time
from importlib.metadata import version
from pathlib import Path

_PACKAGES = (
    "harken",
    "django",
    "granian",
    "numpy",
    "psycopg",
    "rapidfuzz",
    "rensa",
    "pypandoc-binary",
    "scipy",
    "red-dwarf",
    "scikit-learn",
)


def processor_name() -> str:
    """Return the processor's name, as far as the system tells."""
    try:
        told = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        told = None
    return told.group(1).strip() if told else platform.processor() or platform.machine()


def time_loop() -> float:
    """Return the processor milliseconds of a million additions in Python: how fast the machine is just now."""
    began = time.process_time()
    total = 0
    for number in range(1_000_000):
        total += number
    return (time.process_time() - began) * 1000


def describe_machine() -> dict[str, str | int | float]:
    """Return processor, cores, memory in GB, system, and how fast it is just now."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "processor": processor_name(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory_gb": round(memory, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "million_additions_ms": round(time_loop(), 1),
    }


def describe_versions() -> dict[str, str]:
    """Return the versions of what takes part."""
    import sqlite3

    versions = {name: version(name) for name in _PACKAGES}
    return {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, **versions}
