"""How Sphinx builds the documentation: `make docs`, with warnings as errors and nothing from the network."""

import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Harken"
author = "The Harken contributors"
copyright = author  # Sphinx's own name for it
version = release = _PROJECT["version"]

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["decisions/template.md"]

html_theme = "furo"
html_title = "Harken"
html_copy_source = False
