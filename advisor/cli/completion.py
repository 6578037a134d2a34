"""Shell completion: bash, zsh and fish, with the choices of every need."""

from __future__ import annotations

from advisor.cli.output import say
from advisor.errors import AdvisorError


def complete(*, install: bool) -> None:
    """Install completion for the shell that runs us, or print its script.

    Raises:
        AdvisorError: the shell is not known, or its files cannot be written.
    """
    from typer.completion import get_completion_script
    from typer.completion import install as install_script

    shell = detected_shell()
    if not install:
        say(get_completion_script(prog_name="advisor", complete_var="_ADVISOR_COMPLETE", shell=shell))
        return
    try:
        shell, path = install_script(shell=shell, prog_name="advisor", complete_var="_ADVISOR_COMPLETE")
    except OSError as error:
        raise AdvisorError(f"completion for {shell} could not be installed: {error}") from error
    say(f"Completion for {shell} is installed in {path}. It works in the next shell you start.")


def detected_shell() -> str:
    """Return the name of the shell that runs us.

    Raises:
        AdvisorError: it could not be found out.
    """
    import shellingham

    try:
        name, _path = shellingham.detect_shell()
    except shellingham.ShellDetectionFailure as error:
        raise AdvisorError(
            "the shell that runs advisor could not be found out", "bash, zsh and fish are known"
        ) from error
    return str(name)
