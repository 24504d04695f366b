"""Crashes about the class: its constructor, its base class, its methods and their names."""

from __future__ import annotations

from coursekit.judging.behaviours import Finding
from coursekit.judging.trajectories import Failure
from coursekit.optimizers.crashes.crash import Crash, Fields, called
from coursekit.optimizers.references import SIGNATURES
from coursekit.optimizers.scenarios import OptimizerScenario, SchedulerScenario

_HYPERPARAMETERS = {"lr", "eps", "betas", *(name for names in SIGNATURES.values() for name in names)}
_SUPER = "Call `super().__init__(params, defaults)`, where `defaults` is a dictionary, as in `dict(lr=learning_rate)`."


def _method(finding: Finding, failure: Failure, _: Fields) -> Fields | None:
    """Tell which method was called from outside."""
    scenario = finding.scenario
    if isinstance(scenario, OptimizerScenario) and failure.row:
        return {"name": "step"}
    if isinstance(scenario, SchedulerScenario) and 0 < failure.row <= len(scenario.calls):
        return {
            "name": scenario.calls[failure.row - 1][0]
            .partition("_")[0]
            .replace("get", "get_lr")
            .replace("set", "set_lr")
        }
    return None


def _hidden_method(_: Finding, failure: Failure, __: Fields) -> Fields | None:
    name = called(failure.line)
    return {"name": name.removeprefix("self.")} if name.startswith("self.") and name.count(".") == 1 else None


def _hyperparameter(_: Finding, __: Failure, fields: Fields) -> Fields | None:
    return {} if fields["name"] in _HYPERPARAMETERS else None


def _of_a_scheduler(finding: Finding, _: Failure, __: Fields) -> Fields | None:
    return {} if isinstance(finding.scenario, SchedulerScenario) else None


