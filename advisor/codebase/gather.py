"""Read many files at once: on every core, within bounded memory, stopping at once when asked to."""

from __future__ import annotations

import os
import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from advisor.codebase import read
from advisor.codebase.walk import SHIPPED, TEMPLATE, TESTS, VENDORED, PythonFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from advisor.codebase.markers import Mark, Markers
    from advisor.codebase.read import Reading

MOST_BYTES = 4 << 20
#: What is asked for at first: most files are smaller, and memory that is not filled costs time to give back.
BLOCK = 1 << 16
#: How a file begins that is read whatever else it says.
FIRST_WORDS = (b"from ", b"import ", b"@", b"\xef\xbb\xbf")
#: Not through a link, and without waiting for the other end of a pipe.
READ_SAFELY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
LONGEST_TEXT = 80
LONGEST_LINE = 2000
#: Four bytes each: what even the smallest pipe, of one page, holds before its writer has to wait.
MOST_CHUNKS = 1000
CHUNK = 48
#: Below this many files a second process costs more than it saves.
WORTH_A_PROCESS = 150


class FileFindings(NamedTuple):
    """What one file says; lines and texts instead of positions, so that the file itself can be forgotten."""

    number: int  #: position in the list of files
    lines: int
    skipped: str | None = None
    imported: tuple[tuple[int, int, bool, str], ...] = ()  #: (entry, line, guarded, text)
    hits: tuple[tuple[int, str, int, str], ...] = ()  #: (entry, fact, line, text)
    classes: tuple[tuple[str, tuple[str, ...], tuple[Mark, ...], int, str, int, int], ...] = ()
    made: Mapping[str, int] = MappingProxyType({})  #: variables and functions → the thing they hold or return
    questions: tuple[tuple[str, str, int, str, int], ...] = ()  #: (receiver, method, line, text, flags)
    foreign: Mapping[str, str] = MappingProxyType({})  #: local names from elsewhere → full names
    tests: tuple[int, int, str] | None = None  #: (how many, line of the first, text)
    stencil: bool = False
    registrars: tuple[tuple[str, str, int, int], ...] = ()  #: (name, kind, line of what it registers, entry or -1)


_SILENT = FileFindings(0, 0)[2:]


class Reader:
    """Reads one file after another into findings, with what can be shared between files kept."""

    def __init__(
        self,
        root: str,
        files: list[PythonFile],
        markers: Markers,
        own: Mapping[bytes, bytes],
        *,
        stencils: bool = False,
    ) -> None:
        self.stencils = stencils  # templates for code are what is shipped
        self.root = root
        self.files = files
        self.markers = markers
        self.own = own
        self.known: dict[bytes, bool] = {}
        self.memo: dict[bytes, tuple[Mark, ...]] = {}

    def read(self, number: int) -> FileFindings:
        """Read a file; one that cannot be read is skipped with its reason."""
        try:
            data = content(f"{self.root}/{self.files[number].path}")
        except OSError as problem:
            return FileFindings(number, 0, (problem.strerror or "unreadable").lower())
        if len(data) > MOST_BYTES:
            return FileFindings(number, 0, f"larger than {MOST_BYTES >> 20} MiB")
        return self._findings(number, data)

    def _findings(self, number: int, data: bytes) -> FileFindings:
        place = self.files[number].place
        text = plain_text(data)
        if text is None:
            return FileFindings(number, 0, "holds NUL bytes: not text")
        data = text
        lines = data.count(b"\n") + (data[-1:] not in (b"", b"\n"))
        if place in (VENDORED, TEMPLATE):
            return FileFindings(number, lines, None)
        tests = _tests(data) if place == TESTS and _is_run(self.files[number].path, data) else None
        matters = data.startswith(FIRST_WORDS)
        data = b"\n" + data.removeprefix(b"\xef\xbb\xbf")
        if not matters and not read.matters(data, self.markers, self.known):
            return FileFindings(number, lines, None, tests=tests)
        if place != SHIPPED:
            reading = read.read_names(data, self.markers, self.own)
            return FileFindings(number, lines, None, imported=_imported(reading), tests=tests)
        reading = read.read_source(data, self.markers, self.own, self.memo)
        self._revision(number, reading)
        if not self.stencils and read.is_stencil(reading):
            return FileFindings(number, lines, None, stencil=True)
        return _finished(number, lines, reading)

    def _revision(self, number: int, reading: Reading) -> None:
        """Count a migration that imports nothing of what it is written for."""
        for entry, folder, word in self.markers.revisions:
            if folder in self.files[number].path and word in reading.code and entry not in reading.imported:
                at = reading.code.find(b"\n" + word)
                if at >= 0:
                    reading.hits.append((entry, "migrations", at + 1))


