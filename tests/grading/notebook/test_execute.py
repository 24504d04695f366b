"""What the reader is shown: a cell or a kernel that misbehaves costs itself, and nothing is raised."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coursekit.grading.notebook.cleaning import MAX_MARKS
from coursekit.grading.notebook.execute import BUSY, MAX_CELL, SLOW, cut, execute
from coursekit.grading.notebook.grade import Settings, Task, grade
from coursekit.grading.sandbox.patience import Patience
from tests.bank.notebooks import release
from tests.grading.conftest import answer

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}

pytestmark = pytest.mark.slow


def shown(*sources: str, timeout: float = 20) -> tuple[nbformat.NotebookNode, tuple[str, ...]]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    remarks = execute(notebook, sandbox=True, patience=Patience(cell=timeout, cells=60))
    return notebook, remarks


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]


def test_what_cells_print_stands_under_them():
    notebook, remarks = shown("x = 1; print('one')", "print(x + 1)")
    assert texts(notebook) == ["one\n", "2\n"]
    assert remarks == ()


def test_what_is_printed_slowly_is_one_output():
    notebook, _ = shown("import time\nfor n in range(3):\n    print(n, flush=True)\n    time.sleep(0.5)")
    assert [output.text for output in notebook.cells[0].outputs] == ["0\n1\n2\n"]


def test_what_ran_before_the_kernel_died_is_shown():
    notebook, remarks = shown("print('before')", "import os; os._exit(1)", "print('after')")
    assert texts(notebook) == ["before\n", "", ""]
    assert "the kernel was ended" in remarks[0]
    assert cut(notebook) in remarks[0]


def test_a_figure_is_drawn_as_in_a_notebook():
    notebook, _ = shown("import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])")
    (figure,) = notebook.cells[0].outputs
    assert base64.b64decode(figure.data["image/png"]).startswith(b"\x89PNG")


def test_after_a_cell_that_does_not_end_the_next_ones_are_run():
    notebook, remarks = shown("while True: pass", "print('after')", timeout=0.3)
    assert notebook.cells[0].outputs[-1].ename == "TimeLimitExceeded"
    assert texts(notebook)[1] == "after\n"
    assert remarks == ()


def test_a_cell_that_swallows_interrupts_ends_the_show():
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    _, remarks = shown(stubborn, "print('after')", timeout=0.3)
    assert "the kernel was ended" in remarks[0]


@pytest.mark.parametrize("endless", [True, False])
def test_a_flood_of_output_is_cut_while_it_is_printed(endless):
    flood = f"while {endless}: print('x' * 1000)" if endless else "for _ in range(10**5): print('x' * 1000)"
    notebook, remarks = shown(flood, "print('after')")
    assert sum(map(len, texts(notebook))) < 2 * MAX_CELL
    assert texts(notebook)[0].startswith("xxx")
    assert "a cell put out too much; its output was cut" in remarks


@pytest.mark.parametrize(
    "much",
    [
        "print('x' * 10**8)",
        "'x' * 10**8",
        "print('x' * 6 * 10**6)",  # more than is shown, less than a message may have
        "raise ValueError('x' * 10**7)",
        "from IPython.display import HTML; display(HTML('<b>x</b>' * 10**6))",
    ],
)
def test_who_shows_far_too_much_at_once_loses_the_rest_of_it_and_no_other_cell(much):
    notebook, remarks = shown(f"print('before')\n{much}", "print('after')")
    assert texts(notebook)[0].startswith("before\nxxx" if "print('x" in much else "before\n")
    assert [output.text for output in notebook.cells[1].outputs] == ["after\n"]
    assert sum(len(str(output)) for output in notebook.cells[0].outputs) < 2 * MAX_CELL
    assert remarks == ("a cell put out too much; its output was cut",)


CHANNEL = "channel = get_ipython().kernel.session._channel\n"
FORGED = f"{CHANNEL}channel.sendall((300_000_000).to_bytes(4, 'big') + bytes(300_000_000))"
FLOOD = """
import sys
while True:
    sys.stderr.write("x" * 100_000)
