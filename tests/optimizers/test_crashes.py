"""The crashes of the first hour: each names the cause in words, with the line and the fix, in both languages."""

import re
from functools import cache

import pytest

from coursekit.judging.behaviours import Finding
from coursekit.judging.explanations import help_with
from coursekit.judging.trajectories import Failure
from coursekit.optimizers.crashes import CRASHES, explain_crash
from coursekit.optimizers.scenarios import OptimizerScenario, SchedulerScenario
from coursekit.student.checks import judge
from tests.bank.wrong import RIGHT
from tests.solutions import defined

NAMED = "dict(model.named_parameters())"
SUPER = "super().__init__(params, dict(lr=learning_rate))"
KEPT = "super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))"
MAKES = "    def step(self):"
LOOP = 'for p in group["params"]'
BY_NUMBER = ('m = state["m"] = group["beta1"] * state["m"]', 'm = self.m[i] = group["beta1"] * self.m[i]')
NUMBERED = (LOOP, 'for i, p in enumerate(group["params"])'), BY_NUMBER
RATE, LEAF = 'self.optimizer.param_groups[0]["lr"]', "torch.nn.Parameter(start.clone())"
BEST = 'self.best = float("inf") if mode == "min" else -float("inf")'

# what is written, its name, edits of a right answer, and a part of the cause that is named
PROGRAMS = (
    # the training loop
    ("train", "no parameters returned", [(f", {NAMED}", "")], "no dictionary of the parameters"),
    ("train", "parameters first", [(f"losses, {NAMED}", f"{NAMED}, losses")], "where the losses should be"),
    ("train", "weight by hand", [(NAMED, '{"weight": model.weight}')], "Not every model has a `weight`"),
    (
        "train",
        "names of its own",
        [(NAMED, '{f"my {name}": value for name, value in model.named_parameters()}')],
        "has no entry `0.weight`",
    ),
    ("train", "a model for its prediction", [("model(x)", "model")], "A model stands where its prediction should"),
    ("train", "model and input to the criterion", [("model(x), y", "model, x, y")], "A criterion takes two things"),
    ("train", "no target for the criterion", [("model(x), y", "model(x)")], "A criterion takes two things"),
    # a parameter that is changed while torch records
    ("SGD", "in place without no_grad", [("with torch.no_grad():", "if True:")], "changes a parameter in place while"),
    (
        "SGD",
        "add_ without no_grad",
        [("with torch.no_grad():", "if True:"), ("p -= lr * g", "p.add_(g, alpha=-lr)")],
        "changes a parameter in place while",
    ),
    (
        "SGD",
        "a module that is not there",
        [("p -= lr * g", "import my_utils; my_utils.move(p, lr * g)")],
        "There is no module `my_utils` here",
    ),
    (
        "SGD",
        "a file that is not there",
        [("p -= lr * g", "p -= float(open('rate.txt').read()) * g")],
        "no file `rate.txt`",
    ),
    (
        "SGD",
        "a model for the parameters",
        [("super().__init__(params", "super().__init__(params.parameters()")],
        "no model",
    ),
    (
        "SGD",
        "in place on a view",
        [("with torch.no_grad():", "if True:"), ("p -= lr * g", "p.view(-1)[0] -= lr * g.view(-1)[0]")],
        "changes a parameter in place while",
    ),
    (
        "SGD",
        "numpy while torch records",
        [("with torch.no_grad():", "if True:"), ("p -= lr * g", "p.numpy()[:] -= lr * g.numpy()")],
        "cannot become a numpy array",
    ),
    (
        "Muon",
        "the dimensions of what the constructor was given",
        [('for each in self.param_groups for p in each["params"]', "for p in params")],
        "What should be a parameter is a `dict` here",
    ),
    # a gradient that is None
    ("SGD", "a gradient that is None", [("if p.grad is None:", "if False:")], "Parameter 2 has no gradient in step 1"),
    (
        "Adam",
        "a gradient that is None, in a long line",
        [("if p.grad is None:", "if False:")],
        "Parameter 2 has no gradient in step 1",
    ),
    (
        "SGD",
        "the data of a gradient that is None",
        [("if p.grad is None:", "if False:"), ("p.grad, self", "p.grad.data, self")],
        "Parameter 2 has no gradient in step 1",
    ),
    # the constructor
    ("SGD", "no super", [(SUPER, "self.learning_rate = learning_rate")], "The optimizer has no `param_groups`"),
    ("SGD", "no base class", [("(torch.optim.Optimizer)", ""), (SUPER, "pass")], "The optimizer has no `param_groups`"),
    ("SGD", "no base class, and super", [("(torch.optim.Optimizer)", "")], "no base class that takes these arguments"),
    (
        "SGD",
        "groups before super",
        [(SUPER, f"self.first = self.param_groups[0]; {SUPER}")],
        "`self.param_groups` does not exist yet",
    ),
    ("SGD", "no defaults", [(SUPER, "super().__init__(params)")], "needs two arguments"),
    ("SGD", "a number for the defaults", [(SUPER, "super().__init__(params, learning_rate)")], "is a number. It must"),
    ("SGD", "lr by name", [(SUPER, "super().__init__(params, lr=learning_rate)")], "takes no argument `lr`"),
    ("SGD", "self given twice", [(SUPER, "super().__init__(self, params, {})")], "`self` is handed over twice"),
    ("SGD", "a constructor without self", [("__init__(self, params", "__init__(params")], "is the object itself"),
    # methods
    ("SGD", "a step without self", [("def step(self)", "def step()")], "is a method without `self`"),
    ("SGD", "a count called step", [(SUPER, f"self.step = 0; {SUPER}")], "`step` is no method any more"),
    ("SGD", "a step that calls itself", [("p -= lr * g", "self.step()")], "`step` calls itself"),
    ("SGD", "NotImplemented", [("p -= lr * g", "raise NotImplemented")], "`NotImplemented` is no exception"),
    (
        "SGD",
        "NotImplemented, called",
        [("p -= lr * g", "raise NotImplemented('step')")],
        "`NotImplemented` is no exception",
    ),
    (
        "SGD",
        "a leftover of the stub",
        [("p -= lr * g", "p -= lr * g\n        raise NotImplementedError()")],
        "A line of the stub is still in `SGD.step`",
    ),
    (
        "SGD",
        "a step under another name",
        [("def step(self):", "def stepp(self):")],
        "no method `step` of its",
    ),
    # groups and states
    ("SGD", "the groups without self", [("self.param_groups", "param_groups")], "is found as `self.param_groups` only"),
    ("SGD", "a key of all groups", [('group["lr"]', 'self.param_groups["lr"]')], "`param_groups` is a list of groups"),
    ("SGD", "learning_rate as key", [('group["lr"]', 'group["learning_rate"]')], "no entry `learning_rate`"),
    ("SGD", "no lr in the defaults", [("dict(lr=", "dict(learning_rate=")], "The group has no entry `lr`"),
    ("Adam", "a key that is not there", [('+ group["epsilon"]', '+ group["eps"]')], "The group has no entry `eps`"),
    ("SGD", "an attribute that was not set", [('group["lr"]', "self.lr")], "`self.lr` was never set"),
    ("SGD", "self.params", [(LOOP, "for p in self.params")], "The parameters of an optimizer lie in its groups"),
    ("SGD", "the keys of a group", [(LOOP, "for p in group")], "a loop over a group gives its keys"),
    (
        "SGD",
        "the first group alone",
        [("in self.param_groups", "in self.param_groups[0]")],
        "What should be a group is",
    ),
    ("SGD", "an attribute of a group", [('group["params"]', "group.params")], "its entries are read with brackets"),
    (
        "Adam",
        "an argument in step",
        [('group["beta1"] * state', "beta1 * state")],
        "`beta1` is an argument of `__init__`",
    ),
    (
        "Adam",
        "a state that is a list",
        [(MAKES, f"        self.state = []\n\n{MAKES}")],
        "A list is asked for the entry",
    ),
    (
        "Adam",
        "a state that is a dict",
        [(MAKES, f"        self.state = {{}}\n\n{MAKES}")],
        "`self.state` has no entry for",
    ),
    ("Adam", "a state that is never made", [('if "t" not in state:', "if False:")], "`state` has no entry `t` yet"),
    ("Adam", "a count in a name", [('state["t"] += 1', "t += 1")], "`t` is a new name in `step`"),
    # what the constructor is given
    ("Adam", "a generator that is used up", [(KEPT, f"self.all = list(params); {KEPT}")], "it gives its elements once"),
    ("Adam", "the length of a generator", [(KEPT, f"self.m = [0] * len(params); {KEPT}")], "it has no length"),
    (
        "Adam",
        "zeros like groups",
        [(KEPT, f"{KEPT}\n        self.m = [torch.zeros_like(p) for p in params]"), *NUMBERED],
        "`params` holds dictionaries here",
    ),
    (
        "Adam",
        "one state for all",
        [(KEPT, f"self.kept = {{}}; {KEPT}"), ("p.grad, self.state[p]", "p.grad, self.kept")],
        "what was kept for one of them meets the other",
    ),
    # numbers and tensors
    ("Adam", "no import of math", [("v_hat.sqrt()", "math.sqrt(v_hat)")], "`math` is not imported"),
    ("Adam", "no import of numpy", [("v_hat.sqrt()", "np.sqrt(v_hat)")], "`np` is not imported"),
    (
        "Adam",
        "math of a tensor",
        [("import torch", "import math, torch"), ("v_hat.sqrt()", "math.sqrt(v_hat)")],
        "one number of a",
    ),
    ("Adam", "torch of a number", [("lr * m_hat", "lr * torch.sqrt(1 - 0.5) * m_hat")], "`torch.sqrt` takes a tensor"),
    ("Adam", "a method of a number", [("lr * m_hat", "(1 - 0.5).sqrt() * m_hat")], "a number has no method `sqrt`"),
    ("Adam", "a condition on a tensor", [("m_hat =", "assert g != 0; m_hat =")], "A condition is asked of a tensor"),
    ("SGD", "brackets behind a gradient", [("p.grad, self", "p.grad(), self")], "`p.grad` is a tensor, not a method"),
    ("SGD", "a method that torch has not", [("p -= lr * g", "p.substract_(lr * g)")], "A tensor has no `substract_`"),
    ("SGD", "one number of a gradient", [("lr * g", "lr * g.item()")], "makes one number of a tensor"),
    ("SGD", "another sign for the power", [("lr * g", "lr * g ^ 2")], "`^` is no power in Python"),
    ("SGD", "another sign for the power of a number", [("lr * g", "lr ^ 2 * g")], "`^` is no power in Python"),
    ("loss", "another sign for the square", [("** 2", "^ 2")], "`^` is no power in Python"),
    ("Adam", "tanh of a number", [("lr * m_hat", "lr * torch.tanh(0.5) * m_hat")], "`torch.tanh` takes a tensor"),
    ("train_network", "whole numbers", [("tensor(1.0)", "tensor(1)")], "A tensor of whole numbers"),
    (
        "Adam",
        "a count from 0",
        [('state["t"] += 1\n', "pass\n"), ("lr * m_hat", 'lr / (1 - group["beta1"] ** state["t"]) * m_hat')],
        "β to the power 0 is 1",
    ),
    (
        "Adam",
        "a function that torch has not",
        [("torch.zeros_like(p)", "torch.zero_like(p)")],
        "`torch` has no `zero_like`",
    ),
    ("Adam", "a root without its import", [("v_hat.sqrt()", "sqrt(v_hat)")], "`sqrt` is not imported"),
    ("SGD", "two letters swapped", [("p.grad, self", "p.gard, self")], "A tensor has no `gard`"),
    # schedulers
    ("SGD", "a constructor misspelt", [("def __init__(", "def _init_(")], "no constructor `__init__` of its own"),
    ("RMSProp", "a constructor misspelt", [("def __init__(", "def __int__(")], "no constructor `__init__` of its own"),
    ("SGD", "a set of defaults", [("dict(lr=learning_rate)", '{"lr", learning_rate}')], "is a set. It must be a dict"),
    (
        "LRScheduler",
        "an abstract method",
        [
            ("    def step(", "    @__import__('abc').abstractmethod\n    def step("),
            ("LRScheduler:", "LRScheduler(__import__('abc').ABC):"),
        ],
        "`@abstractmethod` above a method",
    ),
    ("LRScheduler", "an endless loop", [("return self", "while True: pass\n        return self")], "no end of its own"),
    ("LRScheduler", "a getter that calls itself", [(RATE, "self.get_lr()")], "`get_lr` calls"),
    ("LRScheduler", "a getter that returns nothing", [("return self", "self")], "`get_lr` returned nothing"),
    ("LRScheduler", "a list of rates", [(RATE, "[0.1]")], "a value of type `list`"),
    (
        "LRScheduler",
        "the rate of an optimizer",
        [('optimizer.param_groups[0]["lr"]', "optimizer.lr")],
        "has no attribute `lr`",
    ),
    (
        "LRScheduler",
        "a loop over an optimizer",
        [("in self.optimizer.param_groups", "in self.optimizer")],
        "is no list",
    ),
    (
        "LRScheduler",
        "an attribute called get_lr",
        [("self.set_lr(initial_lr)", "self.get_lr = 0.1; self.set_lr(initial_lr)")],
        "`get_lr` is no method any more",
    ),
    (
        "LRScheduler",
        "an attribute called set_lr",
        [("self.set_lr(initial_lr)", "self.set_lr = 0.1\n        self.set_lr(initial_lr)")],
        "`self.set_lr` is no method here",
    ),
    (
        "LRScheduler",
        "an optimizer under another name",
        [("self.optimizer = ", "self.driven = ")],
        "`self.optimizer` was never set",
    ),
    (
        "LRSchedulerOnPlateau",
        "no number yet",
        [(BEST, "self.best = None")],
        "`self.best` is `None` here, and this line",
    ),
    (
        "LRSchedulerOnPlateau",
        "a comparison with None",
        [(BEST, "self.best = None"), ("self.best * (1 - self.threshold)", "self.best")],
        "`None` is neither less nor more than a number",
    ),
    (
        "LRSchedulerOnPlateau",
        "the item of a number",
        [("float(metric)", "metric.item()")],
        "The metric may be a plain number",
    ),
    (
        "LRSchedulerOnPlateau",
        "the array of a loss",
        [("float(metric)", 'metric.numpy().item() if hasattr(metric, "numpy") else metric')],
        "The metric may be a loss",
    ),
    ("LRSchedulerOnPlateau", "a count in a name", [("self.bad += 1", "bad += 1")], "`bad` is a new name in `step`"),
    (
        "LRSchedulerOnPlateau",
        "a method as a number",
        [("self.get_lr() *", "self.get_lr *")],
        "`self.get_lr` is a method, not a number",
    ),
    (
        "LRSchedulerOnPlateau",
        "a step without metric",
        [("def step(self, metric):", "def step(metric):")],
        "`LRSchedulerOnPlateau.step` was called with one argument",
    ),
    (
        "LRSchedulerOnPlateau",
        "an attribute that was not set",
        [("self.optimizer, self.patience, self", "self.optimizer, self.patient, self")],
        "`self.patience` was never set before",
    ),
    (
        "LRSchedulerOnPlateau",
        "infinity in words",
        [('float("inf") if', 'float("infinite") if')],
        "does not know the text `infinite`",
    ),
    (
        "LRSchedulerOnPlateau",
        "float of None",
        [("metric = float(metric)", "metric = float(self.metric)"), (BEST, f"{BEST}; self.metric = None")],
        "`self.metric` is `None` here",
    ),
    # what keeps a training stable
    (
        "clip_gradients",
        "a gradient that is None",
        [(" if p.grad is not None", "")],
        "`p.grad` of parameter 2 is `None`",
    ),
    (
        "bytes_kept",
        "one loop over the values",
        [("in state.values():", "in [state]:"), ("if isinstance(kept, torch.Tensor):", "if True:")],
        "What should be a tensor is a dictionary here",
    ),
    (
        "bytes_kept",
        "the keys of a state",
        [("in state.values():", "in state:"), ("if isinstance(kept, torch.Tensor):", "if True:")],
        "What should be a tensor is a text here",
    ),
    (
        "bytes_kept",
        "the keys of the states",
        [("state.values():\n        for", "state:\n        for")],
        "should be a dictionary is a parameter",
    ),
    # functions
    ("minimise", "nothing returned", [("return torch.stack", "torch.stack")], "The function returned nothing"),
    ("minimise", "numbers that are stacked", [("append(x.detach().clone())", "append(x.item())")], "a list of tensors"),
    ("minimise", "no gradient required", [(LEAF, "start.clone()")], "There is no way back"),
    ("minimise", "no leaf", [(LEAF, "start.requires_grad_().clone()")], "is the result of an operation"),
    (
        "minimise",
        "a number in place of the value",
        [("function(x).backward()", "function(x).item().backward()")],
        "make a plain number",
    ),
    (
        "minimise",
        "a value of before the loop",
        [("positions = [", "value = function(x); positions = ["), ("function(x).backward()", "value.backward()")],
        "`backward` is called twice",
    ),
    ("minimise", "no list of parameters", [("([x], **", "(x, **")], "where it needs a list of parameters"),
    (
        "minimise",
        "no stars",
        [("**hyperparameters)\n    positions", "hyperparameters)\n    positions")],
        "without their names",
    ),
    ("minimise", "a loop over a number", [("range(steps)", "steps")], "`steps` is a number, and a loop"),
    ("minimise", "an empty list", [("[x.detach().clone()]", "[]")], "The list that is stacked is empty"),
    (
        "minimise",
        "arrays of parameters",
        [("append(x.detach().clone())", "append(x.numpy())")],
        "cannot become a numpy array",
    ),
    (
        "train_network",
        "a name that hides a function",
        [("((y -", "loss = loss(x); ((y -")],
        "`loss = ...` in `train_network` makes `loss`",
    ),
    ("forward", "a product of matrices", [("W1 * x", "W1 @ x")], "`@` is the product of matrices"),
    (
        "loss",
        "a module that is not called",
        [("(target - prediction) ** 2", "__import__('torch').nn.MSELoss()")],
        "a `MSELoss`",
    ),
    ("forward", "a text", [("return ", "return str(W1) or ")], "It returned a text; a number or a tensor is wanted."),
    ("AveragedWeights", "another name", [("self.averages", "self.kept")], "The object has no `averages`"),
    (
        "test_decay",
        "a right optimizer that is refused",
        [("assert close([p.detach()], [q.detach()])", "assert p[0].item() == 1.0")],
        "This optimizer is right, and your test refuses it",
    ),
    ("forward", "a bias that is not there", [("+ b2", "+ b_2")], "There is nothing called `b_2`"),
    ("tuned", "an optimizer left out", [('"RMSProp":', '"RMSprop":')], "The dictionary has no entry `RMSProp`"),
    (
        "tuned",
        "another name of the rate",
        [('"SGD": {"learning_rate"', '"SGD": {"lr"')],
        "no hyperparameter `lr` in this course",
    ),
    (
        "tuned",
        "a hyperparameter of others",
        [('"learning_rate": 0.5', '"learning_rate": 0.5, "beta1": 0.9')],
        "`SGD` takes no hyperparameter `beta1`",
    ),
    # runs of a race
    ("tuned_rate", "the seed first", [("run(rate, seed)", "run(seed, rate)")], "in the place of a rate or of a seed"),
    ("tuned_rate", "no seed", [("run(rate, seed)", "run(rate)")], "with too few arguments, or with too many"),
    ("tuned_rate", "square brackets", [("run(rate, seed)", "run[rate, seed]")], "before square brackets"),
    ("compare", "the losses alone", [("return results", "return list(results.values())")], "no dictionary of the opt"),
    (
        "compare",
        "the first optimizer alone",
        [("    return results", "        return results")],
        "The dictionary has no entry `Momentum`",
    ),
)
NAMES = [f"{subject}, {name}" for subject, name, *_ in PROGRAMS]
each_program = pytest.mark.parametrize(
    "number", [pytest.param(number, id=name, marks=pytest.mark.slow) for number, name in enumerate(NAMES)]
)


