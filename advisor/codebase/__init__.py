"""A directory to findings to answers; reads bytes, never imports."""

from __future__ import annotations

from advisor.codebase.model import Evidence, Fact, Finding, FrameworkUse, Move, Part, Scan, Skipped
from advisor.codebase.scan import scan, scan_each

__all__ = ["Evidence", "Fact", "Finding", "FrameworkUse", "Move", "Part", "Scan", "Skipped", "scan", "scan_each"]
