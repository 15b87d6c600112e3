"""The benches there are: a name for `ONLY`, and the module that measures."""

BENCHES: dict[str, str] = {
    "text": "bench.text",
    "alignment": "bench.alignment",
    "documents": "bench.documents",
    "outline": "bench.outline",
    "outline_import": "bench.outline_import",
    "inputs_import": "bench.inputs_import",
    "inputs_reading": "bench.inputs_reading",
    "inputs_posting": "bench.inputs_posting",
    "dump_stream": "bench.dump_stream",
    "mediawiki_edits": "bench.mediawiki_edits",
    "inputs_queue": "bench.inputs_queue",
    "pages": "bench.pages",
    "load": "bench.load",
    "static_publish": "bench.static_publish",
    "sense_map": "bench.sense_map",
    "sense_duplicates": "bench.sense_duplicates",
    "sense_texts": "bench.sense_texts",
    "start": "bench.start",
}
