"""`advisor examples`: list the grid, show an example (beside another framework's), save it to run."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from advisor.cli.completing import example_names, frameworks, one_of, topics
from advisor.cli.endings import unwound_when_stopped
from advisor.cli.frame import Command, Group, new_app
from advisor.cli.inputs import NoColorOption, PlainOption, RulesOption
from advisor.cli.output import Screen, known_format, say, screen_for
from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge import load_rules
from advisor.knowledge.files import EXAMPLES_FOLDER, read_file
from advisor.knowledge.model import Example, Gap, Rules
from advisor.placing import WholeFile
from advisor.steering import quiet

FORMATS = ("text", "json")
GUTTER = " │ "
LANGUAGES = {".py": "python", ".html": "html+jinja", ".ini": "ini", ".txt": "text", ".toml": "toml", ".yaml": "yaml"}

app = new_app(
    cls=Group,
    help="Runnable examples: the same task in every framework.",
    epilog="Example:  advisor examples show FRAMEWORK/TOPIC --beside OTHER",
)


class Save(NamedTuple):
    """One file to be written."""

    target: Path
    content: bytes


@app.command("list", cls=Command)
def list_examples(
    *,
    topic: Annotated[
        str | None, typer.Option("--topic", metavar="TOPIC", help="Only this topic.", autocompletion=topics)
    ] = None,
    output_format: Annotated[
        str,
        typer.Option("--format", metavar="|".join(FORMATS), help="How to print it.", autocompletion=one_of(FORMATS)),
    ] = "text",
    rules_file: RulesOption = None,
) -> None:
    """List the examples: which there are, how long each is, and why one is missing."""
    rules = load_rules(rules_file)
    known_format(output_format, FORMATS)
    topics = topics_of(rules)
    if topic is not None and topic not in topics:
        raise AdvisorError(f'--topic: no such topic "{topic}"', did_you_mean(topic, topics))
    wanted = [topic] if topic else list(topics)
    say(as_json(rules, wanted) if output_format == "json" else as_grid(rules, wanted, screen_for(sys.stdout).width))


@app.command("show", cls=Command)
def show(
    cell: Annotated[
        str,
        typer.Argument(
            metavar="FRAMEWORK/TOPIC", help="As advisor examples list names it.", autocompletion=example_names
        ),
    ],
    *,
    beside: Annotated[
        str | None,
        typer.Option(
            "--beside", metavar="FRAMEWORK", help="Show another framework's version with it.", autocompletion=frameworks
        ),
    ] = None,
    all_files: Annotated[bool, typer.Option("--all-files", help="Show every file, not only the main one.")] = False,
    rules_file: RulesOption = None,
    plain: PlainOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Show an example: what to look at, how to run and try it, and its code."""
    rules = load_rules(rules_file)
    screen = screen_for(sys.stdout, plain=plain, no_color=no_color)
    shown = [find(rules, cell)]
    if beside is not None:
        shown.append(find(rules, f"{beside}/{shown[0].topic}", "--beside: "))
    say("\n".join(pages(rules, shown, screen, all_files=all_files)), colored=screen.color)


