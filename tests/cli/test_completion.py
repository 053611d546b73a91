"""What a shell is told when a person presses TAB: commands, flags, tools and their arguments."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(sys.executable).parent
SEPARATORS = {"bash": "\v", "zsh": "\v", "fish": "\n"}


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{HERE}{os.pathsep}{os.environ['PATH']}", **more}


def offered(shell: str, line: str) -> list[str]:
    """What the command answers to the question that the shell's script asks."""
    asked = environment(
        _ARGCOMPLETE="1",
        _ARGCOMPLETE_SHELL=shell,
        _ARGCOMPLETE_SUPPRESS_SPACE="1",
        _ARGCOMPLETE_IFS=SEPARATORS[shell],
        _ARGCOMPLETE_DFS="\t",
        COMP_TYPE="9",
        COMP_LINE=line,
        COMP_POINT=str(len(line)),
    )
    done = subprocess.run(
        ["bash", "-c", "exec fivetabs 8>&1 9>&2 1>/dev/null 2>&1"],
        env=asked,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    words = done.stdout.split(SEPARATORS[shell])
    return [word.split("\t")[0].partition(":")[0].strip() for word in words if word]


@pytest.mark.parametrize("shell", list(SEPARATORS))
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fivetabs se", {"settings", "setup"}),
        ("fivetabs setup --client c", {"claude-desktop", "claude-code", "cursor"}),
        ("fivetabs call get_failing", {"get_failing_pods"}),
        ("fivetabs call get_failing_pods nam", {"namespace="}),
        ("fivetabs call get_pod_logs previous=", {"previous=true", "previous=false"}),
        ("fivetabs call nonsense nam", set[str]()),
    ],
)
def test_the_next_words_are_offered(shell: str, line: str, words: set[str]) -> None:
    assert set(offered(shell, line)) == words


@pytest.mark.parametrize(("shell", "word"), [("bash", "-F"), ("zsh", "compdef"), ("fish", "-a")])
def test_each_shells_script_is_printed(shell: str, word: str) -> None:
    done = subprocess.run(
        [HERE / "fivetabs", "completion", shell], capture_output=True, text=True, check=True
    )
    assert f"{word} " in done.stdout
    assert "fivetabs" in done.stdout


def test_bash_itself_completes_with_the_script() -> None:
    script = """
        source <(fivetabs completion bash)
        COMP_LINE="fivetabs call get_failing" COMP_POINT=25 COMP_TYPE=9 COMP_CWORD=2
        COMP_WORDS=(fivetabs call get_failing)
        _python_argcomplete fivetabs get_failing call
        printf '%s' "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "get_failing_pods"