@cache
def findings(number):
    """Return what is wrong in a program where it raised something."""
    subject, _, edits, _ = PROGRAMS[number]
    source = RIGHT[subject]
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    found = [verdict.finding for verdict in judge(defined(source)[subject], subject) if verdict.finding]
    crashes = [each for each in found if each.failure]
    assert crashes
    return subject, source, crashes


@each_program
def test_crash_is_said_in_words_with_its_line(number):
    subject, source, found = findings(number)
    said = {help_with(each, subject).what: each.failure for each in found}
    words = next(what for what in said if PROGRAMS[number][3] in what)
    assert said[words].line in source
    assert f"`{said[words].line}`" in words or not said[words].line


@each_program
def test_no_crash_is_said_in_the_words_of_python_alone(number):
    subject, _, found = findings(number)
    for each in found:
        steps = help_with(each, subject)
        assert "exception, `" not in steps.what
        message = each.failure.message[:40]
        assert not (steps.raw and message and message in steps.what)
        assert steps.fix or each.failure.is_leftover or each.failure.kind == "Unreadable"


@each_program
def test_crash_in_french_has_the_same_code_and_no_english_left(number):
    subject, _, found = findings(number)
    for each in found:
        english, french = help_with(each, subject), help_with(each, subject, "fr")
        for one, other in ((english.what, french.what), (english.fix, french.fix)):
            assert sorted(re.findall(r"`[^`]*`", one)) == sorted(re.findall(r"`[^`]*`", other))
            assert not re.search(
                r"\b(the|is|its|and|has|here|this|an?)\b", re.sub(r"`[^`]*`", "", other).replace("a ", "")
            )


