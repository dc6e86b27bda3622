"""Readings to and from the rest of the hospital, one module per format."""

from fluoro_annotator.exchange.csv_table import csv_text, write_csv
from fluoro_annotator.exchange.document import (
    MarksDocument,
    Program,
    ReadingContent,
    ReadingSource,
    collect,
)
from fluoro_annotator.exchange.import_plan import Finding, ImportPlan, Note, Outcome, ReadingPlan
from fluoro_annotator.exchange.importing import ReadingDestination, apply_import, plan_import
from fluoro_annotator.exchange.native_json import document_from_bytes, json_text, read_json, write_json

__all__ = [
    "Finding",
    "ImportPlan",
    "MarksDocument",
    "Note",
    "Outcome",
    "Program",
    "ReadingContent",
    "ReadingDestination",
    "ReadingPlan",
    "ReadingSource",
    "apply_import",
    "collect",
    "csv_text",
    "document_from_bytes",
    "json_text",
    "plan_import",
    "read_json",
    "write_csv",
    "write_json",
]