@app.command("save", cls=Command)
def save(
    cells_and_folder: Annotated[
        list[str],
        typer.Argument(
            metavar="FRAMEWORK/TOPIC... DIR",
            help="One or more examples, then the folder.",
            autocompletion=example_names,
        ),
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    rules_file: RulesOption = None,
) -> None:
    """Save examples to a folder, ready to run; several get a folder each."""
    rules = load_rules(rules_file)
    *cells, directory = cells_and_folder
    if not cells:
        raise AdvisorError("say which example and where to", "advisor examples save FRAMEWORK/TOPIC DIR")
    chosen = {cell: find(rules, cell) for cell in cells}
    homes = {cell: Path(directory) / (cell if len(chosen) > 1 else "") for cell in chosen}
    files = [file for cell, example in chosen.items() for file in files_of(rules, example, homes[cell])]
    with unwound_when_stopped():
        write_all(files, force=force)
    for cell, example in chosen.items():
        say(f"cd {shlex.quote(str(homes[cell]))} && {example.run}")


def topics_of(rules: Rules) -> dict[str, str]:
    """Return topic → title in the order of the data, topics with gaps only last."""
    titles = {example.topic: example.title for example in rules.examples}
    return titles | {gap.topic: gap.topic for gap in rules.gaps if gap.topic not in titles}


def cell_of(example: Example | Gap) -> str:
    """Return "alternative/topic"."""
    return f"{example.alternative}/{example.topic}"


def find(rules: Rules, cell: str, option: str = "") -> Example:
    """Return the example that "alternative/topic" names.

    Raises:
        AdvisorError: there is none, with the reason or the nearest name.
    """
    for example in rules.examples:
        if cell_of(example) == cell:
            return example
    for gap in rules.gaps:
        if cell_of(gap) == cell:
            raise AdvisorError(f"{option}there is no example {cell}", gap.why_not)
    known = [cell_of(example) for example in rules.examples]
    raise AdvisorError(f'{option}no such example "{cell}"', did_you_mean(cell, known))


def as_json(rules: Rules, topics: Sequence[str]) -> str:
    """Return the examples of some topics as one JSON document."""
    import json

    document: dict[str, Any] = {
        "schema_version": "1.0",
        "examples": [
            {
                **{key: value for key, value in example._asdict().items() if key != "try_lines"},
                "try": [{"command": command, "output": output} for command, output in example.try_lines],
            }
            for example in rules.examples
            if example.topic in topics
        ],
        "gaps": [gap._asdict() for gap in rules.gaps if gap.topic in topics],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, default=dict)


def as_grid(rules: Rules, topics: Sequence[str], width: int) -> str:
    """Return the grid as text: how long each example is, why one is missing, and what to do next."""
    lengths = {cell_of(example): str(code_lines(rules, example)) for example in rules.examples}
    lengths |= {cell_of(gap): "none" for gap in rules.gaps}
    names = {alternative.id: alternative.name for alternative in rules.alternatives}
    rows = [["topic", *names.values()]]
    rows += [[topic, *(lengths.get(f"{key}/{topic}", "-") for key in names)] for topic in topics]
    lines = ["Lines of code of each example; every one runs.", ""]
    lines += grid_lines(rows, ["", *(topics_of(rules)[topic] for topic in topics)], width)
    if len(topics) == 1:
        lines += ["", *(f"{names[one.alternative]}: {one.shows}" for one in rules.examples if one.topic == topics[0])]
    lines += [f"{cell_of(gap)}: {gap.why_not}" for gap in rules.gaps if gap.topic in topics]
    sample = next((cell_of(example) for example in rules.examples if example.topic in topics), None)
    if sample:
        lines += ["", f"Look at one:  advisor examples show {sample}"]
        lines += [f"Take it:      advisor examples save {sample} DIR"]
    return "\n".join(lines)


def grid_lines(rows: Sequence[Sequence[str]], titles: Sequence[str], width: int) -> Iterable[str]:
    """Yield the rows as columns, with titles where they fit; where the columns do not fit, a line for each cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    needed = [sum(widths) + len(gap) * (len(widths) - 1) for gap in ("  ", " ")]
    if needed[1] > width:
        heads = rows[0][1:]
        yield from (f"{row[0]} {head}: {cell}" for row in rows[1:] for head, cell in zip(heads, row[1:], strict=True))
        return
    gap = "  " if needed[0] <= width else " "
    room = width - needed[0] - 2
    for row, title in zip(rows, titles, strict=True):
        line = gap.join(
            [f"{row[0]:<{widths[0]}}", *(f"{cell:>{w}}" for cell, w in zip(row[1:], widths[1:], strict=True))]
        )
        yield f"{line}  {title}" if title and len(title) <= room else line


def code_lines(rules: Rules, example: Example) -> int:
    """Count the lines of an example's main file that are neither blank nor a comment nor the opening docstring."""
    opening, quotes, rest = text_of(rules, example.path).partition('"""')
    _docstring, _quotes, code = rest.partition('"""')
    lines = (line.strip() for line in (code if quotes else opening).splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


def text_of(rules: Rules, path: str) -> str:
    """Read a file of an example.

    Raises:
        AdvisorError: the file cannot be read.
    """
    return quiet(content_of(rules, path).decode("utf-8", errors="replace").replace("\r\n", "\n"))


def content_of(rules: Rules, path: str) -> bytes:
    """Read the bytes of a file of an example.

    Raises:
        AdvisorError: the file cannot be read.
    """
    file = Path(rules.folder) / path
    # The rules may come from the cache; what the file is a link to may have changed since they were checked.
    if not file.resolve().is_relative_to((Path(rules.folder) / example_home(path)).resolve()):
        raise AdvisorError(f"{path}: it leaves its folder", "the rules and their examples belong together")
    return read_file(file, path)


def pages(rules: Rules, shown: Sequence[Example], screen: Screen, *, all_files: bool) -> Iterable[str]:
    """Yield the blocks of text that show one example or two."""
    names = {alternative.id: alternative.name for alternative in rules.alternatives}
    yield shown[0].title
    for example in shown:
        yield ""
        yield from notes(example, names[example.alternative])
    mains = [text_of(rules, example.path) for example in shown]
    widest = [max(map(len, text.splitlines()), default=0) for text in mains]
    if len(shown) > 1 and sum(widest) + len(GUTTER) <= screen.width and not screen.plain:
        yield ""
        yield from side_by_side([cell_of(example) for example in shown], mains, widest, screen)
    else:
        for example, text in zip(shown, mains, strict=True):
            yield from listing(example.path, text, screen)
    for example in shown:
        others = [path for path in example.files if path != example.path]
        for path in others if all_files else ():
            yield from listing(path, text_of(rules, path), screen)
        if others and not all_files:
            more = "1 more file" if len(others) == 1 else f"{len(others)} more files"
            yield f"\n{cell_of(example)} has {more}; --all-files shows all."
    if any(example.run.startswith("uv run ") for example in shown):
        yield "\nuv run (or pipx run) installs what the file names into an environment of its own."
    yield f"Take it:  advisor examples save {' '.join(map(cell_of, shown))} DIR"


def notes(example: Example, name: str) -> Iterable[str]:
    """Yield what is said about an example: what to look at, how to run and try it, with which versions."""
    yield f"{name}: {example.shows}"
    yield f"  run    {example.run}"
    for command, output in example.try_lines:
        first, *more = command.splitlines()
        yield f"  try    {first}"
        yield from (f"         {line}" for line in more)
        yield from (f"  {'gives' if number == 0 else '':<5}  {line}" for number, line in enumerate(output.splitlines()))
    if example.versions:
        yield "  with   " + ", ".join(f"{package} {version}" for package, version in sorted(example.versions.items()))


def listing(path: str, text: str, screen: Screen) -> Iterable[str]:
    """Yield a file under its name, highlighted where colour is wanted."""
    yield f"\n--- {path}"
    yield highlighted(path, text, screen) if screen.color else text.rstrip("\n")


def side_by_side(titles: Sequence[str], texts: Sequence[str], widths: Sequence[int], screen: Screen) -> Iterable[str]:
    """Yield the lines of two files next to each other."""
    columns = [text.splitlines() for text in texts]
    yield GUTTER.join(f"{title:<{width}}" for title, width in zip(titles, widths, strict=True)).rstrip()
    painted = [highlighted("main.py", text, screen).splitlines() for text in texts] if screen.color else columns
    for row in zip_longest(*(zip(shown, real, strict=False) for shown, real in zip(painted, columns, strict=True))):
        cells = (
            pair[0] + " " * (width - len(pair[1])) if pair else " " * width
            for pair, width in zip(row, widths, strict=True)
        )
        yield GUTTER.join(cells).rstrip()


def highlighted(path: str, text: str, screen: Screen) -> str:
    """Return a file's text with colours for a terminal, its own lines kept."""
    from rich.console import Console
    from rich.syntax import Syntax

    language = LANGUAGES.get(Path(path).suffix, "docker" if Path(path).name == "Dockerfile" else "text")
    code = Syntax("", language, theme="ansi_dark", background_color="default").highlight(text.rstrip("\n"))
    console = Console(force_terminal=True, width=max(screen.width, 20), color_system="standard", highlight=False)
    with console.capture() as captured:
        console.print(code, soft_wrap=True, end="")
    return captured.get().rstrip("\n")


def files_of(rules: Rules, example: Example, home: Path) -> list[Save]:
    """Return the files of an example with the places they are saved to."""
    folder = example_folder(example)
    return [Save(home / Path(path).relative_to(folder), content_of(rules, path)) for path in example.files]


def example_folder(example: Example) -> Path:
    """Return the folder of an example, relative to the rules' folder like its files."""
    cell = (EXAMPLES_FOLDER, example.alternative, example.topic)
    parts = Path(example.path).parts
    depth = next(depth for depth in range(len(parts), 0, -1) if parts[depth - len(cell) : depth] == cell)
    return Path(*parts[:depth])


def example_home(path: str) -> Path:
    """Return the folder of all examples that a file of one lies in, relative to the rules' folder."""
    parts = Path(path).parts
    return Path(*parts[: parts.index(EXAMPLES_FOLDER) + 1])


def write_all(files: Sequence[Save], *, force: bool) -> None:
    """Write files, each whole or not at all; nothing is written when one of them may not be.

    Raises:
        AdvisorError: a file is there already and `force` is not set, or a place cannot be written to.
    """
    there = [str(file.target) for file in files if os.path.lexists(file.target)]
    if there and not force:
        raise AdvisorError(f"already there: {', '.join(there)}", "--force overwrites; another folder keeps both")
    other = [str(file.target) for file in files if file.target.exists() and not file.target.is_file()]
    if other:
        raise AdvisorError(f"no file, but in the way: {', '.join(other)}", "name another folder")
    with ExitStack() as staged:
        try:
            whole = []
            for at, content in files:
                at.parent.mkdir(parents=True, exist_ok=True)
                whole.append(staged.enter_context(WholeFile(at, content)))
            for file in whole:
                at = file.target
                file.put(replace=force)
        except OSError as error:
            raise AdvisorError(f"cannot save to {at}: {error.strerror}") from error
