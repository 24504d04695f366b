"""Mistakes in the training loop of notebook 1."""

from tests.bank.wrong.plain import costs

_CLEAR, _STEP = "        optimizer.zero_grad()\n", "        optimizer.step()\n"
_BACKWARD, _KEEP = "        loss.backward()\n", "losses.append(loss.item())"
_NAMED = "dict(model.named_parameters())"
_EVERYTHING = "one_epoch fresh_gradient criterion optimizer losses parameters"
_STEPS = "one_epoch fresh_gradient criterion optimizer parameters"

MISTAKES = (
    costs("fresh_gradient losses", "train", "no zero_grad", (_CLEAR, "")),
    costs(
        "fresh_gradient losses", "train", "zero_grad before the loop", (_CLEAR, ""), ("    for", f"{_CLEAR[4:]}    for")
    ),
    costs(_EVERYTHING, "train", "no step", (_STEP, "")),
    costs(_EVERYTHING, "train", "no backward", (_BACKWARD, "")),
    costs(_EVERYTHING, "train", "zero_grad before the step", (_STEP, _CLEAR + _STEP)),
    costs(_EVERYTHING, "train", "step before backward", (_BACKWARD + _STEP, _STEP + _BACKWARD)),
    costs(
        _EVERYTHING,
        "train",
        "step before backward, cleared between",
        (_CLEAR, ""),
        (_BACKWARD + _STEP, _STEP + _CLEAR + _BACKWARD),
    ),
    costs(_EVERYTHING, "train", "two steps an epoch", (_STEP, _STEP * 2)),
    costs("fresh_gradient losses", "train", "return in the loop", ("    return", "        return")),
    costs(_STEPS, "train", "one epoch too many", ("range(epochs)", "range(epochs + 1)")),
    costs(_STEPS, "train", "one epoch too few", ("range(epochs)", "range(epochs - 1)")),
    costs(
        "criterion", "train", "the criterion is not used", ("criterion(model(x), y)", "((model(x) - y) ** 2).mean()")
    ),
    costs("criterion", "train", "the targets come first", ("criterion(model(x), y)", "criterion(y, model(x))")),
    costs("losses", "train", "the loss after the step", (_KEEP, "losses.append(criterion(model(x), y).item())")),
    costs("losses", "train", "recorded too late", ("epoch % 10", "(epoch + 1) % 10")),
    costs("losses", "train", "every loss", ("if epoch % 10 == 0", "if True")),
    costs("losses", "train", "the last loss alone", ("return losses", "return loss.item()")),
    costs("losses", "train", "no first loss", ("== 0:", "== 0 and epoch:")),
    costs(
        "losses",
        "train",
        "the end added",
        ("    return", "    losses.append(criterion(model(x), y).item())\n    return"),
    ),
    costs("losses", "train", "rounded", (_KEEP, "losses.append(round(loss.item(), 3))")),
    costs(
        "parameters",
        "train",
        "parameters of the start",
        ("    losses = []", "    losses, start = [], {n: p.detach().clone() for n, p in model.named_parameters()}"),
        (_NAMED, "start"),
    ),
    costs("parameters", "train", "parameters without names", (_NAMED, "list(model.parameters())")),
    costs("parameters", "train", "no parameters", (f", {_NAMED}", "")),
    costs("parameters", "train", "weight and bias by hand", (_NAMED, '{"weight": model.weight, "bias": model.bias}')),
    costs("losses parameters", "train", "nothing returned", (f"    return losses, {_NAMED}", "    return None")),
)
