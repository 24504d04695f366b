"""Crashes about parameters, groups and what is kept for each parameter."""

from __future__ import annotations

import re

from coursekit.judging.behaviours import Finding
from coursekit.judging.trajectories import Failure
from coursekit.optimizers.crashes.crash import Crash, Fields
from coursekit.optimizers.scenarios import OptimizerScenario
from coursekit.optimizers.stability import ClippingScenario


def _gradient_missing(finding: Finding, failure: Failure, _: Fields) -> Fields | None:
    """Tell whether a parameter had no gradient in the very step that failed."""
    scenario, step = finding.scenario, failure.row - 1
    if not isinstance(scenario, OptimizerScenario) or not 0 <= step < len(scenario.gradients):
        return None
    missing = [number + 1 for number, gradient in enumerate(scenario.gradients[step]) if gradient is None]
    return {"number": str(missing[0]), "step": str(step + 1)} if missing else None


def _not_clipped(finding: Finding, failure: Failure, _: Fields) -> Fields | None:
    """Tell whether a parameter whose gradients are clipped had none in the very call that failed."""
    scenario, call = finding.scenario, failure.row
    if not isinstance(scenario, ClippingScenario) or not call < len(scenario.calls):
        return None
    missing = [number + 1 for number, gradient in enumerate(scenario.calls[call]) if gradient is None]
    return {"number": str(missing[0])} if missing else None


def _two_parameters(finding: Finding, _: Failure, fields: Fields) -> Fields | None:
    """Tell whether the two sizes that do not fit are those of two parameters."""
    scenario = finding.scenario
    if not isinstance(scenario, OptimizerScenario) or len(scenario.start) < 2:
        return None
    sizes = [value.shape for value in scenario.start]
    one, other = ([number for number, shape in enumerate(sizes) if int(fields[key]) in shape] for key in ("a", "b"))
    return {} if one and other and one != other else None


def _generator(finding: Finding, _: Failure, __: Fields) -> Fields | None:
    scenario = finding.scenario
    return {} if isinstance(scenario, OptimizerScenario) and scenario.generator else None


def _indexed(_: Finding, failure: Failure, fields: Fields) -> Fields | None:
    """Find the dictionary that is asked for a key in a line; it must be one."""
    owners = set(re.findall(rf"([\w.]+(?:\[[^\]]*\])?)\[['\"]{re.escape(fields['name'])}['\"]\]", failure.line))
    return {"owner": owners.pop()} if len(owners) == 1 else None


def _group(finding: Finding, failure: Failure, fields: Fields) -> Fields | None:
    seen = _indexed(finding, failure, fields)
    return seen if seen and "group" in seen["owner"] else None


_TWICE = "`optimizer.state` has parameters as keys and dictionaries as values: go through `.values()` twice."
_LOOP = 'Loop twice: `for group in self.param_groups:` and in it `for p in group["params"]:`.'

