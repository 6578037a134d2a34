"""Rules files to the frozen model: parse, shape, extend, check everything, freeze."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge import nodes, schema
from advisor.knowledge.defects import Defect, KeyPath, RulesError
from advisor.knowledge.examples import read_examples
from advisor.knowledge.files import EXAMPLES, is_name, read_file, rules_directory, shipped_names
from advisor.knowledge.model import (
    Alternative,
    Caveat,
    Choice,
    Condition,
    Criterion,
    Example,
    Gap,
    Group,
    Legacy,
    LegacyRule,
    Level,
    Need,
    Rating,
    Remedy,
    Requirement,
    Rules,
    Split,
    Weight,
)
from advisor.knowledge.overlay import Overlay
from advisor.knowledge.references import Flaw, References
from advisor.knowledge.shape import Shaper, keys
from advisor.knowledge.validation import Locator, validated

if TYPE_CHECKING:
    import yaml


class Source(NamedTuple):
    """One file that goes into the rules."""

    path: Path
    content: bytes | None  #: None: an optional file that is not there


class Loaded(NamedTuple):
    """Rules, with what they were made of."""

    rules: Rules
    sources: tuple[Source, ...]  #: the file itself first, then what it extends, then the data of their examples
    tree: yaml.MappingNode  #: the merged file; every node knows its file and line


def load_from_source(path: Path) -> Loaded:
    """Read, merge and check a rules file.

    Raises:
        RulesError: with every defect of the file and of those it extends.
    """
    collecting = gc.isenabled()
    # Nothing here makes cycles worth collecting, and a large file makes a great many small objects.
    gc.disable()
    try:
        defects: list[Defect] = []
        chain = _chain(path, defects)
        tree = _merged([tree for _, tree in chain], defects)
        file = _sound(tree, defects)
        if defects or file is None:
            raise RulesError(defects)
        return _loaded(chain, tree, file)
    finally:
        if collecting:
            gc.enable()


def _loaded(chain: Sequence[tuple[Source, yaml.MappingNode]], tree: yaml.MappingNode, file: schema.RulesFile) -> Loaded:
    folder, data, examples, gaps = _examples(chain, file)
    sources = (*(source for source, _ in chain), *data)
    digest = hashlib.sha256()
    for source in sources:
        if source.content is not None:
            digest.update(len(source.content).to_bytes(8, "big") + source.content)
    rules = freeze(file, digest=f"sha256:{digest.hexdigest()}", folder=str(folder))
    return Loaded(rules._replace(examples=examples, gaps=gaps), sources, tree)


def _chain(path: Path, defects: list[Defect]) -> list[tuple[Source, yaml.MappingNode]]:
    """Return the file and all that it extends, the file itself first."""
    chain: list[tuple[Source, yaml.MappingNode]] = []
    seen: list[Path] = []
    here: Path | None = path
    while here is not None:
        content = read_file(here)
        root = nodes.as_mapping(nodes.parse(content, str(here), defects))
        _refuse_other_format(root)
        shaper = Shaper()
        chain.append((Source(here, content), shaper.rules(root)))
        defects.extend(shaper.defects)
        seen.append(here.resolve())
        extends = nodes.entry(root, "extends")
        here = _extended(here, extends[1], seen) if extends is not None else None
    return chain


def _refuse_other_format(root: yaml.MappingNode) -> None:
    """Refuse a newer file before anything else: its other keys may well mean something else."""
    stated = nodes.entry(root, "format")
    value = nodes.plain(stated[1]) if stated is not None else schema.FORMAT
    if isinstance(value, int) and not isinstance(value, bool) and value > schema.FORMAT and stated is not None:
        message = f"is format {value}, newer than format {schema.FORMAT} that this version reads"
        raise RulesError([nodes.defect_at(stated[1], ("format",), message, "upgrade framework-advisor")])


def _extended(path: Path, node: yaml.Node, seen: Sequence[Path]) -> Path:
    """Return the file that another one extends: shipped, or inside the folder of the file that names it."""
    at: KeyPath = ("extends",)
    name = nodes.plain(node)
    if not isinstance(name, str) or not name:
        raise RulesError([nodes.defect_at(node, at, "expected the name of shipped rules, or a path")])
    if is_name(name):
        target = rules_directory() / f"{name}.yaml"
        if not target.is_file():
            hint = did_you_mean(name, shipped_names())
            raise RulesError([nodes.defect_at(node, at, f'there are no shipped rules named "{name}"', hint)])
    else:
        target = path.parent / name
        if not target.resolve().is_relative_to(path.parent.resolve()):
            message = f'"{name}" leads out of the folder of this file'
            raise RulesError([nodes.defect_at(node, at, message, "keep both files in one folder")])
        if not target.is_file():
            raise RulesError([nodes.defect_at(node, at, f'there is no file "{name}"')])
    if target.resolve() in seen:
        raise RulesError([nodes.defect_at(node, at, f'"{name}" extends this file, so neither can be first')])
    return target


def _merged(trees: Sequence[yaml.MappingNode], defects: list[Defect]) -> yaml.MappingNode:
    """Put the trees on top of each other, the last one lowest."""
    tree = trees[-1]
    for upper in reversed(trees[:-1]):
        for key in ("format", "name", "version"):
            if nodes.entry(upper, key) is None:
                wanted = schema.RulesFile.model_fields[key].description
                defects.append(Locator(upper).defect(Flaw((key,), f"is missing: expected {wanted}")))
        overlay = Overlay(tree, upper)
        tree = overlay.merged()
        defects.extend(overlay.defects)
    return tree


def _sound(tree: yaml.MappingNode, defects: list[Defect]) -> schema.RulesFile | None:
    """Check a whole tree; what is between the entries is checked even when entries have defects of their own."""
    data = nodes.plain(tree)
    file, flaws, doubtful = validated(data, schema.RulesFile, schema.MODELS)
    # A defect of the written form says already what the schema would say about the same place.
    told = {(defect.file, defect.line, defect.column) for defect in defects}
    if file is not None:
        flaws = [*flaws, *References(file, doubtful).check()]
    found = Locator(tree).defects(flaws)
    defects.extend(defect for defect in found if (defect.file, defect.line, defect.column) not in told)
    return file


def _examples(
    chain: Sequence[tuple[Source, yaml.MappingNode]], file: schema.RulesFile
) -> tuple[Path, list[Source], tuple[Example, ...], tuple[Gap, ...]]:
    """Read the examples beside every file of the chain, those of the file itself first.

    The folder of the rules is the first that has examples, so that their paths stay short; those from further below
    are named by their full path.
    """
    folders = list(dict.fromkeys(source.path.parent for source, _ in chain))
    data: list[Source] = []
    cells: dict[tuple[str, str], Example | Gap] = {}
    home: Path | None = None
    for folder in folders:
        source = folder / EXAMPLES
        if not source.exists():
            data.append(Source(source, None))
            continue
        data.append(Source(source, read_file(source)))
        own = [tree for entry, tree in chain if entry.path.parent == folder]
        named = {part: {name for tree in own for name in _ids(tree, part)} for part in ("alternatives", "criteria")}
        grid = read_examples(folder, {*file.alternatives, *named["alternatives"]}, {*file.criteria, *named["criteria"]})
        if grid.defects:
            raise _examples_error(folder, grid.defects)
        home = home or folder
        placed = grid.examples if folder == home else [_absolute(example, folder) for example in grid.examples]
        found: list[Example | Gap] = [*placed, *grid.gaps]
        for cell in found:
            cells.setdefault((cell.alternative, cell.topic), cell)
    kept = [cell for cell in cells.values() if cell.alternative in file.alternatives]
    return (
        home or folders[0],
        data,
        tuple(_with_known_criteria(cell, file) for cell in kept if isinstance(cell, Example)),
        tuple(cell for cell in kept if isinstance(cell, Gap)),
    )


def _ids(tree: yaml.MappingNode, section: str) -> Iterable[str]:
    found = nodes.entry(tree, section)
    return keys(found[1]) if found is not None else []


def _absolute(example: Example, folder: Path) -> Example:
    return example._replace(path=str(folder / example.path), files=tuple(str(folder / file) for file in example.files))


def _with_known_criteria(example: Example, file: schema.RulesFile) -> Example:
    return example._replace(criteria=tuple(name for name in example.criteria if name in file.criteria))


def _examples_error(folder: Path, defects: Sequence[str]) -> AdvisorError:
    """Return the defects of the data of examples, which come as "examples.yaml:line: place: what is wrong"."""
    found = []
    for text in defects:
        place, _, message = text.partition(": ")
        name, _, line = place.partition(":")
        number = int(line.partition(":")[0]) if line.partition(":")[0].isdigit() else 0
        found.append(Defect(str(folder / name), number, 1, (), message))
    return RulesError(found)


def _condition(condition: Mapping[str, Sequence[str]]) -> Condition:
    return tuple((need, tuple(choices)) for need, choices in condition.items())


def freeze(file: schema.RulesFile, *, digest: str, folder: str) -> Rules:
    """Return the frozen model of a file whose references are sound; without examples."""
    levels = {
        name: {word: level for level, words in criterion.scale.items() for word in words}
        for name, criterion in file.criteria.items()
    }
    return Rules(
        name=file.name,
        version=file.version,
        title=file.title,
        subject=file.subject,
        digest=digest,
        folder=folder,
        alternatives=tuple(
            Alternative(name, entry.name, entry.summary, entry.homepage or "", tuple(entry.revisit_when))
            for name, entry in file.alternatives.items()
        ),
        groups=tuple(Group(name, entry.title, entry.limit, entry.because) for name, entry in file.groups.items()),
        criteria=tuple(_criterion(name, entry, file, levels[name]) for name, entry in file.criteria.items()),
        needs=tuple(_need(name, entry, file, levels) for name, entry in file.needs.items()),
        remedies=tuple(_remedy(name, entry, levels) for name, entry in file.remedies.items()),
        caveats=tuple(_caveat(name, entry) for name, entry in file.caveats.items()),
        legacy=_legacy(file.legacy),
        splits=tuple(_split(name, entry) for name, entry in file.splits.items()),
        examples=(),
        gaps=(),
    )


def _criterion(name: str, entry: schema.CriterionEntry, file: schema.RulesFile, levels: Mapping[str, int]) -> Criterion:
    ratings = {}
    for alternative in file.alternatives:
        given = entry.ratings[alternative]
        ratings[alternative] = Rating(
            given.word,
            levels[given.word],
            given.mark,
            given.because,
            given.source or "",
            given.checked or "",
            given.check,
            given.note,
        )
    scale = tuple(Level(level, tuple(entry.scale[level])) for level in sorted(entry.scale))
    return Criterion(name, entry.title, entry.kind, scale, entry.group, entry.table, entry.meaning, ratings)


def _need(name: str, entry: schema.NeedEntry, file: schema.RulesFile, levels: Mapping[str, Mapping[str, int]]) -> Need:
    choices = tuple(
        Choice(
            choice,
            given.label,
            given.choose_if,
            tuple(
                Weight(
                    criterion,
                    weight.weight,
                    _fit(weight.fit, file.criteria[criterion]),
                    _condition(weight.when),
                    _condition(weight.unless),
                )
                for criterion, weights in given.weights.items()
                for weight in weights
            ),
            tuple(
                Requirement(
                    criterion,
                    _level(requirement.at_least, levels[criterion]),
                    requirement.with_remedies,
                    requirement.because,
                    _condition(requirement.when),
                    _condition(requirement.unless),
                )
                for criterion, requirements in given.requires.items()
                for requirement in requirements
            ),
        )
        for choice, given in entry.choices.items()
    )
    return Need(
        name,
        entry.title,
        entry.question,
        entry.help,
        entry.terms,
        entry.kind,
        entry.ordered,
        entry.core,
        _condition(entry.applies_when),
        choices,
    )


def _fit(fit: Mapping[str, int] | None, criterion: schema.CriterionEntry) -> dict[str, int] | None:
    """Return the fit by the first word of every kind."""
    if fit is None:
        return None
    first = {word: words[0] for words in criterion.scale.values() for word in words}
    return {first[word]: level for word, level in fit.items()}


def _level(given: int | str, levels: Mapping[str, int]) -> int:
    return given if isinstance(given, int) else levels[given]


def _remedy(name: str, entry: schema.RemedyEntry, levels: Mapping[str, Mapping[str, int]]) -> Remedy:
    return Remedy(
        name,
        entry.alternative,
        entry.name,
        {criterion: _level(given, levels[criterion]) for criterion, given in entry.lifts.items()},
        entry.gives,
        entry.cost,
        entry.source or "",
        entry.checked or "",
        entry.check,
    )


def _caveat(name: str, entry: schema.CaveatEntry) -> Caveat:
    return Caveat(
        name,
        entry.text,
        tuple(entry.alternatives),
        _condition(entry.when),
        _condition(entry.unless),
        entry.source or "",
        entry.checked or "",
        entry.check,
    )


def _legacy(entry: schema.LegacyEntry | None) -> Legacy | None:
    if entry is None:
        return None
    rules = tuple(
        LegacyRule(rule.advice, rule.pick, _condition(rule.when), rule.because, rule.topic) for rule in entry.rules
    )
    return Legacy(entry.need, entry.current, rules)


def _split(name: str, entry: schema.SplitEntry) -> Split:
    return Split(
        name,
        tuple(entry.parts.items()),
        _condition(entry.when),
        _condition(entry.unless),
        entry.because,
        entry.how,
        entry.source or "",
    )
