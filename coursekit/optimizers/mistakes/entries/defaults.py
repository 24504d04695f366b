"""Other values for the defaults of the signatures, the usual ones."""

from __future__ import annotations

from coursekit.optimizers.mistakes.changes import changed, default
from coursekit.optimizers.mistakes.entry import ADAMS, STATEFUL, Follow, Mistake
from coursekit.optimizers.mistakes.schedulers import default as plateau_default
from coursekit.optimizers.mistakes.schedulers import default_mode_max

_LOOKS = "The signature of the constructor, or its dictionary of defaults, has another number."
_WHY = "Where nothing is given, the default of the given signature counts."


def _default(name: str, title: str, subjects: tuple[str, ...], follow: Follow) -> Mistake:
    return Mistake(name=name, title=title, looks=_LOOKS, why=_WHY, where="Your turn", subjects=subjects, follow=follow)


ENTRIES: tuple[Mistake, ...] = (
    _default(
        "default_learning_rate_0_1",
        "{subject} with 0.1 as its default learning rate",
        ("SGD", "RMSProp", "Adagrad"),
        changed(default("learning_rate", 0.1)),
    ),
    _default(
        "default_learning_rate_0_001",
        "{subject} with 0.001 as its default learning rate",
        ("SGD", "RMSProp", "Adagrad"),
        changed(default("learning_rate", 0.001)),
    ),
    _default(
        "default_learning_rate_0_01",
        "{subject} with 0.01 as its default learning rate",
        ADAMS,
        changed(default("learning_rate", 0.01)),
    ),
    _default(
        "default_decay_0_99", "{subject} with 0.99 as its default decay", ("RMSProp",), changed(default("decay", 0.99))
    ),
    _default(
        "default_decay_0_8", "{subject} with 0.8 as its default decay", ("RMSProp",), changed(default("decay", 0.8))
    ),
    _default("default_beta1_0_95", "{subject} with 0.95 as its default β₁", ADAMS, changed(default("beta1", 0.95))),
    _default("default_beta1_0_99", "{subject} with 0.99 as its default β₁", ADAMS, changed(default("beta1", 0.99))),
    _default("default_beta2_0_99", "{subject} with 0.99 as its default β₂", ADAMS, changed(default("beta2", 0.99))),
    _default(
        "default_beta2_0_9999", "{subject} with 0.9999 as its default β₂", ADAMS, changed(default("beta2", 0.9999))
    ),
    _default(
        "default_epsilon_1e_6", "{subject} with 1e-6 as its default ε", STATEFUL, changed(default("epsilon", 1e-6))
    ),
    _default(
        "default_epsilon_1e_7", "{subject} with 1e-7 as its default ε", STATEFUL, changed(default("epsilon", 1e-7))
    ),
    _default(
        "default_epsilon_1e_10", "{subject} with 1e-10 as its default ε", STATEFUL, changed(default("epsilon", 1e-10))
    ),
    _default(
        "default_weight_decay_0_0",
        "{subject} with 0.0 as its default weight decay",
        ("AdamW",),
        changed(default("weight_decay", 0.0)),
    ),
    _default(
        "default_weight_decay_0_1",
        "{subject} with 0.1 as its default weight decay",
        ("AdamW",),
        changed(default("weight_decay", 0.1)),
    ),
    _default(
        "default_weight_decay_0_001",
        "{subject} with 0.001 as its default weight decay",
        ("AdamW",),
        changed(default("weight_decay", 0.001)),
    ),
    _default(
        "default_patience_5",
        "{subject} with 5 as its default patience",
        ("LRSchedulerOnPlateau",),
        plateau_default("patience", 5),
    ),
    _default(
        "default_factor_0_5",
        "{subject} with 0.5 as its default factor",
        ("LRSchedulerOnPlateau",),
        plateau_default("factor", 0.5),
    ),
    _default(
        "default_min_lr_0_0",
        "{subject} with 0.0 as its default min_lr",
        ("LRSchedulerOnPlateau",),
        plateau_default("min_lr", 0.0),
    ),
    _default(
        "default_threshold_0_001",
        "{subject} with 0.001 as its default threshold",
        ("LRSchedulerOnPlateau",),
        plateau_default("threshold", 0.001),
    ),
    _default(
        "default_threshold_0_0",
        "{subject} with 0.0 as its default threshold",
        ("LRSchedulerOnPlateau",),
        plateau_default("threshold", 0.0),
    ),
    _default("default_mode_max", "{subject} with mode max as its default", ("LRSchedulerOnPlateau",), default_mode_max),
)
