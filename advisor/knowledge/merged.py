"""The merged rules as text, every part with the file and line that it comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge import nodes
from advisor.knowledge.files import rules_directory
from advisor.knowledge.shape import keys, sequence

_BARE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ _-][A-Za-z0-9]+)*\Z")
_NOT_TEXT_ELSEWHERE = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


class PartOrigin(NamedTuple):
    """One value, with where it stands in the merged rules and where it was written."""

    path: tuple[str, ...]
    value: Any
    origin: str  #: file:line


def part_at(tree: yaml.MappingNode, path: tuple[str, ...]) -> yaml.Node:
    """Return the part that a key path leads to.

    Raises:
        AdvisorError: there is none.
    """
    node: yaml.Node = tree
    for place, key in enumerate(path):
        found = next((value for own, value in _pairs(node) if own.value == key), None)
        if found is None:
            shown = " › ".join(path[:place]) or "the rules"
            raise AdvisorError(f'there is no "{key}" in {shown}', did_you_mean(key, keys(node)))
        node = found
    return node


def origins(node: yaml.Node, path: tuple[str, ...] = ()) -> Iterator[PartOrigin]:
    """Yield every value below a node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from origins(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode) and not _is_flat(node):
        for place, item in enumerate(node.value):
            yield from origins(item, (*path, str(place + 1)))
    else:
        yield PartOrigin(path, nodes.plain(node), origin(node))


def origin(node: yaml.Node) -> str:
    """Return file:line of a node; a shipped file is named without the folder it happens to be installed in."""
    mark = node.start_mark
    return f"{_shown(mark.name)}:{mark.line + 1}"


@cache
def _shown(file: str) -> str:
    path = Path(file)
    return path.name if path.parent == rules_directory() else file


def as_yaml(node: yaml.Node) -> str:
    """Return a part as YAML that can be loaded again, every value with its origin as a comment."""
    return "\n".join(_lines(node, "")) + "\n"


def _pairs(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _is_flat(node: yaml.Node) -> bool:
    return isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value)


def _lines(node: yaml.Node, indent: str) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        kind = nodes.entry(node, "kind")
        matching = kind is not None and nodes.said(kind[1]) == "match"
        for key, value in node.value:
            if matching and key.value == "scale":
                # The kinds of a match are a list for its author; their numbers are ours.
                value = sequence(value, [item for _, item in value.value])  # noqa: PLW2901
            yield from _entry(f"{indent}{_word(nodes.scalar(key))}:", value, indent)
    elif isinstance(node, yaml.SequenceNode) and not _is_flat(node):
        for item in node.value:
            first, *rest = list(_lines(item, f"{indent}  "))
            yield f"{indent}- {first.lstrip()}"
            yield from rest
    else:
        yield f"{indent}{_value(node)}  # {origin(node)}"


def _entry(head: str, value: yaml.Node, indent: str) -> Iterator[str]:
    nested = isinstance(value, yaml.MappingNode | yaml.SequenceNode) and not _is_flat(value)
    if not nested:
        yield f"{head} {_value(value)}  # {origin(value)}"
    elif not value.value:
        yield f"{head} {{}}  # {origin(value)}"
    else:
        yield head
        yield from _lines(value, f"{indent}  ")


def _value(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return _word(nodes.scalar(node))
    return f"[{', '.join(_word(nodes.scalar(item)) for item in node.value)}]"


def _word(value: bool | int | str | None) -> str:  # noqa: FBT001  a scalar is what it is
    if not isinstance(value, str):
        return json.dumps(value)
    if _BARE.match(value) and value.lower() not in _NOT_TEXT_ELSEWHERE:
        return value
    return json.dumps(value, ensure_ascii=False)