"""


def test_whatever_a_kernel_sends_takes_little_memory_here(tmp_path):
    program = tmp_path / "watched.py"
    program.write_text(
        "import resource, sys\n"
        "from tests.grading.notebook.test_execute import shown\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB\n"
        "shown('1')\n"
        "before = peak()\n"
        "for much in sys.argv[1:]: print(*shown(much, timeout=5)[1], sep='; ')\n"
        "print((peak() - before) // 1024)\n"
    )
    run = subprocess.run(
        [sys.executable, program, FORGED, FLOOD], capture_output=True, text=True, check=True, cwd=ROOT, env=ENVIRONMENT
    )
    forged, flood, grown = run.stdout.splitlines()
    assert "the kernel was ended" in forged
    assert "a cell put out too much" in flood
    assert int(grown) < 150  # MiB; it was 1,200


def test_a_kernel_asked_for_input_does_not_wait():
    notebook, _ = shown("input('your name?')", "print('after')")
    assert notebook.cells[0].outputs[0].ename == "StdinNotImplementedError"
    assert texts(notebook)[1] == "after\n"


def test_what_is_shown_cannot_run_in_a_browser():
    notebook, _ = shown(
        "from IPython.display import HTML, Javascript\nHTML('<b>kept</b><script>1</script>')", "Javascript('1')"
    )
    assert notebook.cells[0].outputs[0].data["text/html"] == "<b>kept</b>"
    assert list(notebook.cells[1].outputs[0].data) == ["text/plain"]


def test_marks_piled_up_on_a_letter_are_taken_off():
    notebook, _ = shown("print('Z' + '\\u0351' * 10**5, 'e\\u0301\\u0323', 'ṩ')")
    assert texts(notebook) == ["Z" + "\u0351" * MAX_MARKS + " e\u0301\u0323 ṩ\n"]


def test_where_python_lies_on_this_machine_is_not_told():
    notebook, _ = shown("import torch\nprint(torch.__file__)", "import json\njson.loads('{')", "torch.ones('two')")
    assert texts(notebook)[0] == "torch/__init__.py\n"
    told = "".join(line for cell in notebook.cells for output in cell.outputs for line in output.get("traceback", []))
    assert "json/decoder.py" in told
    assert sys.prefix not in told
    assert sys.base_prefix not in told


@pytest.mark.parametrize("waiting", ["await asyncio.sleep(60)", "subprocess.run(['sleep', '60'])", "time.sleep(60)"])
def test_a_cell_that_waits_is_interrupted_with_all_that_it_waits_for(waiting):
    notebook, remarks = shown(f"import asyncio, subprocess, time\n{waiting}\nprint('on')", "print('after')", timeout=1)
    assert notebook.cells[0].outputs[-1].ename == "TimeLimitExceeded"
    assert texts(notebook) == ["", "after\n"]
    assert remarks == ()


def test_after_a_cell_that_did_not_end_others_have_less_time_and_all_together_have_a_limit():
    cells = [nbformat.v4.new_code_cell(f"import time; time.sleep(60)  # {number}") for number in range(9)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    remarks = execute(notebook, sandbox=True, patience=Patience(cell=2, again=0.5, cells=4))
    assert remarks == ("the notebook takes too long; the rest was not run",)
    run = [cell for cell in notebook.cells if cell.outputs]
    assert 3 <= len(run) < 9
    assert run == notebook.cells[: len(run)]


def test_cells_have_less_time_where_the_hidden_tests_found_what_does_not_end():
    released = release()
    work = nbformat.from_dict(released)
    answer(work, "sgd").source = "class SGD:\n    def __init__(self, *_, **__):\n        while True: pass"
    work.cells += [nbformat.v4.new_code_cell(code) for code in ("SGD()", "print('after')")]
    submission, released = (nbformat.writes(each).encode() for each in (work, released))
    tests = {path.name: path.read_bytes() for path in (ROOT / "tests" / "hidden").glob("*01_sgd.py")}
    patience = Patience(cell=60, cells=8, warned=0.5, question=0.5, again=0.2)
    settings = Settings(seed=3, patience=patience)
    done = grade(Task(stem="01_sgd", submission=submission, release=released, tests=tests, settings=settings))
    *_, hangs, after = nbformat.reads(done.notebook, as_version=4).cells
    assert hangs.outputs[-1].ename == "TimeLimitExceeded"
    assert after.outputs[0].text == "after\n"


def test_cells_that_are_decided_elsewhere_are_counted_and_not_run():
    cells = [nbformat.v4.new_code_cell(code) for code in ("x = 1", "x = 2; print(x)", "print(x)", "1 / 0")]
    cells[1].metadata["nbgrader"] = {"grade_id": "check", "grade": True, "solution": False, "points": 1}
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert execute(notebook, sandbox=True, patience=Patience(), decided=["check"]) == ()
    assert texts(notebook)[:3] == ["", "", "1\n"]
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4]
    assert "In[4]" in "".join(cells[3].outputs[0].traceback)
    assert cells[1].source == "x = 2; print(x)"


@pytest.mark.parametrize(("waits", "why"), [(1e6, BUSY), (0.0, SLOW)])
def test_what_a_busy_machine_cuts_short_is_told_from_what_takes_too_long(monkeypatch, waits, why):
    monkeypatch.setattr("coursekit.grading.notebook.execute.waited", lambda _: waits)
    cells = [nbformat.v4.new_code_cell(f"import time; time.sleep(60)  # {number}") for number in range(9)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    execute(notebook, sandbox=True, patience=Patience(cell=0.5, again=0.2, cells=0.8))
    assert cut(notebook) == why


def test_where_all_cells_were_run_nothing_is_cut():
    assert cut(shown("print('one')")[0]) == ""


def test_a_child_that_a_cell_leaves_behind_goes_no_further():
    notebook, remarks = shown("import os, time\npid = os.fork()\nprint('both')\nif pid: os.wait()", "print('after')")
    assert texts(notebook) == ["both\n" * 2, "after\n"]
    assert remarks == ()


def test_however_much_children_print_at_once_all_of_it_arrives():
    printing = """
