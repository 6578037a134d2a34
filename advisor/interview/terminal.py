"""The thin edge of the conversation: lines in, lines out, files kept. It decides nothing."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path, PurePath
from typing import NamedTuple

from advisor.decision.answers import Answers
from advisor.decision.recommendation import Recommendation
from advisor.errors import AdvisorError
from advisor.interview import messages as say
from advisor.interview.answers_file import answers_text, write_answers
from advisor.interview.conversation import begin, step
from advisor.interview.screen import Style, lines, printable
from advisor.interview.state import CodebaseOffer, Setup, State, in_effect
from advisor.knowledge.model import Rules
from advisor.placing import at_home

INTERRUPTED = 130
DAY = 86_400


class Doors(NamedTuple):
    """The ways out of the conversation; each is the caller's.

    `export` and `save_examples` return a sentence on what was written, and raise AdvisorError or OSError.
    """

    style: Callable[[], Style]  #: asked anew for every step: a window may change its size
    tell: Callable[[str], None]  #: writes talk
    ask: Callable[[str], str]  #: shows a prompt and returns a line; raises EOFError at the end of input
    show_advice: Callable[[Recommendation], None]  #: writes the whole advice to the result's stream
    export: Callable[[PurePath, Answers], str]
    save_examples: Callable[[PurePath | None, Answers], str]
    again: Callable[[Answers], str]  #: the command line that gives the advice for some answers
    resume: Callable[[Path], str]  #: the command line that goes on with an answers file


class Keeper:
    """Keeps the answers in a file after every step, so that no end of the session loses them.

    Attributes:
        path: the file; None until the first free one in the state folder is taken.
        chosen: whether the user asked for the file; any other is removed when the session comes to its end.
        holds: whether the file has the answers already with which the session begins.
        saved: other files that this session wrote when asked to.
        trouble: why it could not be written, or None.
    """

    def __init__(
        self, rules: Rules, folder: Path | None, *, path: Path | None = None, chosen: bool = False, holds: bool = False
    ) -> None:
        self.rules = rules
        self.folder = folder
        self.path = path
        self.chosen = chosen
        self.holds = holds
        self.trouble: str | None = None
        self.saved: set[Path] = set()
        self._kept = ""

    def begin(self, state: State) -> None:
        """Take note of what the file holds: as long as nothing changes, a file edited by hand stays as it is."""
        if self.holds:
            self._kept = answers_text(self.rules, state.given, state.skipped)

    def keep(self, state: State) -> None:
        """Write the answers if they have changed."""
        if not state.given and not state.skipped and not self._kept:
            return
        text = answers_text(self.rules, state.given, state.skipped)
        if text == self._kept:
            return
        try:
            self.path = self.path or _free_place(self.folder)
            # Nobody is to lose a file that was made under the same name since this session began.
            ours = bool(self._kept) or not self.chosen or self.path in self.saved
            write_answers(self.path, text, replace=ours)
        except (OSError, ValueError) as error:
            where = f"{self.path or self.folder}: " if self.path or self.folder else ""
            self.trouble = f"{where}{getattr(error, 'strerror', None) or error}"
        else:
            self._kept, self.trouble = text, None

    def forget(self) -> None:
        """Remove the file after a session that came to its end, unless the user asked for it."""
        if self.path is not None and not self.chosen and self._kept:
            with suppress(OSError):  # it stays, and is offered the next time
                self.path.unlink(missing_ok=True)


def left_behind(folder: Path, now: float) -> Path | None:
    """Return the file of the last session that was left within a day: a window that closed could not tell about it."""
    try:
        written = [(path.stat().st_mtime, path) for path in folder.glob("interview-*.yaml")]
    except OSError:
        return None
    moment, path = max(written, default=(0.0, folder))
    return path if now - moment < DAY else None


def state_folder() -> Path | None:
    """Return where interrupted sessions are kept: XDG_STATE_HOME, or ~/.local/state; None when no home is known."""
    home = os.environ.get("XDG_STATE_HOME", "")
    base = Path(home) if home.startswith("/") else at_home("~/.local/state")
    return base / "framework-advisor" if base.is_absolute() else None


def _free_place(folder: Path | None) -> Path:
    if folder is None:
        raise FileNotFoundError(errno.ENOENT, "there is no home folder")
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        path = folder / f"interview-{number}.yaml"
        try:
            # Claimed at once, so that two sessions begun together never share a file.
            path.open("x").close()
        except FileExistsError:
            number += 1
        else:
            return path


def converse(
    setup: Setup,
    doors: Doors,
    keeper: Keeper,
    *,
    answers: Answers | None = None,
    left_open: Collection[str] = (),
    offer: CodebaseOffer | None = None,
    ask_all: bool = False,
    left: Path | None = None,
) -> int:
    """Hold a whole conversation.

    Args:
        setup: rules and core.
        doors: the ways out.
        keeper: keeps the answers.
        answers: answers that are there already.
        left_open: needs that were answered with "don't know" already.
        offer: what a scan of the code base found.
        ask_all: whether to ask also what cannot change the result.
        left: the file of an earlier session to be told about.

    Returns:
        The exit code: 0 when advice was given, 130 when the conversation was left before.

    Raises:
        AdvisorError: advice was given, but the answers are not in the file that was asked for.
    """
    state, said = begin(setup, answers, left_open=left_open, offer=offer, ask_all=ask_all)
    keeper.begin(state)
    if left is not None:
        said = (said[0], say.Left(doors.resume(left)), *said[1:])
    try:
        while True:
            for message in said:
                _act(setup, state, message, doors, keeper)
            if state.mode == "finished":
                break
            state, said = step(setup, state, doors.ask(doors.style().prompt))
            _keep(state, doors, keeper)
    except KeyboardInterrupt:
        state = state._replace(advised=False)
        doors.tell("")
    except EOFError:
        doors.tell("")
    except Exception:
        # A mistake of ours goes on to whoever tells about it; the answers are safe before.
        keeper.keep(state)
        _farewell(setup, state, doors, keeper)
        raise
    if state.advised:
        if keeper.chosen and keeper.trouble is not None:
            raise AdvisorError(
                f"the answers could not be kept ({keeper.trouble})",
                f"this line has them: {doors.again(in_effect(setup.rules, state.given))}",
            )
        keeper.forget()
        return 0
    keeper.keep(state)
    _farewell(setup, state, doors, keeper)
    return INTERRUPTED


def _keep(state: State, doors: Doors, keeper: Keeper) -> None:
    """Keep the answers; that the file which was asked for cannot be written is told when it shows, once."""
    before = keeper.trouble
    keeper.keep(state)
    if keeper.chosen and keeper.trouble not in (None, before):
        doors.tell(f"\nNot kept: {printable(keeper.trouble or '')}. save and another name keeps the answers elsewhere.")


def _act(setup: Setup, state: State, message: say.Message, doors: Doors, keeper: Keeper) -> None:
    answers = in_effect(setup.rules, state.given)
    match message:
        case say.Advise():
            doors.tell("")
            doors.show_advice(state.outlook)
            doors.tell(f"\nThe same from a script:\n  {printable(doors.again(answers))}")
        case say.Save(path):
            _try(doors, lambda: _save(setup, state, keeper, path))
        case say.Export(path):
            _try(doors, lambda: doors.export(path, answers))
        case say.SaveExamples(folder):
            _try(doors, lambda: doors.save_examples(folder, answers))
        case _:
            for line in lines(message, doors.style()):
                doors.tell(line)


def _try(doors: Doors, write: Callable[[], str]) -> None:
    """Write something and say so; what goes wrong is told, and the conversation goes on."""
    try:
        said = write()
    except AdvisorError as error:
        said = f"Not written: {error.message}" + (f" ({error.hint})" if error.hint else "")
    except (OSError, ValueError) as error:
        said = f"Not written: {getattr(error, 'strerror', None) or error}"
    doors.tell("")
    doors.tell(printable(said))


def _save(setup: Setup, state: State, keeper: Keeper, path: PurePath | None) -> str:
    target = at_home(path) if path is not None else keeper.path if keeper.chosen else Path("answers.yaml")
    if target is None:
        raise AssertionError("a chosen file has a name")
    ours = target in keeper.saved or (keeper.chosen and target == keeper.path)
    if target.exists() and not ours:
        raise AdvisorError(f"{target} exists already", "type save and another name")
    write_answers(target, answers_text(setup.rules, state.given, state.skipped), replace=ours)
    keeper.saved.add(target)
    return f"Answers written to {target}."


def _farewell(setup: Setup, state: State, doors: Doors, keeper: Keeper) -> None:
    """Say how to go on with what was given; when it could not be kept, say it in full."""
    count = len(state.given)
    if not count:
        doors.tell("Stopped. Nothing was answered yet.")
        return
    kept = f"{count} answer{'' if count == 1 else 's'}"
    if keeper.trouble is None and keeper.path is not None:
        doors.tell(f"Stopped. {kept} kept. Go on with:\n  {printable(doors.resume(keeper.path))}")
        return
    doors.tell(f"Stopped. {kept} could not be kept ({keeper.trouble}). This line has them:")
    doors.tell(f"  {printable(doors.again(in_effect(setup.rules, state.given)))}")


def line_reader() -> Callable[[str], str]:
    """Return a function that shows a prompt on stderr and reads a line from the terminal.

    The terminal's own line editing is used, not readline: readline would write to stdout, redraw its line, and now
    and then hold back Ctrl-C until the next key.
    """
    if hasattr(sys.stdin, "reconfigure"):
        # A stray byte must become a wrong entry, never a crash.
        sys.stdin.reconfigure(errors="replace")

    def read(prompt: str) -> str:
        try:
            sys.stderr.write(prompt)
            sys.stderr.flush()
            line = sys.stdin.readline()
        except OSError as error:
            # The terminal is gone: an end of input like any other.
            raise EOFError from error
        if not line:
            raise EOFError
        return line.rstrip("\n")

    return read
