"""Crashes about tensors and their gradients."""

from __future__ import annotations

from difflib import get_close_matches

import torch

from coursekit.judging.behaviours import Finding
from coursekit.judging.trajectories import Failure
from coursekit.optimizers.crashes.crash import Crash, Fields
from coursekit.optimizers.scenarios import SchedulerScenario


def _of_a_scheduler(finding: Finding, _: Failure, __: Fields) -> Fields | None:
    return {} if isinstance(finding.scenario, SchedulerScenario) else None


def _nearly(_: Finding, __: Failure, fields: Fields) -> Fields | None:
    """Find what a tensor has under a similar name."""
    names = [name for name in dir(torch.Tensor) if name[:1] != "_"]
    meant = "grad" if fields["name"].startswith("g") else fields["name"]  # which is what is asked for most
    near = get_close_matches(fields["name"], [meant], cutoff=0.6) or get_close_matches(
        fields["name"], names, cutoff=0.8
    )
    return {"near": near[0]} if near else None


CRASHES = (
    # recorded operations
    Crash(
        kind="RuntimeError",
        message=r"a (view of a )?leaf Variable that requires grad",
        cause="This line changes a parameter in place while torch records what is done with it.",
        fix="Put the body of `{function}` into `with torch.no_grad():`, or `@torch.no_grad()` above its `def`.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"element 0 of tensors does not require grad",
        cause=(
            "There is no way back from this value to a tensor that requires a gradient. Often `.detach()` or `.item()`"
            " came too early, or the start does not require a gradient."
        ),
        fix="Make the parameter with `.detach().clone().requires_grad_()`, and give this very tensor to the function.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"Trying to backward through the graph a second time",
        cause="`backward` is called twice for the same value.",
        fix="Compute the value again in every step, inside the loop.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"grad can be implicitly created only for scalar outputs",
        cause="`backward` is called on a tensor with more than one element, and needs a single number.",
        fix="Make one number of it first, as a loss does.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"one of the variables needed for gradient computation has been modified",
        cause="Something that `backward` still needs was changed in place.",
        fix="Call `backward` before the step, on a value of this step.",
    ),
    Crash(
        kind="ValueError",
        message=r"can't optimize a non-leaf Tensor",
        line=r"optimizer_class\(\[",
        cause="The tensor that the optimizer gets is the result of an operation, and cannot keep a gradient.",
        fix="Make it in this order: `.detach().clone().requires_grad_()`.",
    ),
    Crash(
        kind="TypeError|ValueError",
        message=r"iteration over a 0-d tensor|can't optimize a non-leaf Tensor|params argument given to the optimizer",
        line=r"optimizer_class\(\w+\s*[,)]",
        cause="The optimizer gets a tensor where it needs a list of parameters.",
        fix="Put it into brackets, as in `optimizer_class([x], ...)`.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"Can't call numpy\(\) on Tensor that requires grad",
        look=_of_a_scheduler,
        cause="The metric may be a loss, which requires a gradient, and such a tensor is not for numpy.",
        fix="Write `float(metric)`: it takes a number and a tensor of one element.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"Can't call numpy\(\) on Tensor that requires grad",
        cause="A tensor that requires a gradient cannot become a numpy array.",
        fix="Stay with torch: `x.detach().clone()` is a copy without gradient.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"[Oo]nly Tensors of floating point",
        cause="A tensor of whole numbers cannot require a gradient.",
        fix="Write the number with a point, as in `torch.tensor(1.0, requires_grad=True)`.",
    ),
    # numbers and tensors
    Crash(
        kind="TypeError",
        message=r"(?P<name>sqrt|exp|pow|abs|log|tanh)\(\): argument .* must be Tensor, not (float|int)",
        line=r"torch\.",
        cause="`torch.{name}` takes a tensor, and here it gets a number.",
        fix="For a number write `math.{name}(...)`, with `import math`; a root is also `** 0.5`.",
    ),
    Crash(
        kind="TypeError",
        message=r"(?P<name>\w+)\(\): argument '(?P<argument>\w+)' \(position \d+\) must be Tensor, not (?P<theirs>\w+)",
        cause="`{name}` needs a tensor here, and gets a value of type `{theirs}`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<theirs>float|int)' object has no attribute '(?P<name>sqrt|exp|pow|abs|square|tanh)'",
        cause="This is a number, not a tensor, and a number has no method `{name}`.",
        fix="Use `math.{name}(...)`, with `import math`; a root is also `** 0.5`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<theirs>float|int)' object has no attribute '(?P<name>item|detach|numpy|cpu)'",
        look=_of_a_scheduler,
        cause="The metric may be a plain number, and a number has no `{name}`.",
        fix="Write `float(metric)`: it takes a number and a tensor of one element.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<theirs>float|int)' object has no attribute 'backward'",
        cause="`.item()` and `float(...)` make a plain number, and from a number there is no way back to the gradient.",
        fix="Call `.backward()` on the tensor itself.",
    ),
    Crash(
        kind="ValueError|RuntimeError",
        message=r"only one element tensors can be converted|a Tensor with \d+ elements cannot be converted to Scalar",
        line=r"\b(math\.|\.item\(|float\(|int\()",
        cause="This line makes one number of a tensor that has several elements.",
        fix="Calculate with the tensor as a whole, as in `v.sqrt()`; a copy of it is `x.detach().clone()`.",
    ),
    Crash(
        kind="ValueError|RuntimeError",
        message=r"only one element tensors can be converted",
        line=r"torch\.tensor\(",
        cause="`torch.tensor` makes a tensor of numbers, and here it gets tensors with several elements.",
        fix="`torch.stack` makes one tensor of a list of tensors.",
    ),
    Crash(
        kind="RuntimeError",
        message=r".*(dot|mm|mv|matmul|1D tensors|at least 1D)",
        line=r"\w\s*@\s*\w|matmul\(|\.mm\(|torch\.dot\(",
        cause="`@` is the product of matrices, and these tensors are none.",
        fix="The product of two numbers, or of a number and a tensor, is `*`.",
    ),
    Crash(
        kind="TypeError",
        message=r"expected Tensor as element \d+ in argument 0, but got (?P<theirs>\w+)",
        line=r"stack|cat",
        cause="`torch.stack` takes a list of tensors, and the list holds a value of type `{theirs}`.",
        fix="Keep tensors: `x.detach().clone()` is a copy of one.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"stack expects a non-empty TensorList",
        cause="The list that is stacked is empty: not even the start was kept.",
        fix="Keep the start before the first step.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"Boolean value of Tensor with more than one value is ambiguous",
        cause="A condition is asked of a tensor with several elements: it may hold for some and not for others.",
        fix="Calculate without `if`; to ask for a missing gradient write `p.grad is None`.",
    ),
    Crash(
        kind="TypeError",
        message=r"'(Tensor|Parameter)' object is not callable",
        line=r"\.grad\(",
        cause="`p.grad` is a tensor, not a method.",
        fix="Leave the round brackets out.",
    ),
    Crash(
        kind="TypeError",
        message=r"'torch\.Size' object is not callable",
        line=r"\.shape\(",
        cause="`.shape` is a value, not a method.",
        fix="Leave the round brackets out.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(Tensor|Parameter)' object has no attribute '(?P<name>\w+)'",
        look=_nearly,
        cause="A tensor has no `{name}`.",
        fix="Look at the spelling: it has `{near}`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(Tensor|Parameter)' object has no attribute '(?P<name>\w+)'",
        cause="A tensor has no `{name}`.",
    ),
    Crash(
        kind="NotImplementedError|TypeError",
        message=r"\"bitwise_xor|unsupported operand type\(s\) for \^",
        line=r"\^",
        cause="`^` is no power in Python.",
        fix="A square is `g ** 2`.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"output with shape .* doesn't match the broadcast shape",
        cause="The result of this line has more elements than the tensor that it is to be written into.",
        fix="Look at the shape of each part: all must be that of the parameter.",
    ),
    Crash(
        kind="RuntimeError",
        message=r"The size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\)",
        cause="Two tensors in this line have different sizes, {a} and {b}.",
        fix="Look at the shape of each: it must be that of the parameter.",
    ),
    Crash(
        kind="TypeError",
        message=r"Got unsupported ScalarType BFloat16",
        line=r"\b(np|numpy)\b",
        cause="numpy does not know all kinds of numbers that a parameter may have.",
        fix="Stay with torch, as in `v.sqrt()`.",
    ),
    Crash(
        kind="TypeError",
        message=r"expected np\.ndarray \(got numpy",
        cause="A parameter may be a single number, and of that numpy makes a number of its own kind, not an array.",
        fix="Stay with torch, as in `v.sqrt()`.",
    ),
)
