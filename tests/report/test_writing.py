"""A report reaches its file whole, or the file is as it was."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from advisor.errors import AdvisorError
from advisor.report.writing import write_output

ROOT = Path(__file__).resolve().parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def complaint(path: Path | str, *, force: bool = False) -> AdvisorError:
    with pytest.raises(AdvisorError) as caught:
        write_output(path, "new", force=force)
    return caught.value


@pytest.fixture(params=["nameless", "named"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to a whole file: with and without a file system that has nameless files."""
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    return str(request.param)


def test_a_new_file_holds_the_text_and_nothing_else_appears(tmp_path: Path, way: str) -> None:
    write_output(tmp_path / "r.md", "é\nline\n")
    assert (tmp_path / "r.md").read_bytes() == "é\nline\n".encode()
    assert names(tmp_path) == ["r.md"]


def test_a_new_file_has_the_permissions_the_account_asks_for(tmp_path: Path, way: str) -> None:
    before = os.umask(0o027)
    try:
        write_output(tmp_path / "r.md", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "r.md").stat().st_mode) == 0o640


def test_a_file_that_exists_is_kept_unless_forced(tmp_path: Path, way: str) -> None:
    target = tmp_path / "r.md"
    target.write_text("old", encoding="utf-8")
    error = complaint(target)
    assert error.message == f"{target}: exists already"
    assert "--force" in str(error.hint)
    assert target.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["r.md"]


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path, way: str) -> None:
    target = tmp_path / "r.md"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o604)
    write_output(target, "new", force=True)
    assert target.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o604
    assert names(tmp_path) == ["r.md"]


def test_a_symbolic_link_stays_and_the_file_it_names_is_replaced(tmp_path: Path) -> None:
    real = tmp_path / "real.md"
    real.write_text("old", encoding="utf-8")
    link = tmp_path / "link.md"
    link.symlink_to(real)
    write_output(link, "new", force=True)
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"


def test_a_missing_folder_a_directory_and_a_pipe_are_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path / "no" / "r.md").message.endswith(f"the folder {tmp_path / 'no'} does not exist")
    assert complaint(tmp_path, force=True).message == f"{tmp_path}: is a directory"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert complaint(pipe, force=True).message == f"{pipe}: is not a regular file"
    assert complaint("/dev/null", force=True).message == "/dev/null: is not a regular file"
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert complaint(tmp_path / "file" / "r.md").message.endswith("Not a directory")
    assert complaint(tmp_path / ("n" * 300)).hint == "choose a shorter name"
    assert "null" in complaint(f"{tmp_path}/a\0b").message
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert str(tmp_path / "loop") in complaint(tmp_path / "loop").message


def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        assert complaint(tmp_path / "r.md").message.endswith("Permission denied")
        tmp_path.chmod(0o700)
        return
    # The superuser may write anywhere, so the account is changed in a process of its own.
    tmp_path.chmod(0o555)
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[2])\n"
        "from advisor.report.writing import write_output\nfrom advisor.errors import AdvisorError\n"
        "os.chdir(sys.argv[1]); os.setuid(65534)\n"
        "try: write_output('r.md', 'x')\n"
        "except AdvisorError as error: print(error.message, '|', error.hint)"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path, ROOT], capture_output=True, text=True, check=True)
    assert done.stdout == "r.md: Permission denied | choose a folder that you may write to\n"


def test_a_full_disk_leaves_the_old_file_and_no_part(tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "r.md"
    target.write_text("old", encoding="utf-8")

    def full(_descriptor: int, _data: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    error = complaint(target, force=True)
    assert error.message == f"{target}: No space left on device"
    assert str(error.hint).startswith("free some space")
    assert target.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["r.md"]


def test_a_file_that_appears_meanwhile_is_not_replaced(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "r.md"
    fsync = os.fsync

    def meanwhile(descriptor: int) -> None:
        target.write_text("theirs", encoding="utf-8")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    assert complaint(target).message == f"{target}: exists already"
    assert target.read_text(encoding="utf-8") == "theirs"
    assert names(tmp_path) == ["r.md"]


def test_a_kill_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[2])\nimport os, time\nfrom advisor.report import writing\n"
        "real = os.write\n"
        "def slow(fd, data):\n    done = real(fd, data[:4])\n    print('part', flush=True)\n    time.sleep(60)\n"
        "    return done\n"
        "os.write = slow\nwriting.write_output(sys.argv[1], 'x' * 100, force=True)"
    )
    (tmp_path / "r.md").write_text("old", encoding="utf-8")
    command = [sys.executable, "-c", code, tmp_path / "r.md", ROOT]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"part\n"
        process.send_signal(signal.SIGKILL)
    assert (tmp_path / "r.md").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["r.md"]


def test_a_reader_sees_the_old_text_or_the_new_one_and_never_a_part(tmp_path: Path) -> None:
    target = tmp_path / "r.md"
    texts = {letter * 200_000 for letter in "ab"}
    target.write_text("a" * 200_000, encoding="utf-8")
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(target.read_text(encoding="utf-8"))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for text in sorted(texts) * 20:
            write_output(target, text, force=True)
    finally:
        done.set()
        reader.join()
    assert seen <= texts


def test_text_that_cannot_be_encoded_is_written_with_a_question_mark(tmp_path: Path) -> None:
    write_output(tmp_path / "r.md", "a\udce9b")
    assert (tmp_path / "r.md").read_bytes() == b"a?b"
