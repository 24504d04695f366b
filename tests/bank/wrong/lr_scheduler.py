"""Mistakes in `LRScheduler`."""

from tests.bank.wrong.plain import Mistake, costs

_WRITE_INITIAL = "self.set_lr(initial_lr)"
_READ = 'return self.optimizer.param_groups[0]["lr"]'
_WRITE = 'for group in self.optimizer.param_groups:\n            group["lr"] = lr'
_RAISE = 'raise NotImplementedError("a subclass says what a step does")'


def _mistake(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "LRScheduler", name, *edits, known=known)


_CONSTRUCTOR = (
    _mistake(
        "initial_rate",
        "the initial rate is kept, not written",
        (_WRITE_INITIAL, "self.initial_lr = initial_lr"),
        known="initial_rate_not_written",
    ),
    _mistake(
        "initial_rate",
        "the initial rate is written into the first group only",
        (_WRITE_INITIAL, 'optimizer.param_groups[0]["lr"] = initial_lr'),
    ),
    _mistake(
        "initial_rate",
        "the initial rate scales the rates that are there",
        (_WRITE_INITIAL, 'for group in optimizer.param_groups:\n            group["lr"] *= initial_lr'),
    ),
)

_GET_LR = (
    _mistake(
        "get_lr",
        "the initial rate is read",
        (_WRITE_INITIAL, _WRITE_INITIAL + "\n        self.initial_lr = initial_lr"),
        (_READ, "return self.initial_lr"),
        known="initial_rate_returned",
    ),
    _mistake(
        "get_lr",
        "the rate that was set last is read",
        (_READ, "return self.lr"),
        (_WRITE, "self.lr = lr\n        " + _WRITE),
        known="remembered_rate_returned",
    ),
    _mistake("get_lr", "the rate of the optimizer's defaults is read", (_READ, 'return self.optimizer.defaults["lr"]')),
    _mistake("get_lr", "an attribute that no optimizer has", (_READ, "return self.optimizer.lr")),
    _mistake("get_lr", "the groups are taken for one", (_READ, 'return self.optimizer.param_groups["lr"]')),
    _mistake(
        "get_lr",
        "a list of the rates",
        (_READ, 'return [group["lr"] for group in self.optimizer.param_groups]'),
    ),
    _mistake("get_lr", "the whole group", (_READ, "return self.optimizer.param_groups[0]")),
    _mistake("get_lr", "a string", (_READ, 'return str(self.optimizer.param_groups[0]["lr"])')),
    _mistake(
        "get_lr",
        "a tensor",
        ("class LRScheduler", "import torch\n\nclass LRScheduler"),
        (_READ, 'return torch.tensor(self.optimizer.param_groups[0]["lr"])'),
    ),
    _mistake("get_lr", "printed, not returned", (_READ, 'print(self.optimizer.param_groups[0]["lr"])')),
    _mistake("get_lr", "rounded", (_READ, 'return round(self.optimizer.param_groups[0]["lr"], 2)')),
    _mistake("get_lr", "a property", ("def get_lr", "@property\n    def get_lr")),
)

_SET_LR = (
    _mistake(
        "initial_rate set_lr",
        "the first group only",
        ("in self.optimizer.param_groups", "in self.optimizer.param_groups[:1]"),
        known="first_group_only",
    ),
    _mistake(
        "initial_rate set_lr",
        "the last group only, after the loop",
        (_WRITE, 'for group in self.optimizer.param_groups:\n            last = group\n        last["lr"] = lr'),
    ),
    _mistake("initial_rate set_lr", "the new rate is multiplied in", ('group["lr"] = lr', 'group["lr"] *= lr')),
    _mistake("initial_rate set_lr", "the new rate is added", ('group["lr"] = lr', 'group["lr"] += lr')),
    _mistake(
        "initial_rate set_lr", "the rate stands under another key", ('group["lr"] = lr', 'group["learning_rate"] = lr')
    ),
    _mistake(
        "initial_rate get_lr set_lr",
        "the rate is kept and read, not written",
        (_READ, "return self.lr"),
        (_WRITE, "self.lr = lr"),
        known="rate_kept_to_itself",
    ),
    _mistake(
        "set_lr",
        "the initial rate is written again",
        (_WRITE_INITIAL, "self.initial_lr = initial_lr\n        " + _WRITE_INITIAL),
        ('group["lr"] = lr', 'group["lr"] = self.initial_lr'),
    ),
    _mistake(
        "initial_rate get_lr set_lr step",
        "the rate is written into the list of groups",
        (_WRITE, 'self.optimizer.param_groups["lr"] = lr'),
    ),
)

_STEP = (
    _mistake("step", "step does nothing", (_RAISE, "pass")),
    _mistake("step", "step returns the rate", (_RAISE, "return self.get_lr()")),
    _mistake("step", "another exception", (_RAISE, 'raise ValueError("a subclass says what a step does")')),
    _mistake("step", "the exception is returned", ("raise NotImplementedError", "return NotImplementedError")),
    _mistake("step", "NotImplemented is no exception", (_RAISE, "raise NotImplemented")),
    _mistake("step", "step takes no metric", ("self, metric=None", "self")),
    _mistake("step", "step needs a metric", ("metric=None", "metric")),
)

MISTAKES = (*_CONSTRUCTOR, *_GET_LR, *_SET_LR, *_STEP)
