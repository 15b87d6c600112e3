"""How Sphinx builds the documentation: `make docs`, with warnings as errors and nothing from the network."""

import sys
import tomllib
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_REPOSITORY))  # for the extension that computes figures
_PROJECT = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Harken"
author = "The Harken contributors"
copyright = author  # Sphinx's own name for it
version = release = _PROJECT["version"]

extensions = ["myst_parser", "tools.computed_pages"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["decisions/template.md"]

html_theme = "furo"
html_title = "Harken"
html_copy_source = False
