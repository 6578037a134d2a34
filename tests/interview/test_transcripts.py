"""Whole sessions as they stand on the screen, kept as files: the entries are the lines behind a prompt.

A transcript begins with lines `# key: value`: `width`, `plain`, `given` (answers that exist already), `offer` (answers
of a code base), `all`. `pytest --update-golden` plays the entries and writes the screens anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.decision.answers import Answer, parse_answers
from advisor.interview.screen import Style
from advisor.interview.state import CodebaseOffer

from .bicycles import RULES
from .replaying import Replay

TRANSCRIPTS = sorted((Path(__file__).parent / "golden").glob("*.txt"))


def replay(text: str, folder: Path) -> tuple[str, Replay]:
    """Play a transcript's entries; return its head and the replay."""
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("# ")]
    settings = dict(line.removeprefix("# ").split(": ", 1) for line in head)
    style = Style(int(settings.get("width", "80")), plain="plain" in settings)
    entries = [
        line.removeprefix(style.prompt.rstrip()).strip() for line in lines if line.startswith(style.prompt.rstrip())
    ]
    offer = None
    if "offer" in settings:
        found = {
            need: Answer(answer.choices, "scan", ("shed/tourer.py:3 wheels",))
            for need, answer in answers(settings["offer"]).items()
        }
        offer = CodebaseOffer("Tourer here: 2 wheels", found)
    session = Replay(
        RULES,
        entries,
        keep=folder,
        style=style,
        answers=answers(settings.get("given", "")),
        offer=offer,
        ask_all="all" in settings,
    )
    return "\n".join(head), session


def answers(text: str) -> dict[str, Answer]:
    return parse_answers(RULES, dict(pair.split("=") for pair in text.split()), origin="file")


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
def test_a_session_looks_as_it_was_kept(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    kept = path.read_text(encoding="utf-8")
    head, session = replay(kept, tmp_path)
    screen = f"{head}\n{session.text}[exit {session.code}]\n".replace(str(tmp_path), "STATE")
    if request.config.getoption("--update-golden"):
        path.write_text(screen, encoding="utf-8")
    assert screen == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
def test_no_line_is_wider_than_the_screen(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    width = int(next(line for line in text.splitlines() if line.startswith("# width: ")).removeprefix("# width: "))
    # Command lines are never broken, so that they can be copied.
    wide = [line for line in text.splitlines() if len(line) > width and "  advisor " not in line]
    assert wide == []


def test_plain_screens_have_neither_columns_nor_signs() -> None:
    for path in TRANSCRIPTS:
        text = path.read_text(encoding="utf-8")
        if "# plain" in text:
            body = [line for line in text.splitlines() if not line.startswith(("# ", "  advisor ", "["))]
            assert all(line.isascii() and "   " not in line.strip() and "\x1b" not in line for line in body)
