"""Readings to and from the rest of the hospital, one module per format."""

from fluoro_annotator.exchange.csv_table import csv_text, write_csv
from fluoro_annotator.exchange.document import (
    MarksDocument,
    Program,
    ReadingContent,
    ReadingSource,
    collect,
)
from fluoro_annotator.exchange.native_json import document_from_bytes, json_text, read_json, write_json

__all__ = [
    "MarksDocument",
    "Program",
    "ReadingContent",
    "ReadingSource",
    "collect",
    "csv_text",
    "document_from_bytes",
    "json_text",
    "read_json",
    "write_csv",
    "write_json",
]
