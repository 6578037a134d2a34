"""The grid of examples beside a rules file, read and checked.

`examples.yaml` lies beside the rules file and describes what is in the folder `examples/<alternative>/<topic>/`.
Nothing here runs or imports an example; a path that leaves its folder is refused, symbolic links included.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge import nodes
from advisor.knowledge.defects import Defect, KeyPath, RulesError
from advisor.knowledge.files import EXAMPLES as DATA_FILE
from advisor.knowledge.files import EXAMPLES_FOLDER, read_file
from advisor.knowledge.model import Example, Gap

_CELL_KEYS = ("shows", "file", "files", "run", "try", "criteria", "packages", "why_not")


class Topic(NamedTuple):
    """What the examples of one row of the grid are about: the same task for every alternative."""

    id: str
    title: str
    task: str  #: what every example of the row does, one sentence
    criteria: tuple[str, ...]  #: criteria it is evidence for, unless a cell names its own


class ExampleGrid(NamedTuple):
    """Everything a data file says, and everything that is wrong with it."""

    topics: tuple[Topic, ...]
    examples: tuple[Example, ...]
    gaps: tuple[Gap, ...]
    defects: tuple[str, ...]  #: one line each, with file and line; empty when all is well


def read_examples(folder: Path, alternatives: Collection[str], criteria: Collection[str]) -> ExampleGrid:
    """Read the examples that lie beside a rules file; no data file means no examples.

    Args:
        folder: the folder of the rules file.
        alternatives: ids that a cell of the grid may be filed under.
        criteria: ids that an example may be evidence for.

    Returns:
        The grid in file order. All defects are collected, so that an author sees them together; cells with
        defects are left out of `examples`.
    """
    source = folder / DATA_FILE
    if not source.is_file():
        return ExampleGrid((), (), (), ())
    misuse: list[Defect] = []
    try:
        root = nodes.parse(read_file(source, DATA_FILE), DATA_FILE, misuse)
    except RulesError as error:
        return ExampleGrid((), (), (), tuple(map(str, error.defects)))
    if misuse:
        return ExampleGrid((), (), (), tuple(map(str, misuse)))
    reader = _Reader(folder, tuple(alternatives), tuple(criteria))
    topics, examples, gaps = reader.grid(nodes.plain(root))
    return ExampleGrid(topics, examples, gaps, tuple(_located(root, reader.defects)))


def load_examples(folder: Path, alternatives: Collection[str], criteria: Collection[str]) -> ExampleGrid:
    """Read the examples beside a rules file and refuse any defect.

    Raises:
        AdvisorError: with every defect of the data file, one a line.
    """
    grid = read_examples(folder, alternatives, criteria)
    if grid.defects:
        count = len(grid.defects)
        noun = "defect" if count == 1 else "defects"
        raise AdvisorError(
            "\n".join((f"{folder / DATA_FILE}: {count} {noun} in the examples", *grid.defects)),
            "every example is a folder examples/<alternative>/<topic>/ described in examples.yaml",
        )
    return grid


class _Reader:
    """Walks parsed data, builds records and notes defects by key path."""

    def __init__(self, folder: Path, alternatives: tuple[str, ...], criteria: tuple[str, ...]) -> None:
        self.folder = folder
        self.alternatives = alternatives
        self.criteria = criteria
        self.defects: list[tuple[KeyPath, str]] = []

    def grid(self, data: object) -> tuple[tuple[Topic, ...], tuple[Example, ...], tuple[Gap, ...]]:
        """Return topics, examples and gaps of a parsed data file."""
        root = self._mapping(data, ())
        self._known_keys(root, ("tested", "topics", "examples"), ())
        tested = self._mapping(root.get("tested", {}), ("tested",))
        packages = self._mapping(tested.get("packages", {}), ("tested", "packages"))
        topics = {
            topic_id: self._topic(topic_id, value)
            for topic_id, value in self._mapping(root.get("topics", {}), ("topics",)).items()
        }
        examples: list[Example] = []
        gaps: list[Gap] = []
        for alternative, cells in self._mapping(root.get("examples", {}), ("examples",)).items():
            at: KeyPath = ("examples", alternative)
            if alternative not in self.alternatives:
                self._defect(at, f'unknown alternative "{alternative}"', alternative, self.alternatives)
                continue
            for topic_id, cell in self._mapping(cells, at).items():
                if topic_id not in topics:
                    self._defect((*at, topic_id), f'unknown topic "{topic_id}"', topic_id, topics)
                    continue
                known = len(self.defects)
                fields = self._mapping(cell, (*at, topic_id))
                if len(self.defects) > known:
                    continue
                record = self._cell(alternative, topics[topic_id], fields, packages)
                if isinstance(record, Gap):
                    gaps.append(record)
                elif record is not None:
                    examples.append(record)
        return tuple(topics.values()), tuple(examples), tuple(gaps)

    def _topic(self, topic_id: str, value: object) -> Topic:
        at: KeyPath = ("topics", topic_id)
        fields = self._mapping(value, at)
        self._known_keys(fields, ("title", "task", "criteria"), at)
        return Topic(
            topic_id,
            self._text(fields, "title", at),
            self._text(fields, "task", at),
            self._criteria(fields.get("criteria", []), (*at, "criteria")),
        )

    def _cell(
        self, alternative: str, topic: Topic, fields: Mapping[str, object], tested: Mapping[str, object]
    ) -> Example | Gap | None:
        at: KeyPath = ("examples", alternative, topic.id)
        known = len(self.defects)
        self._known_keys(fields, _CELL_KEYS, at)
        if "why_not" in fields:
            if len(fields) > 1:
                self._defect(at, "why_not says that there is no example: give one or the other")
            return Gap(alternative, topic.id, self._text(fields, "why_not", at))
        main = self._text(fields, "file", at, "app.py")
        more = self._words(fields.get("files", []), (*at, "files"))
        files = tuple(dict.fromkeys((main, *more)))
        for name in files:
            self._inside(
                name, f"{EXAMPLES_FOLDER}/{alternative}/{topic.id}", (*at, "file" if name == main else "files")
            )
        own = "criteria" in fields
        example = Example(
            alternative=alternative,
            topic=topic.id,
            title=topic.title,
            shows=self._text(fields, "shows", at),
            path=f"{EXAMPLES_FOLDER}/{alternative}/{topic.id}/{main}",
            files=tuple(f"{EXAMPLES_FOLDER}/{alternative}/{topic.id}/{name}" for name in files),
            run=self._text(fields, "run", at, f"uv run {main}"),
            try_lines=self._try_lines(fields.get("try", []), (*at, "try")),
            criteria=self._criteria(fields["criteria"], (*at, "criteria")) if own else topic.criteria,
            versions=self._versions(fields.get("packages", []), tested, (*at, "packages")),
        )
        return example if len(self.defects) == known else None

    def _inside(self, name: str, cell: str, at: KeyPath) -> None:
        """Refuse a file that is missing or that lies, after every symbolic link, outside its own folder."""
        allowed = (self.folder / cell).resolve()
        target = (self.folder / cell / name).resolve()
        if Path(name).is_absolute() or not target.is_relative_to(allowed):
            self._defect(at, f'"{name}" leaves its folder {cell}')
        elif not allowed.is_relative_to((self.folder / EXAMPLES_FOLDER).resolve()):
            self._defect(at, f"the folder {cell} leads out of {EXAMPLES_FOLDER}")
        elif not target.is_file():
            self._defect(at, f'there is no file "{name}" in {cell}')

    def _try_lines(self, value: object, at: KeyPath) -> tuple[tuple[str, str], ...]:
        if not isinstance(value, list):
            self._defect(at, "expected a list of {command, output}")
            return ()
        lines: list[tuple[str, str]] = []
        for number, item in enumerate(value):
            fields = self._mapping(item, (*at, number))
            self._known_keys(fields, ("command", "output"), (*at, number))
            lines.append(
                (self._text(fields, "command", (*at, number)), self._text(fields, "output", (*at, number), ""))
            )
        return tuple(lines)

    def _versions(self, value: object, tested: Mapping[str, object], at: KeyPath) -> dict[str, str]:
        names = self._words(value, at)
        for name in names:
            if name not in tested:
                self._defect(at, f'no tested version of "{name}"', name, tested)
        return {name: str(tested[name]) for name in names if name in tested}

    def _criteria(self, value: object, at: KeyPath) -> tuple[str, ...]:
        names = self._words(value, at)
        for name in names:
            if name not in self.criteria:
                self._defect(at, f'unknown criterion "{name}"', name, self.criteria)
        return names

    def _mapping(self, value: object, at: KeyPath) -> Mapping[str, object]:
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return value
        self._defect(at, "expected a mapping with words as keys")
        return {}

    def _words(self, value: object, at: KeyPath) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._defect(at, "expected a list of words")
        return ()

    def _text(self, fields: Mapping[str, object], key: str, at: KeyPath, default: str | None = None) -> str:
        value = fields.get(key, default)
        if isinstance(value, str) and (value.strip() or value == default):
            return value.rstrip("\n")
        self._defect((*at, key), f'"{key}" is missing or no text')
        return ""

    def _known_keys(self, fields: Mapping[str, object], known: Sequence[str], at: KeyPath) -> None:
        for key in fields:
            if key not in known:
                self._defect((*at, key), f'unknown key "{key}"', key, known)

    def _defect(self, at: KeyPath, message: str, word: str = "", known: Iterable[str] = ()) -> None:
        self.defects.append((at, f"{message}; {did_you_mean(word, known)}" if word else message))


def _located(root: nodes.Node, defects: Iterable[tuple[KeyPath, str]]) -> Iterable[str]:
    """Give every defect the line of the deepest key on its path that the text has; each is told once."""
    told: dict[str, None] = {}
    for at, message in defects:
        line = _deepest(root, at).start_mark.line + 1
        place = ".".join(str(part) for part in at) or "the file"
        told[f"{DATA_FILE}:{line}: {place}: {message}"] = None
    return told


def _deepest(root: nodes.Node, at: KeyPath) -> nodes.Node:
    """Return the node of the last key on a path that the text has: that is where the author has to write."""
    key = value = root
    for part in at:
        if isinstance(part, int) and isinstance(value.value, list):
            key = value = value.value[part]
            continue
        found = nodes.entry(value, part)
        if found is None:
            break
        key, value = found
    return key
