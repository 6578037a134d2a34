"""The Markdown report: a real parser sees the sections, tables and text that were meant, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from advisor.errors import AdvisorError
from advisor.knowledge.model import Example
from advisor.report.markdown import to_markdown
from advisor.report.options import ReportOptions

from .made_by_hand import small_advice

if TYPE_CHECKING:
    from markdown_it.token import Token

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = " <script>alert(1)</script> | `x` **b** [l](javascript:x) \u202e\n# not a heading"


def parsed(text: str) -> list[Token]:
    return PARSER.parse(text)


def headings(tokens: list[Token]) -> list[str]:
    return [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]


def shape(tokens: list[Token]) -> list[str]:
    """Block structure and inline markup, without any text."""
    found: list[str] = []
    for token in tokens:
        found.append(f"{token.type} {token.tag}")
        found += [child.type for child in token.children or [] if child.type not in {"text", "text_special"}]
    return found


def test_the_sections_stand_in_order_under_one_title() -> None:
    assert headings(parsed(to_markdown(small_advice(), ReportOptions(project="Shop")))) == [
        "Shop: Use Swift",
        "Answers",
        "Comparison",
        "Where the points come from",
        "What gives Swift its points",
        "Ruled out",
        "What you give up",
        "Add-ons that close the gaps",
        "Worth knowing",
        "What would change it",
        "Look again when",
        "Sources",
        "How to get this again",
    ]


def test_every_table_is_whole() -> None:
    tokens = parsed(to_markdown(small_advice()))
    rows: list[int] = []
    tables: list[list[int]] = []
    for token in tokens:
        if token.type == "table_open":
            rows = []
            tables.append(rows)
        elif token.type == "tr_open":
            rows.append(0)
        elif token.type in {"td_open", "th_open"}:
            rows[-1] += 1
    assert len(tables) == 5
    assert all(len(set(table)) == 1 for table in tables)


@pytest.mark.parametrize(
    "sentence",
    [
        "| 1 | Swift | 90.0 | 18 of 20 |",
        "| Speed | Load: High | 3 | 2 → 6 | 4 → 12 | 1 → 3 |",
        "| **Points** |  |  | **14** | **18** | **3** |",
        "`app/main.py:7 a queue`",
        "**Plain** (it would have scored 15.0)",
        "- Documentation is “Good” where Steady has “Superb” (2 points).",
        "- Steady would win if Load were “Low” instead of “High”. `--load low`",
        "Speed weighs 3: it draws level with Steady at 1, and may rise without limit.",
        "less than 1/2 (50 %)",
        "[plain-plus](https://example.org/plus) lifts Documentation from “None” to “Good”.",
        "<https://example.org/peak>",
        "advisor recommend --load high --docs must",
        "`sha256:0123`",
    ],
)
def test_it_says(sentence: str) -> None:
    assert sentence in to_markdown(small_advice())


def test_hostile_names_change_neither_structure_nor_markup() -> None:
    options = ReportOptions(title=f"T{HOSTILE}", project=f"P{HOSTILE}", author=f"A{HOSTILE}", status="s", date="d")
    tame = ReportOptions(title="T", project="P", author="A", status="s", date="d")
    assert shape(parsed(to_markdown(small_advice(hostile=HOSTILE), options))) == shape(
        parsed(to_markdown(small_advice(), tame))
    )
    assert "\u202e" not in to_markdown(small_advice(hostile=HOSTILE), options)


def an_example(path: str = "examples/swift/hello/app.py") -> Example:
    return Example("swift", "hello", "Hello", "It greets.", path, (path,), "python app.py", (), ("speed",), {})


def test_an_example_is_shown_whole_inside_its_fence(tmp_path: Path) -> None:
    file = tmp_path / "examples/swift/hello/app.py"
    file.parent.mkdir(parents=True)
    file.write_text('print("```")\n\nprint("</script>")\n', encoding="utf-8")
    tokens = parsed(to_markdown(small_advice(folder=tmp_path, example=an_example())))
    fence = next(token for token in tokens if token.type == "fence" and token.info == "python")
    assert fence.content == file.read_text(encoding="utf-8")


def test_an_example_outside_the_folder_of_the_rules_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (tmp_path / "secret.py").write_text("secret", encoding="utf-8")
    for path in ("../secret.py", str(tmp_path / "secret.py"), "link.py"):
        if path == "link.py":
            (folder / path).symlink_to(tmp_path / "secret.py")
        with pytest.raises(AdvisorError, match="outside the folder"):
            to_markdown(small_advice(folder=folder, example=an_example(path)))


def test_an_example_that_cannot_be_shown_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(AdvisorError, match="No such file"):
        to_markdown(small_advice(folder=tmp_path, example=an_example("gone.py")))
    (tmp_path / "big.py").write_bytes(b"#" * 70_000)
    with pytest.raises(AdvisorError, match="larger than 64 KiB"):
        to_markdown(small_advice(folder=tmp_path, example=an_example("big.py")))
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe")
    with pytest.raises(AdvisorError, match="not UTF-8"):
        to_markdown(small_advice(folder=tmp_path, example=an_example("bytes.py")))


def test_without_a_leader_it_still_says_what_is_known() -> None:
    advice = small_advice()
    nothing = advice._replace(
        verdict=advice.verdict._replace(winners=(), state="nothing-fits", firmness=None, completions={}, total=1),
        pattern="nothing-fits",
        relax=("docs",),
    )
    text = to_markdown(nothing)
    assert text.startswith("# Nothing meets every must\n")
    assert "Something fits once this is no longer a must: Docs." in text
