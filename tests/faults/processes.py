"""Start the command line in a process of its own, as a fault needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments: str, folder: Path, environment: dict[str, str] | None = None, **settings: Any) -> Any:
    """Start the command line in a folder; its streams are pipes unless `settings` say otherwise."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-m", "advisor", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        **{**streams, **settings},
    )
