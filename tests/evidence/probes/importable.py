"""Import each module named on the command line; what came of it, as JSON: "" or the exception's name."""

from __future__ import annotations

import json
import sys
from importlib import import_module


def outcome(name: str) -> str:
    try:
        import_module(name)
    except Exception as failure:  # frameworks refuse in several ways; the name is the fact
        return type(failure).__name__
    return ""


print(json.dumps({name: outcome(name) for name in sys.argv[1:]}))
