"""The site that is posted to: `python -m bench.posting_site prepare|verify FILE`, on the database of the settings.

`prepare` writes the addresses of the forms of 8 documents to FILE as JSON; `verify` reads receipts from FILE, a line of
JSON each, and prints how many of them the ledger has with the very words that were sent.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlencode

from bench import site


def prepare(path: Path) -> None:
    from harken.documents.models import Document
    from harken.inputs.queries.rules import rules_of

    process = site.make_strategy("strategy")
    rules = rules_of(process)
    # All connections come from one network here; people do not.
    rules.posts_per_hour = 0
    rules.save()
    documents = Document.objects.filter(iteration__process=process).select_related("iteration").order_by("pk")[:8]
    addresses = [
        "/processes/strategy/say/?" + urlencode({"iteration": document.iteration.slug, "document": document.code})
        for document in documents
    ]
    path.write_text(json.dumps(addresses), encoding="utf-8")


def verify(path: Path) -> None:
    from harken.inputs.models import Wording
    from harken.inputs.receipts import read_receipt

    receipts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    sent = {read_receipt(receipt): text for receipt, text in receipts}
    there = dict(Wording.objects.filter(number=1).values_list("input", "text"))
    kept = sum(there.get(pk) == text for pk, text in sent.items() if pk is not None)
    print(json.dumps({"receipts": len(receipts), "kept": kept, "ledger": len(there)}))


if __name__ == "__main__":
    site.prepare()
    {"prepare": prepare, "verify": verify}[sys.argv[1]](Path(sys.argv[2]))
