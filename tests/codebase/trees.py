"""Ways to build trees for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

APP = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef home(): ...\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
