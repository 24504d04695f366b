"""Mistakes in clipping, in averages of weights, and in counting bytes."""

from tests.bank.wrong.plain import Mistake, costs

_ALL = "[p.grad for p in parameters if p.grad is not None]"
_NORM = "sum((g ** 2).sum() for g in gradients) ** 0.5"
_IF = "if norm > max_norm:"
_LOOP = "for g in gradients:"
_SCALE = "g.mul_(max_norm / norm)"
_RETURN = "return norm"
_NOTHING = "one together within no_gradient generator zero weights"


def _clip(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "clip_gradients", name, *edits, known=known)


def _average(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "AveragedWeights", name, *edits, known=known)


def _bytes(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "bytes_kept", name, *edits, known=known)


_CLIP = (
    _clip(
        "together",
        "each by its own norm",
        (
            _IF,
            (
                "for g in gradients:\n"
                "        own = g.norm()\n"
                "        if own > max_norm:\n"
                "            g.mul_(max_norm / own)\n"
                "    if False:"
            ),
        ),
        known="each_alone",
    ),
    _clip(
        "together",
        "each by its own norm, by a factor of at most 1",
        (_IF, "if True:"),
        (_SCALE, "g.mul_(min(1.0, max_norm / (g.norm() + 1e-6)))"),
        known="each_alone",
    ),
    _clip(
        "together within returned",
        "norms that are added",
        (_NORM, "sum(g.norm() for g in gradients)"),
        known="sum_of_norms",
    ),
    _clip(
        "one together returned",
        "norms that are added under a root",
        (_NORM, "sum(g.norm() for g in gradients) ** 0.5"),
        known="root_of_norms",
    ),
    _clip(
        "one together within returned", "no root", (_NORM, "sum((g ** 2).sum() for g in gradients)"), known="no_root"
    ),
    _clip(
        "together returned",
        "the longest gradient",
        (_NORM, "max(g.norm() for g in gradients)"),
        known="longest_gradient",
    ),
    _clip(
        "one together returned",
        "the largest number",
        (_NORM, "max(g.abs().max() for g in gradients)"),
        known="largest_entry",
    ),
    _clip(
        "one together within returned",
        "the sum of the sizes",
        (_NORM, "sum(g.abs().sum() for g in gradients)"),
        known="sum_of_sizes",
    ),
    _clip(
        "one together within returned", "norm(1)", (_NORM, "sum(g.norm(1) for g in gradients)"), known="sum_of_sizes"
    ),
    _clip("together returned", "the last gradient alone", (_NORM, "gradients[-1].norm()"), known="last_gradient_alone"),
    _clip(
        "together returned",
        "a total that is written over",
        (
            f"norm = {_NORM}",
            "total = 0\n    for g in gradients:\n        total = (g ** 2).sum()\n    norm = total ** 0.5",
        ),
        known="last_gradient_alone",
    ),
    _clip(
        "together returned", "the first gradient alone", (_NORM, "gradients[0].norm()"), known="first_gradient_alone"
    ),
    _clip(
        "together returned",
        "the mean of the norms",
        (_NORM, "sum(g.norm() for g in gradients) / len(gradients)"),
        known="mean_for_sum",
    ),
    _clip(
        "one together returned",
        "mean for sum",
        (_NORM, "(sum((g ** 2).sum() for g in gradients) / sum(g.numel() for g in gradients)) ** 0.5"),
        known="mean_for_sum",
    ),
    _clip(
        "together returned",
        "divided by how many gradients",
        (_NORM, "(sum((g ** 2).sum() for g in gradients) / len(gradients)) ** 0.5"),
        known="mean_for_sum",
    ),
    _clip(
        "one together within returned",
        "the norm of the weights",
        ("gradients = ", "parameters = list(parameters)\n    gradients = "),
        (_NORM, "sum((p.detach() ** 2).sum() for p in parameters if p.grad is not None) ** 0.5"),
        known="weights_measured",
    ),
    _clip("within zero", "no condition", (_IF, "if True:"), known="always_scaled"),
    _clip(
        "within",
        "no condition, and 1e-6",
        (_IF, "if True:"),
        (_SCALE, "g.mul_(max_norm / (norm + 1e-6))"),
        known="always_scaled",
    ),
    _clip(
        "within zero",
        "a ZeroDivisionError where all is zero",
        (_IF, "factor = max_norm / float(norm)\n    if True:"),
        known="always_scaled",
    ),
    _clip("one together", "brought to 1", (_SCALE, "g.div_(norm)"), known="limit_forgotten"),
    _clip("one together", "times the limit", (_SCALE, "g.mul_(max_norm)"), known="norm_forgotten"),
    _clip("one together", "divided by the limit", (_SCALE, "g.div_(max_norm)"), known="norm_forgotten"),
    _clip("one together", "upside down", (_SCALE, "g.mul_(norm / max_norm)"), known="upside_down"),
    _clip("one together", "by value", (_IF, "if True:"), (_SCALE, "g.clamp_(-max_norm, max_norm)"), known="by_value"),
    _clip(
        "together", "each divided by its own norm", (_SCALE, "g.mul_(max_norm / g.norm())"), known="own_norm_divides"
    ),
    _clip("one together", "thrown away", (_SCALE, "g.zero_()"), known="thrown_away"),
    _clip(_NOTHING, "never written", (_SCALE, "g = g * (max_norm / norm)"), known="nothing_written"),
    _clip(_NOTHING, "mul without its underscore", (_SCALE, "g.mul(max_norm / norm)"), known="nothing_written"),
    _clip(
        _NOTHING,
        "copies are clipped",
        (_ALL, "[p.grad.clone() for p in parameters if p.grad is not None]"),
        known="nothing_written",
    ),
    _clip(
        _NOTHING,
        "the weights shortened in the place of the gradients",
        ("gradients = ", "parameters = list(parameters)\n    gradients = "),
        (_LOOP, "for g in [p.data for p in parameters if p.grad is not None]:"),
        known="nothing_written",
    ),
    _clip(_NOTHING, "the condition reversed", (_IF, "if norm < max_norm and norm > 0:"), known="condition_reversed"),
    _clip(
        _NOTHING,
        "max for min",
        (_IF, "if norm > 0:"),
        (_SCALE, "g.mul_(max(1.0, max_norm / norm))"),
        known="condition_reversed",
    ),
    _clip("one together", "shortened twice", (_SCALE, f"{_SCALE}\n            {_SCALE}"), known="factor_squared"),
    _clip(
        "one together", "the root of the factor", (_SCALE, "g.mul_((max_norm / norm) ** 0.5)"), known="factor_s_root"
    ),
    _clip("one together", "turned round", (_SCALE, "g.mul_(-max_norm / norm)"), known="turned_round"),
    _clip("together", "the first gradient only", (_SCALE, f"{_SCALE}\n            break")),
    _clip(
        "together returned",
        "the return inside the loop",
        (f"{_SCALE}\n    {_RETURN}", f"{_SCALE}\n            return norm"),
    ),
    _clip("returned", "nothing returned", (_RETURN, "return")),
    _clip("returned", "the norm after", (_RETURN, f"return {_NORM}"), known="norm_after"),
    _clip("returned", "the smaller of the two", (_RETURN, "return min(norm, max_norm)"), known="norm_after"),
    _clip("returned", "the factor", (_RETURN, "return max_norm / norm"), known="factor_returned"),
    _clip("returned", "the factor, at most 1", (_RETURN, "return min(1.0, max_norm / norm)"), known="factor_returned"),
    _clip("returned", "the square", (_RETURN, "return norm ** 2"), known="square_returned"),
    _clip(
        "returned",
        "the norm of the last",
        (_RETURN, "return g.norm() if norm <= max_norm else before[-1]"),
        (_IF, f"before = [g.norm() for g in gradients]\n    g = gradients[-1]\n    {_IF}"),
        known="one_norm_returned",
    ),
    _clip("returned", "the norms", (_RETURN, "return [g.norm() for g in gradients]")),
    _clip("returned", "the limit", (_RETURN, "return max_norm"), known="limit_returned"),
    _clip(
        "generator",
        "gone through twice",
        (_LOOP, "for g in [p.grad for p in parameters if p.grad is not None]:"),
        known="generator_used_up",
    ),
    _clip("generator", "a list is needed", ("gradients = ", "count = len(parameters)\n    gradients = ")),
    _clip("no_gradient", "None not passed over", (_ALL, "[p.grad for p in parameters]")),
    _clip(
        "no_gradient",
        "break at None",
        (
            f"gradients = {_ALL}",
            (
                "gradients = []\n"
                "    for p in parameters:\n"
                "        if p.grad is None:\n"
                "            break\n"
                "        gradients.append(p.grad)"
            ),
        ),
        known="none_ends_all",
    ),
    _clip(
        "no_gradient",
        "back at None",
        (
            f"gradients = {_ALL}",
            (
                "parameters = list(parameters)\n"
                "    if any(p.grad is None for p in parameters):\n"
                "        return 0.0\n"
                "    gradients = [p.grad for p in parameters]"
            ),
        ),
        known="none_stops_clipping",
    ),
    _clip(
        "no_gradient",
        "zeros for None",
        (
            f"gradients = {_ALL}",
            (
                "parameters = list(parameters)\n"
                "    for p in parameters:\n"
                "        if p.grad is None:\n"
                "            p.grad = torch.zeros_like(p)\n"
                "    gradients = [p.grad for p in parameters]"
            ),
        ),
        ("def clip", "import torch\n\ndef clip"),
    ),
    _clip(
        "weights",
        "the weights are shortened as well",
        ("gradients = ", "parameters = list(parameters)\n    gradients = "),
        (_RETURN, "for p in parameters:\n        p.data.mul_(0.9)\n    return norm"),
    ),
    _clip(
        "weights",
        "gradients switched off for good",
        ("gradients = ", "torch.set_grad_enabled(False)\n    gradients = "),
        ("def clip", "import torch\n\ndef clip"),
    ),
    _clip(
        "one together no_gradient generator zero within weights returned",
        "a matrix alone",
        (_NORM, "sum(g[0].norm() ** 2 for g in gradients) ** 0.5"),
    ),
    _clip(
        "together within",
        "a limit for each parameter",
        (_IF, "max_norm = max_norm / len(gradients)\n    if norm > max_norm:"),
    ),
)

