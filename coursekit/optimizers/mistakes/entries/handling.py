"""Mistakes around the rule: where hyperparameters are read, the loops, missing gradients, and what is saved."""

from __future__ import annotations

from coursekit.optimizers.mistakes.entry import ADAMS, DIVIDING, EVERY, FADING, ROLLING, SEVERAL, STATEFUL, Entry

_OWN_VALUE = "A group may have its own value, under the name in the signature."
_EVERYBODY = "Every parameter that has a gradient makes its step."
_KEPT_AS = (
    "The constructor puts it into the group under another name than in the signature, and the step reads that one."
)
_BY_NAME = "A group's own value arrives under the name in the signature, where the step never looks."
_LOOKS = "The signature of the constructor, or its dictionary of defaults, has another number."
_WHY = (
    "Where nothing is given, the default of the given signature counts. With another one a call without numbers makes"
    " another run, and nobody who reads the call sees why."
)
_GREEK = {"decay": "ρ", "beta1": "β₁", "beta2": "β₂", "epsilon": "ε", "weight_decay": "λ", "momentum": "μ"}
_HAVE = {
    "learning_rate": EVERY,
    "decay": ("RMSProp",),
    "beta1": ADAMS,
    "beta2": ADAMS,
    "epsilon": DIVIDING,
    "weight_decay": ("AdamW",),
    "momentum": ROLLING,
}
_DEFAULTS = (
    ("learning_rate", "learning rate", ("SGD", "RMSProp", "Adagrad", "SignSGD", *ROLLING), "0.1 0.001"),
    ("learning_rate", "learning rate", ADAMS, "0.01"),
    ("decay", "decay", ("RMSProp",), "0.99 0.8"),
    ("beta1", "β₁", ADAMS, "0.95 0.99"),
    ("beta2", "β₂", ADAMS, "0.99 0.9999"),
    ("epsilon", "ε", DIVIDING, "1e-6 1e-7 1e-10"),
    ("weight_decay", "weight decay", ("AdamW",), "0.0 0.1 0.001"),
    ("momentum", "momentum", ("Momentum",), "0.0"),
    ("momentum", "momentum", ROLLING, "0.5 0.99"),
)


FIXED = {
    name: Entry(
        f"{'rate' if name == 'learning_rate' else name}_fixed",
        f"{{subject}} with a number for {_GREEK.get(name, 'η')}, whatever is asked for",
        "A number stands in the step where the hyperparameter should be read.",
        "What is given to the constructor or to a group has no effect.",
        "Your turn",
        subjects,
        ({name: "number"},),
    )
    for name, subjects in _HAVE.items()
}


BETAS_FIXED = Entry(
    "betas_fixed",
    "{subject} with numbers for β₁ and β₂, whatever is asked for",
    "Two numbers stand in the step where the hyperparameters should be read.",
    "What is given to the constructor or to a group has no effect.",
    "Your turn",
    ADAMS,
    ({"beta1": "number", "beta2": "number"},),
)


def _all(option: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, option)


HYPERPARAMETERS = (
    Entry(
        "rate_captured",
        "{subject} with the constructor's learning rate at every step",
        'The step reads `self.learning_rate` or `self.defaults["lr"]` instead of `group["lr"]`.',
        "A scheduler writes the rate into the groups, and a group may have its own; neither is seen.",
        "Your turn",
        EVERY,
        ({"learning_rate": "constructor"},),
    ),
    Entry(
        "overrides_captured",
        "{subject} with all hyperparameters but the rate from the constructor",
        "The step reads `self.epsilon` and the others in the same way, and only the rate from the group.",
        "A group may override any hyperparameter, not only the rate.",
        "Your turn",
        SEVERAL,
        (_all("constructor", *_GREEK),),
    ),
    Entry(
        "all_captured",
        "{subject} with all hyperparameters from the constructor, the rate too",
        "The step reads `self.learning_rate`, `self.epsilon` and the others, and never the group.",
        "A scheduler writes the rate into the groups, and a group may override any hyperparameter.",
        "Your turn",
        STATEFUL,
        (_all("constructor", "learning_rate", *_GREEK),),
    ),
    *(
        Entry(
            f"{name}_captured",
            f"{{subject}} with {greek} from the constructor in every group",
            f'The step reads `self.{name}` instead of `group["{name}"]`.',
            _OWN_VALUE,
            "Your turn",
            _HAVE[name],
            ({name: "constructor"},),
        )
        for name, greek in _GREEK.items()
    ),
    Entry(
        "rate_renamed",
        "{subject} with a second learning rate in the group, beside `lr`",
        'The step reads the rate from the group under a name of its own, as in `group["learning_rate"]`.',
        "A scheduler writes the rate under `lr`, and a group has its own there; neither is seen.",
        "Your turn",
        EVERY,
        ({"learning_rate": "another name"},),
    ),
    Entry(
        "overrides_renamed",
        "{subject} with all hyperparameters but the rate under other names in the group",
        "The constructor puts them into the group under other names, such as `rho`, `betas` or `eps`.",
        _BY_NAME,
        "Your turn",
        SEVERAL,
        (_all("another name", *_GREEK),),
    ),
    Entry(
        "betas_renamed",
        "{subject} with β₁ and β₂ under another name in the group",
        "The constructor puts both into the group under another name, such as `betas`, and the step reads them there.",
        _BY_NAME,
        "Your turn",
        ADAMS,
        (_all("another name", "beta1", "beta2"),),
    ),
    *(
        Entry(
            f"{name}_renamed",
            f"{{subject}} with {greek} under another name in the group",
            _KEPT_AS,
            _BY_NAME,
            "Your turn",
            _HAVE[name],
            ({name: "another name"},),
        )
        for name, greek in _GREEK.items()
    ),
    Entry(
        "first_group_values",
        "{subject} with the first group's values for all groups",
        "Rate and hyperparameters are read from `self.param_groups[0]`, before the loop over the groups.",
        "Each group has its own rate and hyperparameters: read them inside the loop.",
        "Your turn",
        EVERY,
        (_all("first group", "learning_rate", *_GREEK),),
    ),
    Entry(
        "first_group_rate",
        "{subject} with the first group's learning rate for all groups",
        "The rate is read from `self.param_groups[0]`, before the loop over the groups, the rest from `group`.",
        "Each group has its own rate: read it inside the loop.",
        "Your turn",
        STATEFUL,
        ({"learning_rate": "first group"},),
    ),
    *(
        Entry(
            f"default_{name}_{value.replace('.', '_').replace('-', '_')}",
            f"{{subject}} with {value} as its default {label}",
            _LOOKS,
            _WHY,
            "Your turn",
            subjects,
            ({f"default {name}": value},),
        )
        for name, label, subjects, values in _DEFAULTS
        for value in values.split()
    ),
)