def content(path: str) -> bytes:
    """Return what a file holds, or its beginning when that alone is too much."""
    handle = os.open(path, READ_SAFELY)
    try:
        data = os.read(handle, BLOCK)
        if len(data) < BLOCK:
            return data
        parts = [data]
        size = BLOCK
        while data and size <= MOST_BYTES:
            data = os.read(handle, MOST_BYTES)
            parts.append(data)
            size += len(data)
        return b"".join(parts)
    finally:
        os.close(handle)


def plain_text(data: bytes) -> bytes | None:
    """Return what a file says in UTF-8 or any encoding near it, with line feeds, no line too long to look at.

    Returns:
        None for what is no text.
    """
    if b"\0" in data:
        text = _decoded(data)
        if text is None:
            return None
        data = text
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    return _without_long_lines(data)


def read_again(path: str) -> bytes:
    """Return what a file says behind a line feed, as it was read at first; nothing where that is no longer so."""
    try:
        data = content(path)
    except OSError:
        return b""
    text = plain_text(data) if len(data) <= MOST_BYTES else None
    return b"\n" + text.removeprefix(b"\xef\xbb\xbf") if text else b""


def _decoded(data: bytes) -> bytes | None:
    """Return the text of a file in UTF-16 or UTF-32 as UTF-8, or None for anything else with NUL bytes."""
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace").encode("utf-8", "replace")[:MOST_BYTES]
    return None


def _without_long_lines(data: bytes) -> bytes:
    """Cut short the lines that nobody wrote: to look back from every word of one takes the square of its length."""
    parts: list[bytes] = []
    at = done = 0
    while at + LONGEST_LINE < len(data):
        end = data.rfind(b"\n", at, at + LONGEST_LINE)
        if end >= 0:
            at = end + 1
            continue
        end = data.find(b"\n", at)
        end = end if end >= 0 else len(data)
        parts.append(data[done : at + LONGEST_LINE])
        at = done = end
    return b"".join([*parts, data[done:]]) if parts else data


def _is_run(path: str, data: bytes) -> bool:
    """Say whether what runs tests looks for them in a file of this name; among other code it has to check something."""
    folder, _, name = path.rpartition("/")
    name = name.removesuffix(".py")
    if not (name.startswith("test") or name.endswith(_RUN) or path.endswith(_WHOLE)):
        return False
    return not folder or "test" in folder.lower() or any(word in data for word in _CHECKING)


_CHECKING = (b"assert", b"unittest", b"pytest", b"TestCase", b"raises", b"eq_(")
_WHOLE = ("tests/__init__.py", "test/__init__.py")
_RUN = ("_test", "_tests", "-test", "-tests", "Test", "Tests")


def _tests(data: bytes) -> tuple[int, int, str] | None:
    """Return how many tests a file holds, and the line of the first that is not commented out."""
    count = data.count(b"def test") - data.count(b"def test(")  # which tests something else, given to it
    at = -1
    while (at := data.find(b"def test", at + 1)) >= 0:
        start = data.rfind(b"\n", 0, at) + 1
        if data[at + 8 : at + 9] == b"(":
            continue
        if data[start:at].strip() in (b"", b"async"):
            return count, data.count(b"\n", 0, at) + 1, shorten(data[start : data.find(b"\n", at) + 1 or None])
        count -= 1
    return None


def shorten(line: bytes) -> str:
    """Return a line as it can be shown: one line, printable, no longer than is useful."""
    text = " ".join(line.decode("utf-8", "replace").split())
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else "�" for sign in text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


class Lines:
    """Positions to line numbers and texts, in rising order of position so that each part is counted once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.line = 0

    def of(self, at: int) -> tuple[int, str]:
        """Return the number of a position's line, and what it says."""
        if at < self.at:
            self.at = self.line = 0
        self.line += self.data.count(b"\n", self.at, at + 1 if self.data[at : at + 1] == b"\n" else at)
        self.at = at + 1 if self.data[at : at + 1] == b"\n" else at
        start = self.data.rfind(b"\n", 0, self.at) + 1
        end = self.data.find(b"\n", self.at)
        return self.line, shorten(self.data[start : end if end >= 0 else len(self.data)])


def _imported(reading: read.Reading) -> tuple[tuple[int, int, bool, str], ...]:
    lines = Lines(reading.data)
    return tuple(
        (entry, *_line_guarded(lines.of(at), guarded))
        for entry, (at, guarded) in sorted(reading.imported.items(), key=lambda item: item[1][0])
    )


def _line_guarded(line: tuple[int, str], guarded: bool) -> tuple[int, bool, str]:  # noqa: FBT001  # a pair's other half
    return line[0], guarded, line[1]


