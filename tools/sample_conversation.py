"""A small made-up conversation as an export of Polis, for pages of the documentation where no real one is at hand."""

import csv
from pathlib import Path
from typing import Final

import numpy as np

TOPIC: Final = "A made-up conversation: what should become of the old station?"
SEED: Final = 35
PEOPLE: Final = 140
# What each says, and the chance that the first and the second camp agree with it.
STATEMENTS: Final = (
    ("The old station should be open to everybody who lives here.", 0.92, 0.88),
    ("Whatever is built there, its costs have to be published every year.", 0.85, 0.9),
    ("A library is what the town lacks most.", 0.88, 0.3),
    ("The house should earn its keep, with shops and offices to let.", 0.15, 0.85),
    ("The town should sell it.", 0.08, 0.7),
    ("Volunteers can run it, if the town pays for the heating.", 0.8, 0.35),
    ("Parking matters more than a garden.", 0.12, 0.75),
    ("Children need a place of their own in it.", 0.86, 0.55),
    ("The platform roof must be kept as it is.", 0.75, 0.25),
    ("Trains will never come back here.", 0.4, 0.6),
    ("A café would bring both the young and the old.", 0.8, 0.78),
    ("We should decide by a vote, not in the council.", 0.7, 0.65),
    ("Nothing should be built until the debts are paid.", 0.1, 0.6),
    ("The station is too far from the middle of the town.", 0.2, 0.45),
)


def write_sample(folder: Path) -> Path:
    """Write the export into `folder`, and return it; the same one each time."""
    generator = np.random.default_rng(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "summary.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["topic", TOPIC], ["voters", PEOPLE]])
    with (folder / "comments.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["comment-id", "moderated", "comment-body"])
        table.writerows([place, 1, words] for place, (words, _first, _second) in enumerate(STATEMENTS))
    chances = np.array([row[1:] for row in STATEMENTS])
    with (folder / "votes.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["timestamp", "comment-id", "voter-id", "vote"])
        for person in range(PEOPLE):
            camp = int(person % 5 > 2)
            for place in range(len(STATEMENTS)):
                if generator.random() < 0.2:
                    continue
                passes, agrees = generator.random() < 0.12, generator.random() < chances[place, camp]
                vote = 0 if passes else 1 if agrees else -1
                table.writerow([1_700_000_000_000 + 1_000 * person + place, place, person, vote])
    return folder