LOOPS = (
    Entry(
        "first_group_only",
        "{subject} moving the first group only",
        'The loop runs over `self.param_groups[0]["params"]`, or ends after one group.',
        "An optimizer serves all of its groups.",
        "Your turn",
        EVERY,
        ({"moved": "first group only"},),
    ),
    Entry(
        "first_parameter_only",
        "{subject} moving only the first parameter of each group",
        'The loop over the parameters ends with `break` or `return`, or there is only `group["params"][0]`.',
        _EVERYBODY,
        "Your turn",
        EVERY,
        ({"moved": "first parameter"},),
    ),
    Entry(
        "last_parameter_only",
        "{subject} moving only the last parameter of each group",
        "The line that moves `p` stands after the loop over the parameters, and so it runs once.",
        _EVERYBODY,
        "Your turn",
        EVERY,
        ({"moved": "last parameter"},),
    ),
    Entry(
        "none_ends_step",
        "{subject} ending the step at the first parameter without gradient",
        "`return`, `break` or an exception ends the loop where `continue` should stand: all after it stand still.",
        "Only the parameter without gradient is left alone; those after it have gradients of their own.",
        "Your turn",
        EVERY,
        ({"missing": "none ends"},),
    ),
    Entry(
        "none_as_zero",
        "{subject} taking a missing gradient for zeros",
        "Where `p.grad` is `None` the step goes on with `torch.zeros_like(p)`.",
        "A parameter without gradient makes no step, and what is kept for it stays; with zeros that fades, and its next"
        " step is another.",
        "Your turn",
        FADING,
        ({"missing": "none is zero"},),
    ),
    Entry(
        "zero_skipped",
        "{subject} skipping a parameter whose gradient is all zeros",
        "A test such as `if not p.grad.any()` stands beside the one for `None`.",
        "A gradient of zeros is a gradient: it is a step like any other, and what is kept fades.",
        "Your turn",
        FADING,
        ({"missing": "zero is none"},),
    ),
    Entry(
        "state_not_saved",
        "{subject} whose state is lost when it is saved and loaded",
        "The state stands in a dictionary such as `self.memory`, not in `self.state[p]`.",
        "`state_dict()` saves what stands in `self.state`; the optimizer that loads it starts from nothing.",
        "Your turn",
        STATEFUL,
        ({"saved": "lost"},),
    ),
)

# Nobody sees from outside what is kept: these are simulated with the rule.
KEPT = (
    Entry(
        "zero_elements_skipped",
        "{subject} leaving out the elements whose gradient is zero",
        "A mask such as `g != 0` keeps these elements, and what is remembered of them, as they were.",
        "A gradient of zero is a gradient: what is remembered of that element fades.",
        "Your turn",
        FADING,
        ({"zeros": "left out"},),
    ),
    Entry(
        "state_by_shape",
        "{subject} with one state for all parameters of equal shape",
        "The state is kept under `p.shape`, not in `self.state[p]`.",
        "Each parameter has gradients of its own; in a shared state they are mixed.",
        "Your turn",
        STATEFUL,
        ({"state": "shape"},),
    ),
    Entry(
        "state_of_the_class",
        "{subject} with a state that all its optimizers share",
        "The state is a dictionary on the class, and not `self.state`.",
        "What one optimizer has seen must not change the steps of another.",
        "Your turn",
        STATEFUL,
        ({"state": "class"},),
    ),
)