def _finished(number: int, count: int, reading: read.Reading) -> FileFindings:
    lines = Lines(reading.data)
    imported = _imported(reading)
    hits = tuple((entry, fact, *lines.of(at)) for entry, fact, at in sorted(set(reading.hits), key=lambda hit: hit[2]))
    classes = tuple(
        (_text(c.name), tuple(map(_text, c.bases)), c.marks, *lines.of(c.at), c.flags, c.fields) for c in reading.bodies
    )
    questions = tuple(
        (_text(receiver), _text(method), *lines.of(at), flags)
        for receiver, method, at, flags in sorted(reading.questions, key=lambda asked: asked[2])
    )
    made = {**reading.made_by, **reading.instances}
    wanted = {name.partition(".")[0] for c in classes for name in c[1]}
    wanted |= {asked[0].partition(".")[0] for asked in questions}
    foreign = read.from_elsewhere(reading) if wanted else {}
    return FileFindings(
        number,
        count,
        None,
        imported,
        hits,
        classes,
        {_text(name): thing for name, thing in made.items()},
        questions,
        {name: _text(full) for n, full in foreign.items() if (name := _text(n)) in wanted},
        registrars=tuple((_text(r.name), r.kind, lines.of(at)[0], entry) for r, at, entry in reading.registrars),
    )


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def gather(reader: Reader, jobs: int, progress: Callable[[int, int], None] | None) -> list[FileFindings]:
    """Read all files of a reader, in `jobs` processes where there is enough to do; results in the files' order."""
    total = len(reader.files)
    if jobs > 1 and total >= WORTH_A_PROCESS and hasattr(os, "fork") and not _has_threads():
        found = _share(reader, jobs, progress)
    else:
        found = []
        for number in range(total):
            found.append(reader.read(number))
            if progress and number % CHUNK == 0:
                progress(number, total)
    if progress:
        progress(total, total)
    found.sort(key=lambda findings: findings.number)
    return found


def _has_threads() -> bool:
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1


def _share(reader: Reader, jobs: int, progress: Callable[[int, int], None] | None) -> list[FileFindings]:
    """Fork readers that claim one chunk after another from a pipe: no locks, and no one waits for a slow file."""
    import struct

    total = len(reader.files)
    size = max(CHUNK, -(-total // MOST_CHUNKS))
    chunks = -(-total // size)
    claims, fill = os.pipe()
    os.write(fill, struct.pack(f"<{chunks}I", *range(chunks)))
    os.close(fill)
    children: list[tuple[int, int]] = []
    try:
        children.extend(_fork(reader, claims, size) for _ in range(min(jobs, chunks) - 1))
        found = [item for chunk in _claimed(reader, claims, size, progress) for item in chunk]
        for _, results in children:
            found += _from_child(results)
    finally:
        os.close(claims)
        for child, results in children:
            os.close(results)
            _end(child)
    if len(found) < total:  # a child was killed: what it had claimed is read here
        there = {item.number for item in found}
        found += [reader.read(number) for number in range(total) if number not in there]
    return found


def _from_child(results: int) -> list[FileFindings]:
    import marshal

    with os.fdopen(results, "rb", closefd=False) as source:
        try:
            return [FileFindings(*item) for item in marshal.load(source)]  # noqa: S302  # our own child's words
        except (EOFError, ValueError, TypeError):
            return []


def _fork(reader: Reader, claims: int, size: int) -> tuple[int, int]:
    import marshal
    import signal

    results, out = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child:
        os.close(out)
        return child, results
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    status = 1
    try:
        os.close(results)
        found: list[tuple[object, ...]] = []
        for chunk in _claimed(reader, claims, size, None):
            found += map(_plain, chunk)
            if os.getppid() != parent:  # killed: nobody is left to read for
                os._exit(status)
        with os.fdopen(out, "wb") as sink:
            sink.write(marshal.dumps(found))
        status = 0
    finally:
        os._exit(status)


def _claimed(
    reader: Reader, claims: int, size: int, progress: Callable[[int, int], None] | None
) -> Iterator[list[FileFindings]]:
    import struct

    total = len(reader.files)
    while claim := os.read(claims, 4):
        start = struct.unpack("<I", claim)[0] * size
        if progress:
            progress(start, total)
        yield [reader.read(number) for number in range(start, min(start + size, total))]


def _plain(found: FileFindings) -> tuple[object, ...]:
    """Return findings as the plain tuples and dicts that can be handed on; most files say nothing but their length."""
    if found == (found.number, found.lines, *_SILENT):
        return found[:2]
    return tuple(dict(part) if isinstance(part, MappingProxyType) else part for part in found)


def _end(child: int) -> None:
    """Wait for a child that is done, or stop one that is not wanted any more."""
    import signal

    try:
        done, _ = os.waitpid(child, os.WNOHANG)
        if not done:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    except (ChildProcessError, ProcessLookupError):
        pass