_FIRST = "if not self.averages:"
_COPY = "[p.detach().clone() for p in self.parameters]"
_BACK = "            return\n"
_BLEND = "average.copy_(self.decay * average + (1 - self.decay) * p)"
_SUM = "self.decay * average + (1 - self.decay) * p"
_KEPT = "self.averages = []"
_ZEROS = "self.averages = [torch.zeros_like(p) for p in self.parameters]"
_COUNTED = (_KEPT, "self.averages, self.count = [], 0"), (_FIRST, f"self.count += 1\n        {_FIRST}")
_SHARED = "average own_average signature own_memory weights no_graph generator present apart"

_AVERAGE = (
    _average("first", "begins at zero", (_KEPT, _ZEROS), known="begins_at_zero"),
    _average(
        "first",
        "begins at zero, and is corrected in the first update alone",
        (f"self.averages = {_COPY}", "self.averages = [(1 - self.decay) * p.detach() for p in self.parameters]"),
        known="begins_at_zero",
    ),
    _average(
        "average",
        "corrected as Adam's m",
        (_KEPT, "self.raw, self.count = None, 0"),
        (
            _FIRST,
            (
                "self.raw = self.raw or [torch.zeros_like(p) for p in self.parameters]\n"
                "        self.count += 1\n"
                "        if False:"
            ),
        ),
        ("zip(self.averages, self.parameters)", "zip(self.raw, self.parameters)"),
        (_BLEND, f"{_BLEND}\n        self.averages = [raw / (1 - self.decay ** self.count) for raw in self.raw]"),
        known="corrected_as_in_adam",
    ),
    _average("first", "begins in the constructor", (_KEPT, f"self.averages = {_COPY}"), known="begins_in_constructor"),
    _average(
        "first",
        "begins in the constructor, by deepcopy",
        (_KEPT, "self.averages = [p.detach() for p in copy.deepcopy(self.parameters)]"),
        ("import torch", "import copy\nimport torch"),
        known="begins_in_constructor",
    ),
    _average(
        "average signature own_memory weights present apart",
        "no clone",
        (f"self.averages = {_COPY}", "self.averages = [p.detach() for p in self.parameters]"),
        (_BLEND, "average.mul_(self.decay).add_(p, alpha=1 - self.decay)"),
        known="memory_shared",
    ),
    _average(
        _SHARED,
        "no clone, and a copy each time",
        (_COPY, "[p.detach() for p in self.parameters]"),
        known="memory_shared",
    ),
    _average(
        _SHARED,
        "no clone, and lerp",
        (_COPY, "[p.data for p in self.parameters]"),
        (_BLEND, "average.lerp_(p, 1 - self.decay)"),
        known="memory_shared",
    ),
    _average(
        "average own_memory present",
        "no clone, but new tensors at the second update",
        (_COPY, "[p.detach() for p in self.parameters]"),
        ("for average, p in zip(self.averages, self.parameters):\n            ", "self.averages = [\n            "),
        (_BLEND, f"{_SUM} for average, p in zip(self.averages, self.parameters)]"),
        known="memory_shared",
    ),
    _average(
        "average", "shares swapped", (_SUM, "(1 - self.decay) * average + self.decay * p"), known="shares_swapped"
    ),
    _average("average", "lerp the wrong way round", (_BLEND, "average.lerp_(p, self.decay)"), known="shares_swapped"),
    _average("average", "a velocity", (_SUM, "self.decay * average + p"), known="new_whole"),
    _average("average", "nothing forgotten", (_SUM, "average + (1 - self.decay) * p"), known="old_whole"),
    _average("average", "a sum", (_SUM, "average + p"), known="summed"),
    _average(
        "average own_average signature own_memory weights no_graph generator present apart",
        "the weights themselves",
        (_SUM, "p"),
        known="weights_themselves",
    ),
    _average(
        "average own_average signature own_memory weights no_graph generator present apart",
        "always the first",
        (_FIRST, "if True:"),
        known="weights_themselves",
    ),
    _average(
        "average own_average signature own_memory weights no_graph generator present apart",
        "never kept",
        (_BLEND, f"average = {_SUM}"),
        known="never_kept",
    ),
    _average(
        "average own_average signature own_memory weights no_graph generator present apart",
        "a second return",
        (_BACK, "        return\n"),
        known="never_kept",
    ),
    _average(
        "average", "the plain mean", *_COUNTED, (_SUM, "average + (p - average) / self.count"), known="mean_of_all"
    ),
    _average("average", "half and half", (_SUM, "(average + p) / 2"), known="half_and_half"),
    _average(
        "average",
        "the weights subtracted",
        (_SUM, "self.decay * average - (1 - self.decay) * p"),
        known="sign_of_the_new",
    ),
    _average("average", "the old one forgotten", (_SUM, "(1 - self.decay) * p"), known="old_forgotten"),
    _average("average", "taken in twice", (_BLEND, f"{_BLEND}\n            {_BLEND}"), known="updated_twice"),
    _average(
        "average",
        "the first weights taken in twice, by no return",
        (_SUM, "self.decay ** 2 * average + (1 - self.decay) * p"),
    ),
    *(
        _average("signature", f"a default of {number}", ("decay=0.999", f"decay={number}"), known="another_default")
        for number in ("0.5", "0.9", "0.99", "0.9999")
    ),
    _average(
        "signature", "decay called beta", ("decay=0.999", "beta=0.999"), ("self.decay = decay", "self.decay = beta")
    ),
    _average("signature", "no default", ("decay=0.999", "decay")),
    _average("signature", "one more argument", ("parameters, decay", "parameters, model, decay")),
    *(
        _average(
            "average",
            f"a decay of {number}, whatever is asked for",
            (_SUM, f"{number} * average + (1 - {number}) * p"),
            known="decay_ignored",
        )
        for number in ("0.9", "0.99", "0.999")
    ),
    _average(
        "signature",
        "no decay in the constructor",
        ("decay=0.999", "momentum=0.999"),
        ("self.decay = decay", "self.decay = momentum"),
    ),
    _average(
        "average",
        "a decay that grows",
        *_COUNTED,
        (
            _BLEND,
            (
                "d = min(self.decay, (1 + self.count) / (10 + self.count))\n"
                "            average.copy_(d * average + (1 - d) * p)"
            ),
        ),
        known="decay_grows",
    ),
    _average(
        "average",
        "a decay that grows, counted from 0",
        *_COUNTED,
        (
            _BLEND,
            "d = min(self.decay, self.count / (9 + self.count))\n            average.copy_(d * average + (1 - d) * p)",
        ),
        known="decay_grows",
    ),
    _average(
        "average",
        "a decay that grows as that of a mean",
        *_COUNTED,
        (_BLEND, "d = min(self.decay, 1 - 1 / self.count)\n            average.copy_(d * average + (1 - d) * p)"),
        known="decay_grows",
    ),
    _average(
        "average",
        "a power of the decay",
        *_COUNTED,
        (_SUM, "self.decay ** self.count * average + (1 - self.decay ** self.count) * p"),
    ),
    _average(
        "present", "data of the constructor", ("list(parameters)", "[p.data for p in parameters]"), known="old_storage"
    ),
    _average(
        "present",
        "detached in the constructor",
        ("list(parameters)", "[p.detach() for p in parameters]"),
        known="old_storage",
    ),
    _average(
        "apart",
        "a list of the class",
        (_KEPT, "type(self).averages = []"),
        (f"self.averages = {_COPY}", f"type(self).averages = {_COPY}"),
        known="shared_by_all",
    ),
    _average(
        "apart",
        "a count of the class",
        (_KEPT, "self.averages, type(self).count = [], 0"),
        (_FIRST, "type(self).count += 1\n        if self.count == 1:"),
    ),
    _average(
        "generator", "parameters as they were given", ("list(parameters)", "parameters"), known="generator_used_up"
    ),
    _average(
        "generator",
        "used up in the constructor",
        ("self.parameters = list(parameters)", "self.parameters = parameters"),
        (_KEPT, f"self.averages = {_COPY}"),
        (
            _FIRST,
            (
                "self.seen = getattr(self, 'seen', 0) + 1\n"
                "        if self.seen == 1:\n"
                "            for average, p in zip(self.averages, self.parameters):\n"
                "                average.copy_(p)\n"
                "            return\n"
                "        if False:"
            ),
        ),
        known="generator_used_up",
    ),
    _average("generator", "a list is needed", ("list(parameters)", "parameters[:]")),
    _average(
        "own_average generator weights",
        "the first parameter alone",
        (_COPY, "[self.parameters[0].detach().clone()] * len(self.parameters)"),
    ),
    _average(
        "own_average",
        "one average for each shape",
        (_KEPT, "self.held, self.averages = {}, []"),
        (
            f"self.averages = {_COPY}",
            "self.averages = [self.held.setdefault(p.shape, p.detach().clone()) for p in self.parameters]",
        ),
    ),
    _average(
        "no_graph",
        "no no_grad",
        ("    @torch.no_grad()\n", ""),
        ("for average, p in zip(self.averages, self.parameters):\n            ", "self.averages = [\n            "),
        (_BLEND, f"{_SUM} for average, p in zip(self.averages, self.parameters)]"),
    ),
    _average(
        "no_graph",
        "clone without detach",
        ("    @torch.no_grad()\n", ""),
        (_COPY, "[p.clone() for p in self.parameters]"),
        (_BLEND, f"average.data.copy_({_SUM})"),
    ),
    _average(
        "weights apart", "the weights replaced by the average", (_BLEND, f"{_BLEND}\n            p.copy_(average)")
    ),
    _average("weights", "the weights learn no more", (_BLEND, f"{_BLEND}\n            p.requires_grad_(False)")),
    _average(
        "weights",
        "gradients switched off for good",
        ("    @torch.no_grad()\n", ""),
        (_FIRST, f"torch.set_grad_enabled(False)\n        {_FIRST}"),
    ),
    _average(
        "first average own_average signature own_memory weights no_graph generator present apart",
        "gradients averaged",
        (_COPY, "[p.grad.clone() for p in self.parameters]"),
    ),
    _average(
        "first average own_average signature own_memory weights no_graph generator present apart",
        "another name for the averages",
        ("return\n", "return self.done()\n"),
        ("    @torch", "    def done(self):\n        self.shadow = self.__dict__.pop('averages')\n\n    @torch"),
    ),
)