import multiprocessing, sys
def loud(number):
    for _ in range(4):
        sys.stdout.write(str(number) * 9999 + "\\n")
with multiprocessing.get_context("fork").Pool(4) as pool:
    pool.map(loud, range(4), chunksize=1)
"""
    notebook, remarks = shown(printing, "print('after')")
    assert sorted(texts(notebook)[0].split()) == [str(number) * 9999 for number in range(4) for _ in range(4)]
    assert texts(notebook)[1] == "after\n"
    assert remarks == ()


@pytest.mark.parametrize(
    "frame",
    ["b'nonsense'", "(9).to_bytes(4, 'big') + b'nonsense!'", "bytes(4)", "(999).to_bytes(4, 'big') + b'and no more'"],
)
def test_nonsense_on_the_wire_ends_the_show_and_what_was_shown_stays(frame):
    cell = f"{CHANNEL}channel.sendall({frame})\nimport time; time.sleep(60)"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(each) for each in ("print('before')", cell, "1")]
    )
    remarks = execute(notebook, sandbox=True, patience=Patience(kernel_grace=1))
    assert texts(notebook) == ["before\n", "", ""]
    assert "the kernel was ended" in remarks[0]
    assert cut(notebook) in remarks[0]


SAYING = "from coursekit.grading.sandbox.wire import Shown\nkernel = get_ipython().kernel\n"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("stream", b'{"name": "stdout", "text": ["x"]}'),
        ("stream", b'{"name": "stdlog", "text": 7}'),
        ("display_data", b'{"data": "x", "metadata": {}}'),
        ("display_data", b'{"data": {}, "metadata": {}, "transient": 7}'),
        ("display_data", b'{"data": ' + b"[" * 10**4 + b"]" * 10**4 + b"}"),
        ("execute_result", b'{"data": {"text/plain": "x"}, "metadata": {}, "execution_count": "<b>"}'),
        ("error", b"{}"),
        ("error", b"no JSON"),
        ("no such kind", b"{}"),
    ],
)
def test_what_is_no_output_of_a_notebook_does_not_become_one(kind, content):
    sending = f"kernel.session.tell(Shown(number=number, kind={kind!r}, content={content!r}))"
    cell = f"{SAYING}number = int(kernel.get_parent()['header']['msg_id'])\n{sending}\nprint('on')"
    notebook, remarks = shown(cell, "print('after')")
    assert [list(map(dict, cell.outputs)) for cell in notebook.cells] == [
        [{"output_type": "stream", "name": "stdout", "text": text}] for text in ("on\n", "after\n")
    ]
    assert remarks == ()


def test_what_is_printed_or_raised_takes_the_place_of_no_display():
    forge = f"""{SAYING}
number = int(kernel.get_parent()["header"]["msg_id"])
display("shown", display_id="it")
for kind, content in {{
    "stream": b'{{"name": "stdout", "text": "x", "transient": {{"display_id": "it"}}}}',
    "error": b'{{"ename": "x", "evalue": "x", "traceback": [], "transient": {{"display_id": "it"}}}}',
}}.items():
    kernel.session.tell(Shown(number=number, kind=kind, content=content))
"""
    notebook, remarks = shown(forge, "print('after')")
    assert [output.output_type for output in notebook.cells[0].outputs] == ["display_data", "stream", "error"]
    assert notebook.cells[0].outputs[0].data == {"text/plain": "'shown'"}
    assert texts(notebook)[1] == "after\n"
    assert remarks == ()


def test_what_is_sent_in_the_name_of_no_cell_or_of_an_earlier_one_is_not_shown():
    forge = f"""{SAYING}
earlier = int(kernel.get_parent()["header"]["msg_id"])
def forge(*_):
    for number in (0, 1, earlier):
        kernel.session.tell(Shown(number=number, kind="stream", content=b'{{"name": "stdout", "text": "forged"}}'))
        kernel.session.tell(Shown(number=number))
"""
    notebook, remarks = shown(forge, "forge()\nprint('own')", "print('after')")
    assert texts(notebook) == ["", "own\n", "after\n"]
    assert remarks == ()


def test_a_cell_that_breaks_the_kernel_says_so():
    notebook, _ = shown("get_ipython().run_cell = None", "print('x')")
    assert notebook.cells[1].outputs[0].evalue == "'NoneType' object is not callable"
