"""Crashes of functions that are called: their arguments, and what they return."""

from __future__ import annotations

from coursekit.judging.behaviours import Finding
from coursekit.judging.calls import CallScenario, TableScenario
from coursekit.judging.trajectories import Failure
from coursekit.optimizers.conversations import ConversationScenario
from coursekit.optimizers.crashes.crash import Crash, Fields
from coursekit.optimizers.racing import ComparisonScenario
from coursekit.optimizers.stability import AveragingScenario


def _table(finding: Finding, _: Failure, __: Fields) -> Fields | None:
    return {} if isinstance(finding.scenario, TableScenario) else None


def _entry(finding: Finding, _: Failure, fields: Fields) -> Fields | None:
    scenario = finding.scenario
    return {} if isinstance(scenario, CallScenario) and fields["name"] in scenario.entries else None


def _row(finding: Finding, _: Failure, fields: Fields) -> Fields | None:
    scenario = finding.scenario
    rows = scenario.rows if isinstance(scenario, TableScenario) else ()
    rows = scenario.names if isinstance(scenario, ComparisonScenario) else rows
    return {} if fields["name"] in rows else None


def _refused(finding: Finding, _: Failure, __: Fields) -> Fields | None:
    return {} if isinstance(finding.scenario, ConversationScenario) else None


def _averages_of_generator(finding: Finding, _: Failure, __: Fields) -> Fields | None:
    scenario = finding.scenario
    return {} if isinstance(scenario, AveragingScenario) and scenario.generator else None


