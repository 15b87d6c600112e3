"""A small strategy page of our own, as somebody would paste it."""

PAGE = """\
A garden for everybody

You can read this page in English, Arabic and Hindi.

Open input was accepted until October 4.

Iteration 2 (September 2026)
Soil & Water
  1. Barrels: Rain is kept at every house that has a roof
  2. Nobody waters at noon
     Or: Watering before sunrise
  3. Compost is collected on Mondays
Tool Sharing

*Note: the group did not agree on everything yet.

  1. A shed in every street
  2. A book in every shed
Iteration 1 (August 2026)
Soil & Water
  1. Rain is kept in barrels
Tool Sharing
"""