CRASHES = (
    # the constructor and the base class
    Crash(
        kind="AttributeError",
        message=r"'(float|int)' object has no attribute 'get'",
        outside=True,
        look=lambda finding, _, __: {} if isinstance(finding.scenario, OptimizerScenario) else None,
        cause="The class has no constructor `__init__` of its own: it was the one of `torch.optim.Optimizer` that ran.",
        fix="Python calls the constructor `__init__`, with two underscores on each side. Look at the name.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(list|generator)' object has no attribute '(named_)?parameters'",
        line=r"(?P<name>\w+)\.(named_)?parameters\(",
        look=lambda finding, _, __: {} if isinstance(finding.scenario, OptimizerScenario) else None,
        cause="`{name}` is no model here: an optimizer is given the parameters.",
        fix=f"Hand them over as they are. {_SUPER}",
    ),
    Crash(
        kind="AttributeError",
        message=r"'set' object has no attribute 'get'",
        line=r"super\(.*__init__\(",
        cause="The second argument of `super().__init__` is a set. It must be a dictionary.",
        fix='A comma makes a set, a colon a dictionary: `{{"lr": learning_rate}}`.',
    ),
    Crash(
        kind="TypeError",
        message=r"Can't instantiate abstract class (?P<owner>\w+)",
        outside=True,
        cause="`@abstractmethod` above a method lets Python make no object of the class, and here one is made.",
        fix="Take the decorator away. In the base class `step` stays as it is: its one line raises the exception.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<owner>\w+)' object has no attribute 'param_groups'",
        outside=True,
        cause=(
            "The optimizer has no `param_groups`. The constructor of `torch.optim.Optimizer` makes them, and it was not"
            " called."
        ),
        fix=f"Derive the class from `torch.optim.Optimizer`. {_SUPER}",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<owner>\w+)' object has no attribute '(?P<name>param_groups|state|defaults)'",
        line=r"\bself\b",
        cause=(
            "`self.{name}` does not exist yet: the constructor of `torch.optim.Optimizer` makes it, and it has not run."
        ),
        fix="Call `super().__init__(params, defaults)` first in `__init__`.",
    ),
    Crash(
        kind="TypeError",
        message=r"object\.__init__\(\) takes exactly one argument",
        line=r"super\(",
        cause="The class has no base class that takes these arguments.",
        fix="Derive it from the base class of the exercise, as in `class SGD(torch.optim.Optimizer):`.",
    ),
    Crash(
        kind="TypeError",
        message=r"Optimizer\.__init__\(\) missing",
        line=r"super\(",
        cause="The constructor of `torch.optim.Optimizer` needs two arguments: the parameters and the defaults.",
        fix=_SUPER,
    ),
    Crash(
        kind="TypeError",
        message=r"(?P<owner>\w+)\.__init__\(\) missing \d+ required positional arguments?: '(?P<name>\w+)'",
        line=r"super\(",
        cause="The constructor of the base class `{owner}` needs `{name}`, too.",
        fix="Hand it over: `super().__init__(optimizer, initial_lr)`.",
    ),
    Crash(
        kind="TypeError",
        message=r"Optimizer\.__init__\(\) got an unexpected keyword argument '(?P<name>\w+)'",
        line=r"super\(",
        cause="`super().__init__` takes no argument `{name}`: the hyperparameters go together into one dictionary.",
        fix=_SUPER,
    ),
    Crash(
        kind="TypeError",
        message=r"Optimizer\.__init__\(\) takes 3 positional arguments but 4 were given|'\w+' object is not iterable",
        line=r"super\(.*__init__\(\s*self\b",
        cause="`self` is handed over twice: `super()` hands it over by itself.",
        fix="Write `super().__init__(params, defaults)` without `self`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<theirs>float|int)' object has no attribute",
        line=r"super\(.*__init__\(",
        cause="The second argument of `super().__init__` is a number. It must be a dictionary.",
        fix=_SUPER,
    ),
    Crash(
        kind="TypeError",
        message=r"'(?P<owner>\w+)' object is not iterable",
        line=r"super\(.*__init__\(",
        look=lambda _, failure, fields: {} if failure.function == f"{fields['owner']}.__init__" else None,
        cause="The first argument of `__init__` is the object itself, here under the name of the parameters.",
        fix="Write `self` first in the signature: `def __init__(self, params, ...)`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<owner>\w+)' object has no attribute 'optimizer'",
        look=_of_a_scheduler,
        cause="`self.optimizer` was never set: what should set it has not run, or uses another name.",
        fix=(
            "In the base class write `self.optimizer = optimizer`. In a class derived from it, call"
            " `super().__init__(optimizer, initial_lr)` first."
        ),
    ),
    # methods and their names
    Crash(
        kind="NotImplementedError",
        message=r"$",
        outside=True,
        cause="The class has no method `step` of its own: it was the one of `torch.optim.Optimizer` that ran.",
        fix="Look at the name and the indentation: `def step(self):` must stand as far in as `def __init__`.",
        look=lambda finding, _, __: {} if isinstance(finding.scenario, OptimizerScenario) else None,
    ),
    Crash(
        kind="TypeError",
        message=r"(?P<name>[\w.]+)\(\) takes 0 positional arguments but (1 was|\d+ were) given",
        cause="`{name}` is a method without `self`: Python hands the object over as the first argument.",
        fix="Write `self` first in its signature.",
    ),
    Crash(
        kind="TypeError",
        message=r"(?P<name>[\w.]+)\(\) takes 1 positional argument but 2 were given",
        line=r"^(?!.*optimizer_class)",
        look=lambda _, __, fields: {} if "." in fields["name"] else None,
        cause="`{name}` was called with one argument, and its signature has room for one in all.",
        fix="Its signature needs `self` first, and then the argument.",
    ),
    Crash(
        kind="TypeError",
        message=r"'(?P<theirs>[\w.]+)' object is not callable",
        outside=True,
        look=_method,
        cause="`{name}` is no method any more: it holds a value of type `{theirs}`.",
        fix="A line `self.{name} = ...` has hidden the method: give that value another name.",
    ),
    Crash(
        kind="TypeError",
        message=r"'(?P<theirs>[\w.]+)' object is not callable",
        line=r"self\.\w+\(",
        look=_hidden_method,
        cause="`self.{name}` is no method here: it holds a value of type `{theirs}`.",
        fix="A line `self.{name} = ...` has hidden the method: give that value another name.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<owner>\w+)' object has no attribute '(?P<name>params|parameters)'",
        line=r"\bself\.(params|parameters)\b",
        cause="`self.{name}` was never set. The parameters of an optimizer lie in its groups.",
        fix='Loop twice: `for group in self.param_groups:` and in it `for p in group["params"]:`.',
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<owner>SGD|RMSProp|Adagrad|Adam|AdamW)' object has no attribute '(?P<name>\w+)'",
        line=r"\bself\.",
        look=_hyperparameter,
        cause="`self.{name}` was never set.",
        fix='Read a hyperparameter from its group, as in `group["lr"]`: a group may have its own.',
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<owner>SGD|RMSProp|Adagrad|Adam|AdamW|LRScheduler|LRSchedulerOnPlateau|WarmUp\w*|CosineDecay)'"
        r" object has no attribute '(?P<name>\w+)'",
        line=r"\bself\.",
        cause="`self.{name}` was never set before this line.",
        fix="Set it in `__init__`, under exactly this name.",
    ),
    Crash(
        kind="TypeError",
        message=r"exceptions must derive from BaseException|'NotImplementedType' object is not callable",
        line=r"raise NotImplemented\b(?!E)",
        cause="`NotImplemented` is no exception, so it cannot be raised.",
        fix="The exception is called `NotImplementedError`. Where your code is complete, delete the line.",
    ),
    Crash(
        kind="TypeError",
        message=r"exceptions must derive from BaseException",
        line=r"raise ",
        cause="What stands after `raise` is no exception.",
        fix='Write the exception and its text, as in `raise ValueError("...")`.',
    ),
    Crash(
        kind="Unreadable",
        message=r"nothing; one float",
        outside=True,
        cause="`get_lr` returned nothing.",
        fix="End it with `return` and the rate.",
    ),
    Crash(
        kind="Unreadable",
        message=r"a value of type `(?P<theirs>\w+)`; one float",
        outside=True,
        cause="`get_lr` returned a value of type `{theirs}`, and must return one float.",
        fix="Return the rate of the first group, as a float.",
    ),
)