CRASHES = (
    Crash(
        kind="AssertionError",
        message=r"",
        look=_refused,
        cause="This optimizer is right, and your test refuses it: nothing of the test counts.",
        fix="Does the line ask for more digits than there are, or for a number that is not what the rule gives?",
    ),
    Crash(
        kind="Unreadable",
        message=r"nothing; (a number or a tensor|one number)$",
        outside=True,
        cause="The function returned nothing.",
        fix="End it with `return` and the result: below a loop, not in it.",
    ),
    Crash(
        kind="Unreadable",
        message=r"a value of type `(?P<theirs>\w+Loss)`",
        outside=True,
        cause="The function returned a `{theirs}`, and that is neither a number nor a tensor.",
        fix="Return what it computes: a module, such as `nn.MSELoss()`, must still be called.",
    ),
    Crash(
        kind="TypeError",
        message=r"(?P<name>\w+)\(\) takes 1 positional argument but \d+ were given",
        line=r"optimizer_class\(.*hyperparameters",
        cause="The hyperparameters are handed over without their names.",
        fix="Two stars hand over each with its name: `**hyperparameters`.",
    ),
    Crash(
        kind="TypeError",
        message=r"(?P<owner>\w+)\(\) got an unexpected keyword argument '(?P<name>\w+)'",
        line=r"optimizer_class\(",
        cause="`{owner}` takes no argument `{name}`: in this course the rate is called `learning_rate`.",
        fix="Hand over what was given, and nothing else: `**hyperparameters`.",
    ),
    Crash(
        kind="TypeError",
        message=r"'int' object is not iterable",
        line=r"\bin (?P<name>\w+)\s*:",
        cause="`{name}` is a number, and a loop needs something to go through.",
        fix="Write `in range({name}):`.",
    ),
    Crash(
        kind="Unreadable",
        message=r".*; a number or a tensor under each name",
        outside=True,
        cause="The dictionary holds something that is neither a number nor a tensor.",
    ),
    # averages of weights
    Crash(
        kind="Unreadable",
        message=r".*; a tensor for each parameter",
        outside=True,
        cause="`averages` holds something that is no tensor.",
        fix="Keep one tensor for each parameter, in the order of the parameters.",
    ),
    Crash(
        kind="Unfit",
        message=r"",
        outside=True,
        look=_averages_of_generator,
        cause="There is not one average for each parameter: a generator can be gone through once, and is empty then.",
        fix="Keep a list in the constructor: `self.parameters = list(parameters)`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'\w+' object has no attribute '(?P<name>averages)'",
        outside=True,
        cause="The object has no `{name}`.",
        fix="Keep the averages under exactly this name: `self.averages`.",
    ),
    # runs of a race
    Crash(
        kind="LookupError",
        message=r"there is no run with (?P<given>\S+) here",
        line=r"\w+\(",
        cause="`run` is called with {given} in the place of a rate or of a seed, and the lists have none such.",
        fix="Call it with the rate first and the seed second: `run(rate, seed)`.",
    ),
    Crash(
        kind="TypeError",
        message=r"run\(\) (missing|takes) ",
        cause="`run` is called with too few arguments, or with too many.",
        fix="It takes a rate and a seed: `run(rate, seed)`.",
    ),
    Crash(
        kind="TypeError",
        message=r"'function' object is not subscriptable",
        line=r"\brun(s\[\w+\])?\[",
        cause="A function stands before square brackets: it must be called.",
        fix="Write round brackets: `run(rate, seed)`.",
    ),
    Crash(
        kind="KeyError",
        message=r"'(?P<name>\w+)'",
        line=r"\bruns\[",
        cause="`rates` has a list for `{name}`, and `runs` has no such name.",
        fix="Go through the names of `runs`: `for name in runs`.",
    ),
    Crash(
        kind="Unreadable",
        message=r".*; a dictionary of the optimizers",
        outside=True,
        cause="The function returned no dictionary of the optimizers.",
        fix="Return a dictionary: for each name the list of its losses.",
    ),
    # a list of losses and a dictionary of parameters
    Crash(
        kind="Unreadable",
        message=r"a dictionary; a pair of the losses",
        outside=True,
        cause="The function returned the dictionary of the parameters where the losses should be.",
        fix="Return two things, the losses and the dictionary: `return losses, ...`",
    ),
    Crash(
        kind="Unreadable",
        message=r".*; a pair of the losses",
        outside=True,
        cause="The function returned no dictionary of the parameters.",
        fix="Return two things, the losses and the dictionary: `return losses, ...`",
    ),
    Crash(
        kind="KeyError",
        message=r"'(?P<name>[\w.]+)'",
        outside=True,
        look=_entry,
        cause="The dictionary has no entry `{name}`.",
        fix="Its keys are the names that the model itself has for its parameters: look for `named_parameters`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(Linear|Sequential)' object has no attribute 'size'",
        cause="A model stands where its prediction should.",
        fix="Call it: `model(x)` is what it predicts.",
    ),
    Crash(
        kind="TypeError",
        message=r"\w+Loss\.forward\(\) (takes|missing)",
        cause="A criterion takes two things: what the model predicts, and the targets.",
        fix="Predict first, then hand over both: `criterion(model(x), y)`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'(?P<theirs>Sequential)' object has no attribute '(?P<name>\w+)'",
        cause="Not every model has a `{name}`: this one is a `{theirs}`.",
        fix="Ask the model itself for all of its parameters and their names: look for `named_parameters`.",
    ),
    # the dictionary of hyperparameters
    Crash(
        kind="KeyError",
        message=r"'(?P<name>\w+)'",
        outside=True,
        look=_row,
        cause="The dictionary has no entry `{name}`.",
        fix="It needs one for each optimizer, under exactly this name.",
    ),
    Crash(
        kind="KeyError",
        message=r"\"(?P<owner>\w+) has no hyperparameter '(?P<name>\w+)'",
        outside=True,
        look=_table,
        cause="There is no hyperparameter `{name}` in this course.",
        fix="Use the names of the constructors, as `learning_rate`.",
    ),
    Crash(
        kind="TypeError",
        message=r"(?P<owner>\w+)\(\) got an unexpected keyword argument '(?P<name>\w+)'",
        outside=True,
        look=_table,
        cause="`{owner}` takes no hyperparameter `{name}`.",
        fix="Give each optimizer those of its own constructor.",
    ),
    Crash(
        kind="TypeError",
        message=r"'NoneType' object is not subscriptable",
        outside=True,
        look=_table,
        cause="The function returned nothing.",
        fix="End it with `return` and the dictionary.",
    ),
    Crash(
        kind="TypeError|ValueError",
        message=r"list indices must be|'\w+' object is not iterable|could not convert|float\(\) argument must be",
        outside=True,
        look=_table,
        cause="This is not a dictionary of dictionaries of numbers.",
        fix='It looks like `{{"SGD": {{"learning_rate": 0.1}}, ...}}`.',
    ),
)