def test_more_than_eighty_programs_crash():
    assert len(set(NAMES)) == len(PROGRAMS) > 80


# what is not certain is not said


def crash(kind, message, line="", function="SGD.step", **more):
    failure = Failure(kind=kind, message=message, function=function, line=line, row=1)
    said = explain_crash(Finding(kind="failure", failure=failure, **more), lambda text, **values: text.format(**values))
    return said and said[0]


def test_none_is_not_called_a_gradient_where_all_gradients_were_given():
    said = crash("TypeError", "unsupported operand type(s) for *: 'float' and 'NoneType'", "p -= rate * self.kept")
    assert said == "`self.kept` is `None` here, and this line calculates with it."


def test_nothing_is_called_none_where_it_could_be_one_of_two():
    assert crash("TypeError", "unsupported operand type(s) for *: 'float' and 'NoneType'", "a = b * c + d * e") is None


def test_sizes_of_one_parameter_are_not_called_those_of_two():
    said = crash("RuntimeError", "The size of tensor a (4) must match the size of tensor b (2) at ...", "p -= g")
    assert said == "Two tensors in this line have different sizes, 4 and 2."


def test_list_that_is_too_short_is_explained_where_a_generator_was_given():
    given = OptimizerScenario(start=(), calls=(), generator=True)
    said = crash("IndexError", "list index out of range", "self.m[i] += g", scenario=given)
    assert said.endswith("`params` is a generator here, and was used up when the list was made.")
    assert crash("IndexError", "list index out of range", "self.m[i] += g") is None


def test_constructor_of_the_base_that_was_not_called_is_told_without_a_line_of_the_student():
    made = SchedulerScenario(rates=(0.1,), hyperparameters={"initial_lr": 0.1}, calls=(("get_lr", 0.0),))
    message = "'LRSchedulerOnPlateau' object has no attribute 'optimizer'"
    assert crash("AttributeError", message, function="", scenario=made).startswith("`self.optimizer` was never set")
    assert crash("AttributeError", message, function="") is None


def test_two_calls_in_a_line_leave_open_which_one_failed():
    assert crash("TypeError", "'int' object is not callable", "x = f(g(1))") is None


def test_exception_of_the_students_own_has_no_words_of_ours():
    assert crash("ValueError", "my own words", 'raise ValueError("my own words")') is None


def test_texts_of_a_student_are_never_taken_for_a_pattern_of_ours():
    assert crash("KeyError", "'{0.__class__}'", 'x = group["{0.__class__}"]') is None
    assert all(each.cause for each in CRASHES)
