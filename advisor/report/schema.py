"""The JSON Schema of every document that the command line writes, as data beside this module."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from advisor.errors import AdvisorError, did_you_mean

DOCUMENTS = ("recommend", "scan", "needs", "batch", "batch-input")
"""Names under which a single document's schema can be asked for."""

_FILE = Path(__file__).with_name("schema.json")


def read_schema(document: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of all documents, or of one.

    Args:
        document: one of `DOCUMENTS`; None: a schema that any of them meets.

    Raises:
        AdvisorError: there is no such document.
    """
    schema: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    if document is None:
        return schema
    if document not in DOCUMENTS:
        raise AdvisorError(f'there is no schema for "{document}"', did_you_mean(document, DOCUMENTS))
    return {
        "$schema": schema["$schema"],
        "$id": f"{schema['$id']}:{document}",
        "$ref": f"#/$defs/{document}",
        "$defs": schema["$defs"],
    }


def schema_text(document: str | None = None) -> str:
    """Return `read_schema` as JSON text, two spaces deep, ending in a newline."""
    return json.dumps(read_schema(document), ensure_ascii=False, indent=2) + "\n"
