"""Harken: with which large, multilingual movements write their strategy together."""

__version__ = "0.1.0"
