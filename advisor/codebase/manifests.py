"""What a project says it depends on: manifests anywhere in the tree, with what each dependency is for kept apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from advisor.codebase.gather import shorten
from advisor.codebase.model import Evidence, Skipped
from advisor.codebase.walk import SHIPPED, Tree, read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_BYTES = 4 << 20
#: Of lists of requirements, which tools fill with hashes, and of what people write by hand.
MOST_BYTES_LISTED, MOST_BYTES_WRITTEN = 1 << 20, 1 << 18
#: Declarations of a file, beyond which nothing more is learned.
MOST_DECLARED = 10_000

REQUIRED, EXTRA, DEVELOPMENT = "required", "extra", "development"


class Declared(NamedTuple):
    """One dependency named by one manifest."""

    name: str  #: as the index normalises it
    version: str  #: the range or pin, "" for any
    purpose: str  #: REQUIRED, EXTRA or DEVELOPMENT
    seen: Evidence
    locked: bool = False  #: from a lock file: there, but maybe only because something else needs it


class Manifests(NamedTuple):
    """All declarations of a tree."""

    declared: tuple[Declared, ...]
    python: str | None  #: the Python range that the project states
    installs: bool  #: it is made to be installed, and says what it needs
    names: tuple[str, ...] = ()  #: what the project's distributions are called
    by_name: Mapping[str, list[Declared]] = MappingProxyType({})

    def purposes(self, packages: tuple[str, ...]) -> set[str]:
        """Return what the named distributions are declared for; lock files do not count.

        What a distribution calls an extra stays one, whatever is listed beside it for those who work on it.
        """
        found = [d for d in self.of(packages) if not d.locked]
        homes = {_folder(d.seen.path) for d in found if d.purpose == EXTRA and not _is_list(d.seen.path)}
        return {d.purpose for d in found if d.purpose != REQUIRED or not (homes and _is_listed_beside(d, homes))}

    def of(self, packages: tuple[str, ...]) -> list[Declared]:
        """Return the declarations of the named distributions."""
        beginnings = tuple([package[:-1] for package in packages if package.endswith("*")])
        if beginnings:
            names = [name for name in self.by_name if name in packages or name.startswith(beginnings)]
        else:
            names = [package for package in packages if package in self.by_name]
        return [declared for name in names for declared in self.by_name[name]]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _is_list(path: str) -> bool:
    """Say whether a manifest is a plain list of requirements."""
    return path.rpartition("/")[2].lower() not in _READERS


def _is_listed_beside(one: Declared, homes: set[str]) -> bool:
    """Say whether a list of requirements lies in one of the folders, or in a folder of such lists there."""
    folder = _folder(one.seen.path)
    above, _, name = folder.rpartition("/")
    return _is_list(one.seen.path) and (folder in homes or (name.lower().startswith("require") and above in homes))


def matches(name: str, packages: tuple[str, ...]) -> bool:
    """Say whether a normalised distribution name is one of the packages; `*` ends a beginning."""
    return any(name == p or (p.endswith("*") and name.startswith(p[:-1])) for p in packages)


_REQUIREMENT = re.compile(r"""^\s*["']?([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*\(?([^;#"']*)""")
# What stands beside "requirements" in a file's name, or as the name of a group: beginnings of words, and words.
_DEVELOPMENT_WORDS = (
    "dev", "test", "doc", "lint", "typing", "type", "mypy", "ci", "bench", "example", "build", "qa", "debug", "local"
)  # fmt: skip
_RUNNING_WORDS = {
    "base", "common", "prod", "production", "install", "default", "defaults", "core", "main", "app", "server", "web",
    "api", "backend", "all", "full", "deploy", "deployment", "stable", "latest", "docker", "heroku", "runtime",
    "minimal", "min", "frozen", "lock", "py",
}  # fmt: skip


def read_manifests(tree: Tree) -> Manifests:
    """Read every manifest of a tree that is part of what is shipped."""
    declared: list[Declared] = []
    pythons: list[str] = []
    library = False
    names: list[str] = []
    for path, place in tree.manifests:
        if place != SHIPPED:
            continue
        name = path.rpartition("/")[2].lower()
        most = _most_bytes(name)
        try:
            data = read_bounded(f"{tree.root}/{path}", most)
        except OSError:
            continue
        if len(data) == most:
            tree.skipped.append(Skipped(path, f"not read beyond {most >> 10:,} KiB"))
        text = data.decode("utf-8", "replace")
        try:
            found, python, installs = _READERS.get(name, _requirements)(text, path)
        except (ValueError, RecursionError):  # what it is written in does not allow what it says
            tree.skipped.append(Skipped(path, "not JSON" if name.endswith(".lock") else "not TOML"))
            continue
        declared += found[:MOST_DECLARED]
        if name in _NAMED and (own := _NAMED[name].search(text)):
            names.append(normal(own.group(1)))
        library = library or installs
        if python and path.count("/") <= min((p.count("/") for p, _ in tree.manifests), default=0):
            pythons.append(python)
    by_name: dict[str, list[Declared]] = {}
    for one in declared:
        by_name.setdefault(one.name, []).append(one)
    return Manifests(tuple(declared), pythons[0] if pythons else None, library, tuple(names), by_name)


def _most_bytes(name: str) -> int:
    if name.endswith(".lock"):
        return MOST_BYTES
    return MOST_BYTES_WRITTEN if name in _NAMED or name == "pipfile" else MOST_BYTES_LISTED


_NAMED = {
    "pyproject.toml": re.compile(r"""(?m)^name\s*=\s*["']([\w.-]+)["']"""),
    "setup.py": re.compile(r"""\bname\s*=\s*["']([\w.-]+)["']"""),
    "setup.cfg": re.compile(r"""(?m)^name\s*=\s*([\w.-]+)"""),
}

Result = tuple[list[Declared], str | None, bool]


def _one(text: str, purpose: str, path: str, line: int, shown: str) -> Declared | None:
    found = _REQUIREMENT.match(text)
    if not found:
        return None
    version = found.group(3).strip().rstrip("\\").strip("() ").rstrip(",")
    if version and version[0] not in "=<>~!^*0123456789":
        version = ""
    return Declared(normal(found.group(1)), version, purpose, Evidence(path, line, shown))


def normal(name: str) -> str:
    """Return a distribution name the way the index compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _purpose_of(name: str) -> str:
    words = re.split(r"[^a-z]+", name.lower())
    return DEVELOPMENT if any(w.startswith(_DEVELOPMENT_WORDS) for w in words if w) else EXTRA


def _requirements(text: str, path: str) -> Result:
    purpose = _purpose_of_file(path)
    if purpose is None:
        return [], None, False
    found: list[Declared] = []
    for line, raw in enumerate(text.splitlines(), 1):
        if len(found) >= MOST_DECLARED:
            break
        bare = raw.strip()
        if bare and bare[0].isalnum() and "://" not in bare.partition("@")[0]:
            one = _one(bare, purpose, path, line, shorten(raw.encode()))
            if one:
                found.append(one)
    tried_out = _TRIED_OUT.search(path.rpartition("/")[2].lower())
    if tried_out and any(one.name == tried_out.group(1) for one in found):
        found = [one._replace(purpose=DEVELOPMENT) for one in found]
    return found, None, False


# Words of files that bound what others ask for, and that try out one version after the other.
_BOUNDS = re.compile(r"(?:^|[^a-z])constraints?(?:[^a-z]|$)")
_TRIED_OUT = re.compile(r"([a-z]+)[-_]?\d")


def _purpose_of_file(path: str) -> str | None:
    """`requirements/dev.txt`, `requirements-docs.in`, `dev-requirements.txt`: the words beside "requirements" tell."""
    name = path.rpartition("/")[2].lower()
    if _BOUNDS.search(name):
        return None
    folder, _, file = path.rpartition("/")
    folder = folder.rpartition("/")[2].lower()
    words = {w for w in re.split(r"[^a-z]+", file.rpartition(".")[0].lower()) if w and not w.startswith("requirement")}
    if folder.startswith("require"):
        words |= {w for w in re.split(r"[^a-z]+", folder) if w and not w.startswith("require")}
    if any(w.startswith(_DEVELOPMENT_WORDS) for w in words if w not in ("common", "deploy", "deployment", "docker")):
        return DEVELOPMENT
    return REQUIRED if words & _RUNNING_WORDS or not words else EXTRA


# A name where one can be listed: at the beginning of a line, or behind space, a quote, a bracket or a comma.
_LISTED = re.compile(r"""(?m)(?:^|(?<=[\s"'\[,]))[^\W_][\w.-]*""")


class _Lines:
    """Finds the line that a position is on, and what stands there."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def of(self, at: int) -> tuple[int, str]:
        """Return the number of a line and as much of it as can be shown."""
        line = bisect_right(self.starts, at)
        start = self.starts[line - 1]
        end = self.text.find("\n", start, start + LONGEST_LINE)
        return line, self.text[start : end if end >= 0 else start + LONGEST_LINE]

    def evidence(self, at: int) -> Evidence:
        """Return the place of a position."""
        line, text = self.of(at)
        return Evidence(self.path, line, shorten(text.encode("utf-8", "replace")))


#: Of a line that is longer, no more is shown.
LONGEST_LINE = 200


class _Finder:
    """Finds the line that a value of a parsed manifest stands on."""

    def __init__(self, text: str, path: str) -> None:
        self.lines = _Lines(text, path)
        self.places: dict[str, int] = {}
        for found in _LISTED.finditer(text):
            self.places.setdefault(found.group(), found.start())

    def declare(self, requirement: str, purpose: str) -> Declared | None:
        one = _one(requirement, purpose, self.lines.path, 1, requirement)
        if one is None:
            return None
        name = _REQUIREMENT.match(requirement)
        at = self.places.get(name.group(1) if name else requirement)
        return one if at is None else one._replace(seen=self.lines.evidence(at))


def _pyproject(text: str, path: str) -> Result:
    data = _toml(text)
    finder = _Finder(text, path)
    found: list[Declared | None] = []
    project = _table(data, "project")
    found += [finder.declare(r, REQUIRED) for r in _strings(project.get("dependencies"))]
    for group, words in _table(project, "optional-dependencies").items():
        found += [finder.declare(r, _purpose_of(group)) for r in _strings(words)]
    for group, words in _table(data, "dependency-groups").items():
        del group
        found += [finder.declare(r, DEVELOPMENT) for r in _strings(words)]
    tool = _table(data, "tool")
    poetry = _table(tool, "poetry")
    found += [
        finder.declare(f"{n} {_version(v)}", EXTRA if _optional(v) else REQUIRED)
        for n, v in _table(poetry, "dependencies").items()
    ]
    for name in ("dev-dependencies",):
        found += [finder.declare(f"{n} {_version(v)}", DEVELOPMENT) for n, v in _table(poetry, name).items()]
    for group, table in _table(poetry, "group").items():
        purpose = DEVELOPMENT if _purpose_of(group) == DEVELOPMENT else REQUIRED
        found += [
            finder.declare(f"{n} {_version(v)}", purpose)
            for n, v in _table(table if isinstance(table, dict) else {}, "dependencies").items()
        ]
    for group, words in _table(_table(tool, "pdm"), "dev-dependencies").items():
        del group
        found += [finder.declare(r, DEVELOPMENT) for r in _strings(words)]
    flit = _table(_table(tool, "flit"), "metadata")
    found += [finder.declare(r, REQUIRED) for r in _strings(flit.get("requires"))]
    for group, words in _table(flit, "requires-extra").items():
        found += [finder.declare(r, _purpose_of(group)) for r in _strings(words)]
    python = (
        project.get("requires-python")
        or flit.get("requires-python")
        or _version(_table(poetry, "dependencies").get("python"))
    )
    declared = [d for d in found if d is not None and d.name != "python"]
    return (
        declared,
        python if isinstance(python, str) and python else None,
        "name" in project or "name" in poetry or "module" in flit,
    )


def _toml(text: str) -> dict[str, object]:
    import tomllib

    # The parser takes the square of a key's parts: a key of a thousand is no key of a manifest.
    if sum(line.partition("=")[0].count(".") ** 2 for line in text.split("\n")) > MOST_DOTS:
        raise ValueError("keys of too many parts")
    return tomllib.loads(text)


#: The sum of the squares of the dots before the equals sign of each line.
MOST_DOTS = 4_000_000


def _table(data: dict[str, object], key: str) -> dict[str, object]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _version(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("version", "")
    return value if isinstance(value, str) else ""


def _optional(value: object) -> bool:
    return isinstance(value, dict) and value.get("optional") is True


def _pipfile(text: str, path: str) -> Result:
    data = _toml(text)
    finder = _Finder(text, path)
    found = [finder.declare(f"{n} {_version(v)}", REQUIRED) for n, v in _table(data, "packages").items()]
    found += [finder.declare(f"{n} {_version(v)}", DEVELOPMENT) for n, v in _table(data, "dev-packages").items()]
    python = _table(data, "requires").get("python_version")
    return [d for d in found if d], python if isinstance(python, str) else None, False


_QUOTED = re.compile(r"""(["'])(?:((?:(?!\1)[^\\\n]|\\.)*+)\1|(?:(?!\1)[^\\\n]|\\.)*+)""")
_KEYED = re.compile(r"""["']([\w.-]+)["']\s*:\s*\[""")


def _setup_py(text: str, path: str) -> Result:
    lines = _Lines(text, path)
    found = _paragraph(lines)
    for keyword, purpose in (
        ("install_requires", REQUIRED),
        ("tests_require", DEVELOPMENT),
        ("setup_requires", DEVELOPMENT),
    ):
        for start, end in _values(text, keyword):
            found += _quoted(lines, start, end, purpose)
    for start, end in _values(text, "extras_require"):
        keys = [*_KEYED.finditer(text, start, end)]
        for at, key in enumerate(keys):
            stop = keys[at + 1].start() if at + 1 < len(keys) else end
            found += _quoted(lines, key.end(), stop, _purpose_of(key.group(1)))
    return found, _python_of_setup(text), "setup(" in text


def _python_of_setup(text: str) -> str | None:
    """Return the range given to `python_requires`, filled in where it is a pattern for a tuple of numbers."""
    said = re.search(r"""python_requires\s*=\s*(?:["']([^"'\n]+)["']\s*(\.format\(\*?(\w+)|[.%])?|(\w+))""", text)
    if said is None:
        return None
    pattern, call, numbers, variable = said.groups()
    if variable:
        named = re.search(rf"""(?m)^{variable}\s*=\s*["']([^"'\n]+)["']\s*$""", text)
        return named.group(1) if named else None
    if not call:
        return str(pattern)
    values = re.search(rf"(?m)^{numbers}\s*=\s*\(([\d,\s]+)\)", text) if numbers else None
    filled = re.findall(r"\d+", values.group(1)) if values else []
    parts = pattern.split("{}")
    if len(parts) != len(filled) + 1:
        return None
    return "".join(part + number for part, number in zip(parts, [*filled, ""], strict=True))


def _values(text: str, keyword: str) -> list[tuple[int, int]]:
    """Return where the list or dict given to a keyword stands, following the variables it is put together from."""
    spans: list[tuple[int, int]] = []
    followed: set[str] = set()
    done = 0
    for found in re.finditer(rf"""["']?\b{keyword}\b["']?\]?\s*+[=:]\s*+""", text):
        at = found.end()
        if at < done:
            continue  # inside the value of the one before
        if at < len(text) and text[at] in "[({":
            done = _closing(text, at)
            spans.append((at, done))
            continue
        for variable in re.findall(r"[A-Za-z_]\w*", text[at : _line_end(text, at)].partition(",")[0]):
            if variable not in followed and len(followed) < MOST_VARIABLES:
                followed.add(variable)
                spans += _made(text, variable)
    return spans


#: That one list is put together from.
MOST_VARIABLES = 50


def _made(text: str, variable: str) -> Iterator[tuple[int, int]]:
    done = 0
    for one in re.finditer(rf"(?m)^[ \t]*+{variable}\s*+\+?=\s*+(?:(?:list|tuple|set|sorted)\()?(?=[\[({{])", text):
        if one.end() >= done:
            done = _closing(text, one.end())
            yield one.end(), done


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _paragraph(lines: _Lines) -> list[Declared]:
    """Requirements in one string of many lines, as `install_requires` also takes them."""
    text = lines.text
    found = []
    done = 0
    for word in re.finditer(r'\binstall_requires\s*+=\s*+("""|\'\'\')', text):
        if word.start() < done:
            continue
        end = text.find(word.group(1), word.end())
        done = end if end >= 0 else len(text)
        first, _ = lines.of(word.end())
        for line, raw in enumerate(text[word.end() : done].splitlines(), first):
            one = _one(raw.strip(), REQUIRED, lines.path, line, shorten(raw.encode()))
            if one:
                found.append(one)
    return found


# A string that its line does not end is taken for one up to there: to begin again at its next sign would take the
# square of its length.
_BRACKET_OR_TEXT = re.compile(
    r"#[^\n]*+|\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"?|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?|[()\[\]{}]"
)


def _closing(text: str, at: int) -> int:
    depth = 0
    for found in _BRACKET_OR_TEXT.finditer(text, at):
        sign = found.group()
        if sign in ("(", "[", "{"):
            depth += 1
        elif sign in (")", "]", "}"):
            depth -= 1
            if not depth:
                return found.end()
    return len(text)


def _quoted(lines: _Lines, start: int, end: int, purpose: str) -> list[Declared]:
    found = []
    for word in _QUOTED.finditer(lines.text, start, end):
        one = _one(word.group(2) or "", purpose, lines.path, 1, "")
        if one is None:
            continue
        line, whole = lines.of(word.start())
        if not whole.lstrip().startswith("#"):
            seen = Evidence(lines.path, line, shorten(whole.encode("utf-8", "replace")))
            found.append(one._replace(seen=seen))
        if len(found) >= MOST_DECLARED:
            break
    return found


def _setup_cfg(text: str, path: str) -> Result:
    found: list[Declared] = []
    section = key = ""
    python = None
    for line, raw in enumerate(text.splitlines(), 1):
        bare = raw.strip()
        if bare.startswith("["):
            section, key = bare.strip("[]"), ""
        elif raw[:1] not in (" ", "\t", "") and "=" in raw:
            key, _, bare = (part.strip() for part in raw.partition("="))
        if section == "options" and key == "python_requires" and bare:
            python = bare.partition("=")[2].strip() if bare.startswith("python_requires") else bare
        purpose = _cfg_purpose(section, key)
        if purpose and bare and bare[0].isalnum() and not bare.startswith("file:"):
            one = _one(bare, purpose, path, line, shorten(raw.encode()))
            if one:
                found.append(one)
    metadata = text.partition("\n[metadata]")[2] if not text.startswith("[metadata]") else text
    return found, python, re.search(r"(?m)^name[ \t]*+=", metadata) is not None


def _cfg_purpose(section: str, key: str) -> str | None:
    if section == "options":
        return {"install_requires": REQUIRED, "tests_require": DEVELOPMENT}.get(key)
    return _purpose_of(key) if section == "options.extras_require" and key else None


def _environment(text: str, path: str) -> Result:
    found = []
    python = None
    for line, raw in enumerate(text.splitlines(), 1):
        bare = raw.strip()
        if not bare.startswith("- "):
            continue
        word = bare[2:].strip().strip("\"'").rpartition("::")[2]
        one = _one(word, REQUIRED, path, line, shorten(raw.encode()))
        if one and one.name == "python":
            python = one.version.lstrip("=")
        elif one:
            found.append(one)
    return found, python, False


_LOCKED = re.compile(r"""^name\s*=\s*"([^"]+)"\s*\nversion\s*=\s*"([^"]+)\"""", re.MULTILINE)


def _lock(text: str, path: str) -> Result:
    found = []
    line, at = 1, 0
    for word in _LOCKED.finditer(text):
        line += text.count("\n", at, word.start())
        at = word.start()
        seen = Evidence(path, line, f'name = "{word.group(1)}"')
        found.append(Declared(normal(word.group(1)), word.group(2), REQUIRED, seen, locked=True))
    return found, None, False


#: Between a package of a lock file and the next one.
LONGEST_ENTRY = 20_000


def _pipfile_lock(text: str, path: str) -> Result:
    import json

    data = json.loads(text)
    lines = _Lines(text, path)
    found = []
    at = 0
    packages = data.get("default") if isinstance(data, dict) else None
    for name, value in packages.items() if isinstance(packages, dict) else ():
        # They stand in the order of the file; a name written with escapes is not found, and stays where the last was.
        at = max(text.find(f'"{name}"', at, at + LONGEST_ENTRY), at)
        seen = Evidence(path, lines.of(at)[0], f'"{name}"')
        found.append(Declared(normal(name), _version(value), REQUIRED, seen, locked=True))
    return found, None, False


def _python_version(text: str, path: str) -> Result:
    del path
    version = re.search(r"\d+\.\d+(?:\.\d+)?", text)
    return [], version.group() if version else None, False


_READERS = {
    "pyproject.toml": _pyproject,
    "setup.py": _setup_py,
    "setup.cfg": _setup_cfg,
    "pipfile": _pipfile,
    "pipfile.lock": _pipfile_lock,
    "poetry.lock": _lock,
    "uv.lock": _lock,
    "pdm.lock": _lock,
    "environment.yml": _environment,
    "environment.yaml": _environment,
    ".python-version": _python_version,
    "runtime.txt": _python_version,
}
