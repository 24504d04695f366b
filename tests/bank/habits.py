"""What students write around a right class, and what makes it wrong: desk and grader must see it alike.

`{}` is the class; with a number behind it, as in `{1.0}`, its step has that factor. The second part of an entry says
whether all is right.
"""

from __future__ import annotations

import re
from textwrap import indent

CLASS = """\
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad
"""


def written(habit: str) -> str:
    """Write an answer out."""

    def put(found: re.Match[str]) -> str:
        made = CLASS.replace("* p.grad", f"* p.grad * ({found[2]})") if found[2] else CLASS
        return indent(made, found[1])

    return re.sub(r"^( *)\{([^{}\n]*)\}$", put, habit, flags=re.MULTILINE)


HABITS: dict[str, tuple[str, bool]] = {
    # magics
    "timed": ("%%time\n{}", True),
    "captured": ("%%capture out\n{}", True),
    "captured and timed": ("%%capture\n%%time\n{}", True),
    "profiled, below blank lines": ("\n\n%%prun -q\n{}", True),
    "measured by an extension": ("%%memit\n{}", True),
    "written to a file": ("%%writefile sgd.py\n{}", False),
    "handed to a shell": ("%%bash\n{}", False),
    "a line timed": ("%time one = 1.0\n{one}", True),
    "a window for figures": ("%matplotlib qt\n{}", True),
    "what the shell says": ("files = !ls\n{len(files) == 0}", True),
    # constants
    "a tuple of constants": ("one, two = 1.0, 2.0\n{two - one}", True),
    "a power": ("tiny = 10**-8\n{1 + 0 * tiny}", True),
    "an annotated constant": ("one: float = 1.0\n{one}", True),
    "a computed constant": ("import math\n\none = math.cos(0.0)\n{one}", True),
    "a constant of numpy": ("import numpy as np\n\none = np.finfo(np.float32).eps > 0\n{one}", True),
    "a constant named in passing": ("print(one := 1.0)\n{one}", True),
    "a constant named in a question": ("if (one := 1.0) > 0:\n    pass\n{one}", True),
    "a list that grows": ("ones = []\nones.append(1.0)\n{ones[0]}", True),
    "a table filled in a loop": ("ones = {}\nfor name in ('SGD', 'Adam'):\n    ones[name] = 1.0\n{ones['SGD']}", True),
    "a constant with another at hand": (
        "try:\n    one = float(open('one'))\nexcept OSError:\n    one = 1.0\n{one}",
        True,
    ),
    "a constant that somebody types": ("try:\n    one = float(input())\nexcept Exception:\n    one = 1.0\n{one}", True),
    "a constant out of a file": ("one = float(open('one').read())\n{one}", False),
    "settings in a class": (
        "from dataclasses import dataclass\n\n\n@dataclass\nclass Mine:\n    one: float = 1.0\n\n\n{Mine().one}",
        True,
    ),
    "a name deleted": ("one = 1.0\ndel one\n{one}", False),
    "a cell that sets everything": ("def set_up():\n    global one\n    one = 1.0\n\n\nset_up()\n{one}", True),
    # imports
    "a package that nobody needs": ("import seaborn as sns\n\nsns.set_theme()\n{}", True),
    "a package that the step needs": ("import einops\n{einops.one}", False),
    "a package that the step imports": ("{__import__('einops').one}", False),
    "one of three packages": ("import math, einops, random\n{math.cos(0.0)}", True),
    "a package in place of another": (
        "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\n{np.cos(0.0)}",
        True,
    ),
    "all of a package": ("from math import *\n{cos(0.0)}", True),
    "all of a module that is not there": ("from my_utils import *\n{one()}", False),
    "annotations of the future": ("from __future__ import annotations\n\n\ndef unused(x: Missing): ...\n{}", True),
    # around the class
    "in an if": ("if __name__ == '__main__':\n    {}", True),
    "in an else": ("if torch.cuda.is_available():\n    pass\nelse:\n    import seaborn\n    {}", True),
    "in a try": ("try:\n    {}\nexcept NameError:\n    pass", True),
    "in a with": ("with torch.no_grad():\n    {}", True),
    "in a try that ends above it": (
        "try:\n    import seaborn\n    {}\nexcept ImportError as error:\n    print(error)",
        True,
    ),
    "in a with that ends above it": ("with open('log') as log:\n    one = 1.0\n    {one}", True),
    "in a loop that ends above it": ("for card in range(2):\n    torch.cuda.get_device_name(card)\n    {}", True),
    "in a try, with another at hand": (
        "try:\n    import seaborn\n    {}\nexcept ImportError:\n    {-1}",
        False,
    ),
    "in a loop": ("for one in (2.0, 1.0):\n    {one}", True),
    "in a function that is called": ("def make():\n    {}\n    return SGD\n\n\nSGD = make()", True),
    "in a function that is not called": ("def make():\n    {}\n    return SGD", False),
    "in a text": ("exec('''\n{}\n''')", True),
    "under another name": ("{}\nMine = SGD\ndel SGD\nglobals()['SGD'] = Mine", True),
    "under another name only": ("{}\nMine = SGD\ndel SGD", False),
    "a method put in afterwards": ("{}\nstep = SGD.step\ndel SGD.step\nSGD.step = step", True),
    "a method put in with setattr": ("{}\nstep = SGD.step\ndel SGD.step\nsetattr(SGD, 'step', step)", True),
    "its subclass": ("{}\n\n\nclass SGD(SGD):\n    pass", True),
    "its wrong subclass": ("{}\n\n\nclass SGD(SGD):\n    def step(self):\n        pass", False),
    "compiled by what is not there": ("{}\nSGD = torch.compiled(SGD)", True),
    "a decorator of one's own": ("def same(made):\n    return made\n\n\n@same\n{}", True),
    "a decorator that is not there": ("@profile\n{}", False),
    "below something awaited": ("import asyncio\n\nawait asyncio.sleep(0)\n{}", True),
    "above an end and a wrong one": ("{}\nimport sys\n\nsys.exit()\n{-1}", True),
    "above a wrong one": ("{}\n{-1}", False),
    "above a trial that fails": ("{}\nassert SGD([torch.zeros(1)]).step() == 1", True),
    "no Python": ("{}\nthis is no Python", False),
    # what a notebook sets
    "seeds": ("torch.manual_seed(0)\n{1 + 0 * torch.rand(1).item()}", True),
    "double precision": ("torch.set_default_dtype(torch.float64)\n{}", True),
    "a factor": ("{2}", False),
}
