"""Accidents in cells that the student added: all but one leave alone what the check cell sees."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from tests.bank.broken.accident import Accident, add, cell, in_cells, stub


def _added(name: str, happens: str, source: str, *, after: str = "sgd_check", **due: Any) -> Accident:
    return in_cells(name, happens, lambda notebook: add(notebook, source, after=after), **due)


def _above(name: str, happens: str, source: str) -> Accident:
    return _added(name, happens, source, after="07")


def _between(name: str, happens: str, source: str, **due: Any) -> Accident:
    return _added(name, happens, source, after="sgd", **due)


def _play(notebook: NotebookNode) -> None:
    add(notebook, cell(notebook, "sgd").source.replace("p -= group", "p += group"), after="sgd_words")


ACCIDENTS = (
    _above(
        "an exception above the answer",
        "The student tried out which products torch refuses.",
        "torch.ones(2) @ torch.ones(3)",
    ),
    _above(
        "a name that is gone", "The cell that defined it was deleted, and the kernel still had it.", "print(my_rate)"
    ),
    _above(
        "a cell that does not parse",
        "The student took notes and forgot to make the cell a text.",
        "gradient = steepest ascent!!",
    ),
    _added("all names cleared at the top", "The student begins every notebook like this.", "%reset -f", after=""),
    _above(
        "a data file that is not there",
        "The file lies on the student's own disk and was not handed in.",
        "open('data/points.csv').read()",
    ),
    _above(
        "an extension that is not there",
        "The student has the extension at home, where it measures times.",
        "%load_ext line_profiler",
    ),
    _above(
        "packages installed", "The student worked on a machine where torch was not installed.", "!pip install torch"
    ),
    _above(
        "Google Drive mounted",
        "The student worked in Colab, where files lie on Google Drive.",
        "from google.colab import drive\n\ndrive.mount('/content/drive')",
    ),
    _above(
        "the folder changed",
        "The student worked in Colab, in a folder of Google Drive.",
        "import os\n\nos.chdir('/content/drive/MyDrive')",
    ),
    _above("the folder changed by a magic", "The student keeps notebooks and data in different folders.", "%cd .."),
    _above(
        "a display that is not there",
        "The student draws in windows, and the grader has no display.",
        "import matplotlib\n\nmatplotlib.use('TkAgg')",
    ),
    _above(
        "a graphics card that is not there",
        "The student has a graphics card at home and tried it.",
        "torch.ones(1, device='cuda')",
    ),
    _above(
        "all numbers in double precision",
        "The student wanted plots without the noise of single precision.",
        "torch.set_default_dtype(torch.float64)",
    ),
    _above("too much memory", "The student typed a few zeros too many.", "torch.zeros(10**13)"),
    _between(
        "assertions that fail",
        "The student wrote tests of the class, and one of the tests is wrong.",
        "assert SGD.step(None) == 1",
    ),
    _between(
        "a figure shown",
        "The student draws in windows, where this line waits until they are closed.",
        "import matplotlib.pyplot as plt\n\nplt.show()",
    ),
    _between(
        "a question to the user",
        "The student made the notebook ask for a number.",
        "rate = float(input('learning rate? '))",
    ),
    _between(
        "a shell command that waits",
        "The student tried out the shell and forgot that this command asks.",
        "!read answer",
    ),
    _between("exit()", "The student wanted to stop the notebook here.", "exit()"),
    _between("quit()", "The student wanted to end the kernel here.", "quit()"),
    _between(
        "sys.exit()", "The student pasted a script, whose last line ends the program.", "import sys\n\nsys.exit(1)"
    ),
    _between("the debugger", "The student looked for the cause of an error.", "%debug"),
    _between(
        "a recursion without end",
        "The student wrote a function that calls itself and forgot where it ends.",
        "def f(n):\n    return f(n + 1)\n\n\nf(0)",
    ),
    _between(
        "an interruption",
        "The student had pressed stop so often that it became part of a test.",
        "raise KeyboardInterrupt",
    ),
    _between(
        "100,000 lines printed",
        "The student printed a line for every step of a long training.",
        "for step in range(100_000):\n    print(step, 'steps')",
    ),
    _between(
        "hundreds of figures",
        "The student drew a figure for each of many learning rates and closed none.",
        "import matplotlib.pyplot as plt\n\nfor number in range(200):\n    plt.figure(figsize=(1, 1))",
    ),
    _between(
        "thirty seconds of training",
        "The student trained a model for long to see whether it gets better.",
        "import time\n\nfor _ in range(30):\n    time.sleep(1)",
    ),
    _between(
        "a loop that never ends",
        "The student waits for a loss that is never reached.",
        "import time\n\nloss = 1.0\nwhile loss > 1e-9:\n    time.sleep(0.1)",
    ),
    _between(
        "a loop that never ends and swallows every exception",
        "The student tries again whatever happens, and nothing else ever does.",
        "import time\n\nwhile True:\n    try:\n        time.sleep(0.1)\n        missing()\n    except:\n        pass",
    ),
    _between(
        "output closed",
        "The student sent the output to a file and closed that.",
        "import sys\n\nsys.stdout = open('log.txt', 'w')\nsys.stdout.close()",
    ),
    _between("coursekit overwritten", "The student used the name for the course's grade.", "coursekit = 18"),
    _between(
        "a variable of the name of a builtin",
        "The student called results by the first words that came to mind.",
        "list = [1, 2]\nsum = 3",
    ),
    _between(
        "torch overwritten above the check",
        "The student used the name for a result; the check cell fails at the student's desk, too.",
        "torch = torch.ones(2)",
        points=0.0,
        says=("AttributeError",),
    ),
    _added(
        "torch overwritten below the check",
        "The student used the name for a result, in a cell below the check.",
        "torch = torch.ones(2)",
    ),
    _added(
        "names deleted at the end",
        "The student tidied up, as one does with large arrays.",
        "del SGD, torch",
        after="sgd_words",
    ),
    _added(
        "all names cleared at the end", "The student ends every notebook like this.", "%reset -f", after="sgd_words"
    ),
    _added(
        "torch's own class imported to compare",
        "The student drew both and did not rename the import.",
        "from torch.optim import SGD",
        after="sgd_words",
    ),
    in_cells(
        "a wrong rule tried below the check",
        "The student wanted to see what a wrong sign does, and kept the name.",
        _play,
    ),
    in_cells(
        "an untouched copy of the answer at the end",
        "The student put the cell as it was given aside, for another time.",
        lambda notebook: add(notebook, stub(), after="sgd_words"),
    ),
)