CRASHES = (
    # a gradient that is None
    Crash(
        kind="TypeError|AttributeError|RuntimeError",
        message=r".*NoneType",
        look=_gradient_missing,
        cause="Parameter {number} has no gradient in step {step}: its `p.grad` is `None`, and this line uses it.",
        fix="Begin the inner loop with `if p.grad is None: continue`: such a parameter is left alone.",
    ),
    Crash(
        kind="TypeError|AttributeError|RuntimeError",
        message=r".*NoneType",
        look=_not_clipped,
        cause="`p.grad` of parameter {number} is `None`, and this line uses it.",
        fix="This parameter has no gradient: pass it over.",
    ),
    # what an optimizer keeps
    Crash(
        kind="AttributeError",
        message=r"'dict' object has no attribute '(numel|element_size)'",
        cause="What should be a tensor is a dictionary here: the loop stops one level too early.",
        fix=_TWICE,
    ),
    Crash(
        kind="AttributeError",
        message=r"'str' object has no attribute '(numel|element_size)'",
        cause="What should be a tensor is a text here: a loop over a dictionary gives its keys.",
        fix=_TWICE,
    ),
    Crash(
        kind="RuntimeError",
        message=r"values expected sparse tensor layout",
        cause="What should be a dictionary is a parameter here: a loop over `optimizer.state` gives its keys.",
        fix=_TWICE,
    ),
    # groups
    Crash(
        kind="KeyError",
        message=r"'(?P<name>lr)'",
        look=_group,
        cause="The group has no entry `lr`. Its entries are those of the dictionary given to `super().__init__`.",
        fix="Put the learning rate there under this key: `dict(lr=learning_rate, ...)`.",
    ),
    Crash(
        kind="KeyError",
        message=r"'(?P<name>learning_rate)'",
        look=_group,
        cause="The group has no entry `learning_rate`.",
        fix='In a group the learning rate stands under `lr`: `dict(lr=learning_rate, ...)`, and then `group["lr"]`.',
    ),
    Crash(
        kind="KeyError",
        message=r"'(?P<name>\w+)'",
        look=_group,
        cause="The group has no entry `{name}`. Its entries are those of the dictionary given to `super().__init__`.",
        fix="Look at that dictionary: add the entry, or use the name that stands there.",
    ),
    Crash(
        kind="KeyError",
        message=r"'(?P<name>\w+)'",
        look=_indexed,
        cause="The dictionary `{owner}` has no entry `{name}` yet.",
        fix='Set it the first time a parameter is met: `if "{name}" not in {owner}:`.',
    ),
    Crash(
        kind="KeyError",
        message=r"Parameter containing|tensor\(",
        line=r"\bself\.state\[",
        cause="`self.state` has no entry for this parameter, so it is not the one of `torch.optim.Optimizer`.",
        fix="Delete the line that sets `self.state`: `super().__init__` makes it, and it is empty for a new parameter.",
    ),
    Crash(
        kind="TypeError",
        message=r"only integer tensors of a single element can be converted to an index",
        line=r"\[p(aram\w*)?\]",
        cause="A list is asked for the entry of a parameter, and a list counts its entries by numbers.",
        fix="Use `self.state[p]`: `super().__init__` makes it, with a dictionary for each parameter.",
    ),
    Crash(
        kind="TypeError",
        message=r"list indices must be integers or slices, not str",
        line=r"param_groups\[\s*['\"](?P<name>\w+)",
        cause="`param_groups` is a list of groups, and a list has no entry `{name}`: each group has one.",
        fix='Loop over it, `for group in ...param_groups:`, and use `group["{name}"]`.',
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<owner>\w+)' object has no attribute '(?P<name>lr|learning_rate|rate)'",
        line=r"\boptimizer\.\w",
        cause="An optimizer has no attribute `{name}`: each of its groups holds a rate.",
        fix='The rate of a group is `group["lr"]`, with `for group in optimizer.param_groups:`.',
    ),
    Crash(
        kind="TypeError",
        message=r"'(?P<owner>\w+)' object is not iterable",
        line=r"\bin (self\.)?optimizer\s*[:\]]",
        cause="An optimizer is no list: its groups lie in `optimizer.param_groups`.",
        fix="Loop over those: `for group in optimizer.param_groups:`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'str' object has no attribute '(grad|data|shape|ndim|requires_grad)'",
        cause="What should be a parameter is a text here: a loop over a group gives its keys.",
        fix=_LOOP,
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<theirs>dict|list)' object has no attribute '(grad|data|shape|ndim|requires_grad)'",
        cause="What should be a parameter is a `{theirs}` here: the loop stops one level too early.",
        fix=_LOOP,
    ),
    Crash(
        kind="TypeError",
        message=r"string indices must be integers",
        line=r"\[['\"]\w+['\"]\]",
        cause="What should be a group is a text here: a loop over one group gives its keys.",
        fix=_LOOP,
    ),
    Crash(
        kind="AttributeError",
        message=r"'dict' object has no attribute '(?P<name>\w+)'",
        cause="A group or a state is a dictionary: its entries are read with brackets.",
        fix='Write `["{name}"]` in place of `.{name}`.',
    ),
    # what the constructor is given
    Crash(
        kind="ValueError",
        message=r"optimizer got an empty parameter list",
        look=_generator,
        cause="`params` is a generator, as from `model.parameters()`: it gives its elements once, and was used up.",
        fix="Call `super().__init__` before all else; what belongs to a parameter goes into `self.state[p]`.",
    ),
    Crash(
        kind="TypeError",
        message=r".*must be Tensor, not dict",
        line=r"\bparams\b",
        cause="`params` holds dictionaries here, one for each group, and not tensors.",
        fix="Make what a parameter needs in `step`, in `self.state[p]`, when you first meet it.",
    ),
    Crash(
        kind="TypeError",
        message=r"object of type 'generator' has no len|'generator' object is not subscriptable",
        line=r"\bparams\b",
        cause="`params` is a generator here, as from `model.parameters()`: it has no length and no entries by number.",
        fix="Make what a parameter needs in `step`, in `self.state[p]`, when you first meet it.",
    ),
    Crash(
        kind="IndexError",
        message=r"list index out of range",
        look=_generator,
        cause="The list has too few entries: `params` is a generator here, and was used up when the list was made.",
        fix="Make what a parameter needs in `step`, in `self.state[p]`, when you first meet it.",
    ),
    # one state for all
    Crash(
        kind="RuntimeError",
        message=r"The size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\)",
        look=_two_parameters,
        cause="Sizes {a} and {b} are those of two parameters: what was kept for one of them meets the other.",
        fix="Keep it for each parameter by itself, in `self.state[p]`.",
    ),
)
