"""What a student's code prints while it is checked is counted, kept out of the way, and told in a line."""

import builtins
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from coursekit.errors import CheckFailed
from coursekit.student.checks import check
from coursekit.student.quiet import FEW, LONG, Printed, quietly
from tests.bank.habits import CLASS
from tests.solutions import defined


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")


def sgd(line: str):
    """Write the class with a line in its step."""
    return defined("import torch\n" + CLASS.replace("        for group", f"        {line}\n        for group"))["SGD"]


def printed(text: str) -> Printed:
    made = Printed()
    print(text, end="", file=made)
    return made


def test_lines_are_counted_and_a_few_are_kept():
    made = printed("".join(f"line {number}\n" for number in range(914)))
    assert repr(made).splitlines() == [
        "Your code printed 914 lines; the first:",
        *(f"    line {number}" for number in range(FEW)),
    ]


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n", 1), ("\n\n", 2), ("a\n" * 3 + "b", 4)]
)
def test_a_line_counts_with_its_end_and_without(text, count):
    assert printed(text).count == count


def test_a_single_line_is_told_as_one():
    assert repr(printed("here")) == "Your code printed one line:\n    here"


def test_the_lines_are_folded_in_html_and_escaped():
    page = printed("<b>bold</b>\n" * 9)._repr_html_()
    assert page.startswith("<details><summary>Your code printed 9 lines; the first:</summary><pre>&lt;b&gt;bold")
    assert page.count("&lt;b&gt;") == FEW


def test_a_flood_is_not_kept():
    made = Printed()
    for _ in range(1000):
        made.write("x" * 10_000 + "\n")
    assert made.count == 1000
    assert len(repr(made)) < 2 * FEW * LONG


@pytest.mark.parametrize(
    "line",
    [
        "print('lr', self.param_groups[0]['lr'])",
        "import sys; print('lr', file=sys.stderr)",
        "import sys; sys.stdout.write('lr\\n')",
        "from IPython.display import display; display('lr')",
        # pytest listens at the root
        "import logging; mine = logging.getLogger('mine'); mine.propagate = False; mine.warning('lr')",
    ],
)
def test_a_step_that_prints_leaves_the_table_on_top_and_a_line_below(line, capfd):
    check(sgd(line))
    shown = capfd.readouterr()
    assert shown.out.startswith("SGD: all 11 behaviours are right.")
    table, told = shown.out.split("Your code printed ")
    assert "lr" not in table
    assert told.count("\n") == FEW + 1
    assert shown.err == ""


def test_a_wrong_step_that_prints_shows_the_table_and_the_line(capsys):
    with pytest.raises(CheckFailed):
        check(sgd("print('lr'); return"))
    assert "Your code printed " in capsys.readouterr().out


def test_what_is_displayed_in_a_notebook_is_told_too(capsys):
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=settings)
    try:
        with quietly() as made:
            shell.run_cell("from IPython.display import HTML, display\ndisplay(HTML('<p>lr</p>'), 'lr')")
    finally:
        InteractiveShell.clear_instance()
    assert made.count == 2
    assert capsys.readouterr().out == ""


def test_nobody_is_asked_and_no_debugger_stops(monkeypatch):
    monkeypatch.setattr(builtins, "input", lambda *_: pytest.fail("somebody is asked"))
    monkeypatch.setattr(sys, "breakpointhook", lambda *_, **__: pytest.fail("a debugger stops"))
    with pytest.raises(EOFError), quietly():
        input()
    check(sgd("breakpoint()"))


def test_after_an_interrupt_what_is_printed_is_seen_again(capsys):
    with pytest.raises(KeyboardInterrupt), quietly():
        raise KeyboardInterrupt
    print("seen")
    assert capsys.readouterr().out == "seen\n"