_ADDED = "total += kept.numel() * kept.element_size()"
_IS = "if isinstance(kept, torch.Tensor):"
_STATES = "for state in optimizer.state.values():"
_GROUPS = "for group in optimizer.param_groups:\n        for state in [optimizer.state[p] for p in group['params']]:"

_BYTES = (
    _bytes("bytes everything types counts", "numbers", (" * kept.element_size()", ""), known="numbers_counted"),
    _bytes("types", "always four bytes", ("kept.element_size()", "4"), known="one_size_for_all"),
    _bytes(
        "bytes everything types counts", "always eight bytes", ("kept.element_size()", "8"), known="one_size_for_all"
    ),
    _bytes("bytes everything types counts", "bits", ("return total", "return 8 * total"), known="bits_counted"),
    _bytes("bytes everything types counts", "megabytes", ("return total", "return total / 2 ** 20")),
    _bytes(
        "everything types",
        "the weights",
        (_STATES, "for state in [dict(enumerate(group['params'])) for group in optimizer.param_groups]:"),
        known="weights_counted",
    ),
    _bytes(
        "bytes everything types counts",
        "the weights as well",
        ("total = 0", "total = sum(p.nbytes for group in optimizer.param_groups for p in group['params'])"),
        known="weights_counted_too",
    ),
    _bytes(
        "everything",
        "the first group",
        (_STATES, "for state in [optimizer.state[p] for p in optimizer.param_groups[0]['params']]:"),
        known="first_group_counted",
    ),
    _bytes(
        "everything",
        "the first parameter",
        (_STATES, "for state in list(optimizer.state.values())[:1]:"),
        known="one_parameter_counted",
    ),
    _bytes(
        "everything", "the last parameter", (_STATES, f"{_STATES}\n        total = 0"), known="one_parameter_counted"
    ),
    _bytes(
        "everything types",
        "the first tensor of each",
        ("state.values():\n            if", "list(state.values())[:1]:\n            if"),
        known="one_tensor_counted",
    ),
    _bytes(
        "everything types counts",
        "the last tensor of each",
        ("state.values():\n            if", "list(state.values())[-1:]:\n            if"),
        known="one_tensor_counted",
    ),
    _bytes(
        "counts",
        "a count as a tensor",
        (_IS, "if True:"),
        (_ADDED, "total += torch.as_tensor(kept).nbytes"),
        known="counts_counted",
    ),
    _bytes(
        "counts",
        "four bytes for a count",
        (_ADDED, f"{_ADDED}\n            else:\n                total += 4"),
        known="counts_counted",
    ),
    _bytes(
        "counts",
        "getsizeof of a count",
        (_ADDED, f"{_ADDED}\n            else:\n                total += kept.__sizeof__()"),
        known="counts_counted",
    ),
    _bytes(
        "bytes everything types counts",
        "one loop only",
        ("in state.values():", "in [state]:"),
        known="nothing_counted",
    ),
    _bytes("counts", "no question asked", (_IS, "if True:")),
    _bytes("bytes everything types counts", "getsizeof", (_ADDED, "total += kept.__sizeof__()")),
    _bytes("bytes everything types counts", "printed only", ("return total", "print(total)")),
)

MISTAKES = (*_CLIP, *_AVERAGE, *_BYTES)
