"""Answers to the questions, as the one line that a student writes: right ones, and wrong ones with their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Answers:
    """What may stand behind `return` in the function with these arguments.

    Attributes
    ----------
    right
        The plain answer first.
    wrong
        Each with the name of the mistake, "" where it has none.
    """

    arguments: str
    right: tuple[str, ...]
    wrong: Mapping[str, str]

    def source(self, name: str, line: str) -> str:
        """Return the function that a student writes."""
        return f"import math\nimport numpy as np\nimport torch\n\ndef {name}({self.arguments}):\n    return {line}\n"


ANSWERS = {
    "moved_uncleared": Answers(
        "g1, g2, g3, learning_rate",
        (
            "learning_rate * (3 * g1 + 2 * g2 + g3)",
            "learning_rate * g1 + learning_rate * (g1 + g2) + learning_rate * (g1 + g2 + g3)",
            "learning_rate * float(np.cumsum([g1, g2, g3]).sum())",
            "torch.tensor([3.0, 2.0, 1.0]) @ torch.tensor([g1, g2, g3]) * learning_rate",
            "sum((3 - i) * g for i, g in enumerate((g1, g2, g3))) * learning_rate",
        ),
        {
            "learning_rate * (g1 + g2 + g3)": "cleared",
            "learning_rate * (g1 + 2 * g2 + 3 * g3)": "last_counts_most",
            "3 * g1 + 2 * g2 + g3": "no_rate",
            "-learning_rate * (3 * g1 + 2 * g2 + g3)": "other_sign",
            "learning_rate * g3": "",
            "learning_rate * (3 * g1 + 2 * g2 + g3) / 3": "",
            "learning_rate * 3 * (g1 + g2 + g3)": "",
        },
    ),
    "largest_rate_of_sum": Answers(
        "curvature, points",
        (
            "2 / (curvature * points)",
            "2 / curvature / points",
            "torch.tensor(2.0) / (points * curvature)",
            "np.float32(2) * (points * curvature) ** -1",
        ),
        {
            "2 / curvature": "of_the_mean",
            "2 * points / curvature": "grows_with_points",
            "1 / (curvature * points)": "arrives",
            "curvature * points / 2": "upside_down",
            "2 / points": "no_curvature",
            "2 / (curvature * points**0.5)": "",
            "2 / (curvature + points)": "",
        },
    ),
    "step_half_corrected": Answers(
        "t, learning_rate, beta1, beta2",
        (
            "learning_rate / (1 - beta2**t) ** 0.5",
            "learning_rate / math.sqrt(1 - beta2**t)",
            "learning_rate / torch.tensor(1 - beta2**t).sqrt()",
            "learning_rate / sum((1 - beta2) * beta2**i for i in range(t)) ** 0.5",
            "learning_rate * (1 - beta1**t) / (1 - beta1**t) / np.sqrt(1 - beta2**t)",
        ),
        {
            "learning_rate": "both_corrected",
            "learning_rate * (1 - beta1**t) / (1 - beta2**t) ** 0.5": "none_corrected",
            "learning_rate * (1 - beta1**t)": "other_corrected",
            "learning_rate / (1 - beta2**t)": "no_root",
            "learning_rate * (1 - beta2**t) ** 0.5": "multiplied",
            "learning_rate / (1 - beta2) ** 0.5": "first_step",
            "learning_rate / (1 - beta1**t) ** 0.5": "",
            "learning_rate / (1 - beta2 * t) ** 0.5 if beta2 * t < 1 else 0.5": "",
        },
    ),
    "step_after_turn": Answers(
        "learning_rate, beta1",
        (
            "learning_rate * (2 * beta1 - 1)",
            "learning_rate * (beta1 - (1 - beta1))",
            "torch.tensor(beta1 * 1 + (1 - beta1) * -1.0) * learning_rate",
            "learning_rate - 2 * learning_rate * (1 - beta1)",
            "np.average([learning_rate, -learning_rate], weights=[beta1, 1 - beta1])",
        ),
        {
            "-learning_rate": "no_momentum",
            "learning_rate * (1 - 2 * beta1)": "weights_swapped",
            "learning_rate * beta1": "new_left_out",
            "learning_rate": "not_turned",
            "learning_rate * (1 - beta1)": "",
            "2 * beta1 - 1": "",
        },
    ),
    "step_at_jump": Answers(
        "times, learning_rate, decay",
        (
            "learning_rate * times / (decay + (1 - decay) * times**2) ** 0.5",
            "learning_rate * times / math.sqrt(decay * 1 + (1 - decay) * times * times)",
            "learning_rate / (decay / times**2 + 1 - decay) ** 0.5",
            "learning_rate * times / torch.tensor(decay + times**2 - decay * times**2).sqrt()",
            "learning_rate * times / np.average([1, times**2], weights=[decay, 1 - decay]) ** 0.5",
        ),
        {
            "learning_rate * times": "old_average",
            "learning_rate * times / ((1 - decay) + decay * times**2) ** 0.5": "weights_swapped",
            "learning_rate * times / (decay + (1 - decay) * times**2)": "no_root",
            "learning_rate / (1 - decay) ** 0.5": "first_of_all",
            "learning_rate": "even",
            "learning_rate / (decay + (1 - decay) * times**2) ** 0.5": "",
            "learning_rate * times / (decay + (1 - decay) * times)": "",
        },
    ),
    "first_step_inside": Answers(
        "gradient, learning_rate, decay, epsilon",
        (
            "learning_rate * gradient / ((1 - decay) * gradient**2 + epsilon) ** 0.5",
            "learning_rate * gradient / math.sqrt((1 - decay) * gradient**2 + epsilon)",
            "learning_rate / (1 - decay + epsilon / gradient**2) ** 0.5",
            "learning_rate * gradient / np.hypot((1 - decay) ** 0.5 * gradient, epsilon**0.5)",
        ),
        {
            "learning_rate * gradient / (((1 - decay) * gradient**2) ** 0.5 + epsilon)": "beside",
            "learning_rate / (1 - decay) ** 0.5": "no_epsilon",
            "learning_rate * gradient / (gradient**2 + epsilon) ** 0.5": "whole_square",
            "learning_rate * gradient / (decay * gradient**2 + epsilon) ** 0.5": "weights_swapped_inside",
            "learning_rate * gradient / ((1 - decay) * gradient**2 + epsilon)": "no_root_inside",
            "learning_rate / ((1 - decay) * gradient**2 + epsilon) ** 0.5": "",
            "learning_rate * gradient / ((1 - decay) * gradient**2 + epsilon**2) ** 0.5": "",
        },
    ),
    "rare_step": Answers(
        "steps, every, learning_rate",
        (
            "learning_rate / (steps / every) ** 0.5",
            "learning_rate / math.sqrt(steps // every)",
            "learning_rate * (every / steps) ** 0.5",
            "learning_rate / torch.ones(steps // every).norm()",
            "learning_rate / sum(step % every == 0 for step in range(1, steps + 1)) ** 0.5",
        ),
        {
            "learning_rate / steps**0.5": "always_there",
            "learning_rate * every / steps": "no_root",
            "learning_rate": "first_of_all",
            "learning_rate / every**0.5": "pauses_counted",
            "learning_rate / (steps - steps // every) ** 0.5": "",
            "learning_rate / (steps * every) ** 0.5": "",
        },
    ),
    "shared_first_step": Answers(
        "g1, g2, learning_rate",
        (
            "learning_rate * g1 / (g1**2 + g2**2) ** 0.5",
            "learning_rate * g1 / math.hypot(g1, g2)",
            "learning_rate * g1 / torch.tensor([g1, g2]).norm()",
            "learning_rate / (1 + (g2 / g1) ** 2) ** 0.5",
        ),
        {
            "learning_rate": "own_memory",
            "learning_rate * g1 / (g1**2 + g2**2)": "no_root",
            "learning_rate * g1 / (g1 + g2)": "not_squared",
            "learning_rate * g1 / ((g1**2 + g2**2) / 2) ** 0.5": "mean_for_sum",
            "learning_rate * g2 / (g1**2 + g2**2) ** 0.5": "of_the_other",
            "learning_rate * g1 / g2": "",
            "learning_rate / (g1**2 + g2**2) ** 0.5": "",
        },
    ),
    "lost_to_decay": Answers(
        "theta, steps, learning_rate, weight_decay",
        (
            "theta * (1 - (1 - learning_rate * weight_decay) ** steps)",
            "theta - theta * (1 - learning_rate * weight_decay) ** steps",
            "theta - theta * math.exp(steps * math.log(1 - learning_rate * weight_decay))",
            "theta - torch.tensor(theta) * torch.full((steps,), 1 - learning_rate * weight_decay).prod()",
            "sum(learning_rate * weight_decay * theta * (1 - learning_rate * weight_decay) ** i for i in range(steps))",
        ),
        {
            "theta * (1 - learning_rate * weight_decay) ** steps": "what_is_left",
            "steps * learning_rate * weight_decay * theta": "of_the_first_value",
            "theta * (1 - (1 - weight_decay) ** steps)": "no_rate",
            "learning_rate * weight_decay * theta": "one_step",
            "learning_rate * steps": "through_the_gradient",
            "theta * (1 - (1 + learning_rate * weight_decay) ** steps)": "",
            "1 - (1 - learning_rate * weight_decay) ** steps": "",
            "-theta * (1 - (1 - learning_rate * weight_decay) ** steps)": "",
        },
    ),
    "first_move_inside": Answers(
        "theta, gradient, learning_rate, weight_decay",
        (
            "math.copysign(learning_rate, gradient + weight_decay * theta)",
            "learning_rate * (gradient + weight_decay * theta) / abs(gradient + weight_decay * theta)",
            "learning_rate if gradient + weight_decay * theta > 0 else -learning_rate",
            "learning_rate * np.sign(gradient + weight_decay * theta)",
            "learning_rate * torch.sign(torch.tensor(gradient + weight_decay * theta))",
        ),
        {
            "math.copysign(learning_rate, gradient) + learning_rate * weight_decay * theta": "beside",
            "learning_rate * (gradient + weight_decay * theta)": "not_divided",
            "math.copysign(learning_rate, gradient)": "no_decay",
            "-math.copysign(learning_rate, gradient + weight_decay * theta)": "after_minus_before",
            "learning_rate": "no_sign",
            "learning_rate * weight_decay * theta": "",
            "gradient + weight_decay * theta": "",
        },
    ),
    "rate_for": Answers(
        "share, curvature, steps",
        (
            "(1 - share ** (1 / steps)) / curvature",
            "(1 - math.exp(math.log(share) / steps)) / curvature",
            "1 / curvature - share ** (1 / steps) / curvature",
            "(1 - torch.tensor(share).pow(1 / steps)) / curvature",
            "-np.expm1(np.log(share) / steps) / curvature",
        ),
        {
            "(1 - share) / (steps * curvature)": "even_steps",
            "(1 - share) / curvature": "one_step",
            "(1 - share ** (1 / steps)) / (2 * curvature)": "curvature_twice",
            "(1 + share ** (1 / steps)) / curvature": "jumps_across",
            "(1 - (1 - share) ** (1 / steps)) / curvature": "what_is_gone",
            "-math.log(share) / (steps * curvature)": "small_rate",
            "1 - share": "",
            "1 - share ** (1 / steps)": "",
        },
    ),
    "place_of_rest": Answers(
        "minimum, curvature, root_v, weight_decay",
        (
            "curvature * minimum / (curvature + weight_decay * root_v)",
            "minimum / (1 + weight_decay * root_v / curvature)",
            "minimum - minimum * weight_decay * root_v / (curvature + weight_decay * root_v)",
            "torch.tensor(curvature * minimum / root_v) / (curvature / root_v + weight_decay)",
        ),
        {
            "minimum": "minimum",
            "curvature * minimum / (curvature + weight_decay)": "through_the_gradient",
            "curvature * minimum / (curvature - weight_decay * root_v)": "added",
            "minimum / (1 + weight_decay * root_v)": "no_curvature",
            "minimum * weight_decay * root_v / (curvature + weight_decay * root_v)": "distance",
            "minimum - root_v * weight_decay * minimum / curvature": "pull_at_the_minimum",
            "1 / weight_decay": "",
            "curvature * minimum / (curvature + weight_decay * root_v**2)": "",
        },
    ),
    "parameters_of": Answers(
        "inputs, hidden, outputs",
        (
            "(inputs + 1) * hidden + (hidden + 1) * outputs",
            "inputs * hidden + hidden + hidden * outputs + outputs",
            "hidden * (inputs + outputs + 1) + outputs",
            "sum(p.numel() for n in ((inputs, hidden), (hidden, outputs)) for p in torch.nn.Linear(*n).parameters())",
        ),
        {
            "inputs * hidden + hidden * outputs": "no_biases",
            "inputs * hidden + 1 + hidden * outputs + 1": "bias_of_a_layer",
            "inputs + hidden + outputs": "neurons",
            "(inputs + 1) * hidden": "one_layer",
            "inputs + (inputs + 1) * hidden + (hidden + 1) * outputs": "biases_of_the_inputs",
            "inputs * hidden * outputs": "",
            "inputs * hidden + hidden * outputs + hidden": "outputs_without_bias",
            "inputs * hidden * outputs + hidden": "",
        },
    ),
    "gradient_through_tanh": Answers(
        "delta, W2, z, x",
        (
            "delta * W2 * (1 - math.tanh(z) ** 2) * x",
            "delta * W2 * x / math.cosh(z) ** 2",
            "delta * W2 * (1 - torch.tanh(torch.tensor(z)).square()) * x",
            "x * W2 * delta * (1 - np.tanh(z)) * (1 + np.tanh(z))",
        ),
        {
            "delta * W2 * x": "no_activation",
            "delta * W2 * math.tanh(z) * x": "value_for_slope",
            "delta * W2 * (1 - math.tanh(z)) * x": "not_squared",
            "delta * W2 * (1 - z**2) * x": "slope_of_the_input",
            "delta * W2 * (1 - math.tanh(z) ** 2)": "of_the_bias",
            "delta * math.tanh(z)": "",
            "delta * W2 * math.tanh(z) * (1 - math.tanh(z)) * x": "",
        },
    ),
    "rate_after_writing": Answers(
        "initial_lr, written, at, epoch, period",
        (
            "written * 0.5 ** (epoch // period - at // period)",
            "written / 2 ** (epoch // period - at // period)",
            "torch.tensor(written) * 2.0 ** (at // period - epoch // period)",
            "written / 2 ** len([k for k in range(at + 1, epoch + 1) if k % period == 0])",
        ),
        {
            "written * 0.5 ** ((epoch - at) // period)": "counted_anew",
            "initial_lr * 0.5 ** (epoch // period)": "overwritten",
            "written * 0.5 ** (epoch // period)": "every_halving",
            "written": "never_again",
            "written * 0.5 ** (epoch - at)": "",
            "written * 0.5 ** ((epoch - at) / period)": "parts_of_halvings",
            "written * 0.5 ** (at / period)": "",
            "written / (2 * (epoch // period - at // period) + 1)": "",
        },
    ),
    "noise_floor": Answers(
        "learning_rate, curvature, variance",
        (
            "learning_rate * variance / (curvature * (2 - learning_rate * curvature))",
            "learning_rate**2 * variance / (1 - (1 - learning_rate * curvature) ** 2)",
            "torch.tensor(learning_rate) / (2 - learning_rate * curvature) * variance / curvature",
            "variance / curvature**2 * (learning_rate * curvature) / (2 - learning_rate * curvature)",
        ),
        {
            "learning_rate / (2 - learning_rate) * variance": "curvature_of_one",
            "learning_rate * curvature / (2 - learning_rate * curvature) * variance": "rate_for_product",
            "learning_rate * variance / (2 * curvature)": "small_rate",
            "learning_rate**2 * variance": "one_step",
            "(learning_rate * variance / (curvature * (2 - learning_rate * curvature))) ** 0.5": "distance",
            "learning_rate**2 * variance / (1 - (1 - learning_rate * curvature))": "",
            "learning_rate * variance / (2 - learning_rate * curvature)": "",
        },
    ),
    "reduction_in_keras": Answers(
        "improved, patience, number",
        (
            "improved + patience * number",
            "improved + sum(patience for _ in range(number))",
            "torch.tensor(improved) + torch.tensor(patience) * number",
            "list(range(improved, 1000, patience))[number]",
        ),
        {
            "improved + (patience + 1) * number": "in_torch",
            "improved + (patience + 1) * number - 1": "only_the_first",
            "patience * number": "from_the_start",
            "improved + patience + number - 1": "not_put_back",
            "improved + patience": "",
            "improved + patience * number + 1": "",
            "improved + (patience - 1) * number": "",
        },
    ),
    "rate_if_not_reset": Answers(
        "initial_lr, factor, patience, bad_epochs",
        (
            "initial_lr * factor ** (bad_epochs - patience)",
            "initial_lr * math.prod([factor] * (bad_epochs - patience))",
            "initial_lr * factor**bad_epochs / factor**patience",
            "torch.tensor(factor) ** (bad_epochs - patience) * initial_lr",
        ),
        {
            "initial_lr * factor ** (bad_epochs // (patience + 1))": "put_back",
            "initial_lr * factor ** (bad_epochs - patience + 1)": "patience_reached",
            "initial_lr * factor ** (bad_epochs - patience - 1)": "one_too_few",
            "initial_lr * factor**bad_epochs": "every_bad_epoch",
            "initial_lr * factor": "one_reduction",
            "initial_lr * factor * (bad_epochs - patience)": "",
            "initial_lr * (1 - factor) ** (bad_epochs - patience)": "",
        },
    ),
    "rolls_on": Answers(
        "velocity, learning_rate, momentum",
        (
            "learning_rate * momentum * velocity / (1 - momentum)",
            "learning_rate * (velocity / (1 - momentum) - velocity)",
            "sum(learning_rate * velocity * momentum**k for k in range(1, 1000))",
            "torch.tensor(velocity) * learning_rate / (1 / momentum - 1)",
        ),
        {
            "learning_rate * velocity / (1 - momentum)": "step_before",
            "learning_rate * momentum * velocity": "one_step",
            "momentum * velocity / (1 - momentum)": "no_rate",
            "learning_rate * (1 - momentum) * velocity / momentum": "exchanged",
            "learning_rate * velocity": "",
            "learning_rate * momentum**2 * velocity / (1 - momentum)": "",
            "-learning_rate * momentum * velocity / (1 - momentum)": "",
        },
    ),
    "step_after_cut": Answers(
        "gradient, old_rate, new_rate, momentum",
        (
            "momentum * old_rate * gradient / (1 - momentum) + new_rate * gradient",
            "gradient * (new_rate + old_rate * momentum / (1 - momentum))",
            "new_rate * gradient + sum(momentum**k * old_rate * gradient for k in range(1, 1000))",
            "torch.tensor(gradient) * old_rate / (1 - momentum) - gradient * (old_rate - new_rate)",
        ),
        {
            "new_rate * gradient / (1 - momentum)": "as_torch",
            "old_rate * gradient / (1 - momentum)": "old_goes_on",
            "old_rate * gradient / (1 - momentum) + new_rate * gradient": "velocity_whole",
            "momentum * old_rate * gradient / (1 - momentum)": "gradient_missing",
            "new_rate * gradient": "new_alone",
            "(old_rate + new_rate) * gradient": "",
            "momentum * old_rate * gradient + new_rate * gradient": "",
        },
    ),
    "rate_after_resuming": Answers(
        "initial_lr, steps, done, more",
        (
            "initial_lr * (1 + math.cos(math.pi * done / steps)) * (1 + math.cos(math.pi * more / (steps - done))) / 4",
            "initial_lr * (math.cos(math.pi * done / steps / 2) * math.cos(math.pi * more / (steps - done) / 2)) ** 2",
            "initial_lr * float(np.prod((1 + np.cos(np.pi * np.array([done / steps, more / (steps - done)]))) / 2))",
            "initial_lr * (1 + torch.tensor([done / steps, more / (steps - done)]).mul(torch.pi).cos()).prod() / 4",
        ),
        {
            "initial_lr * (1 + math.cos(math.pi * (done + more) / steps)) / 2": "one_arc",
            "initial_lr * (1 + math.cos(math.pi * more / (steps - done))) / 2": "from_the_top",
            "initial_lr * float(np.prod(1 + np.cos(np.pi * np.array([done / steps, more / (steps - done)])))) / 2": (
                "half_forgotten"
            ),
            "initial_lr * (1 + math.cos(math.pi * done / steps)) * (1 + math.cos(math.pi * more / steps)) / 4": (
                "whole_length"
            ),
            "initial_lr * (1 + math.cos(math.pi * done / steps)) / 2": "at_the_stop",
            "initial_lr * (1 + math.cos(math.pi * more / steps)) / 2": "everything_again",
            "initial_lr * (1 - (done + more) / steps)": "",
            "initial_lr * (1 + math.cos(math.pi * done / steps)) * (1 + math.cos(math.pi * more / (steps - done)))": "",
        },
    ),
    "edge_with_momentum": Answers(
        "learning_rate, momentum",
        (
            "2 * (1 + momentum) / learning_rate",
            "2 / learning_rate + 2 * momentum / learning_rate",
            "(1 + momentum) * 2 * learning_rate**-1",
            "torch.tensor(2 + 2 * momentum) / learning_rate",
        ),
        {
            "2 / learning_rate": "no_momentum",
            "2 * (1 - momentum) / learning_rate": "long_steps",
            "2 * (1 + momentum) / (1 + 2 * momentum) / learning_rate": "nesterov",
            "(1 + momentum) / learning_rate": "half_of_it",
            "2 * (1 + momentum) * learning_rate": "rate_multiplied",
            "2 / (learning_rate * (1 - momentum))": "",
            "2 / (learning_rate * (1 + momentum))": "",
        },
    ),
    "rate_like_sign": Answers(
        "sign_rate, rows, columns",
        (
            "sign_rate * columns**0.5",
            "sign_rate * math.sqrt(columns)",
            "sign_rate * (rows * columns / min(rows, columns)) ** 0.5 / max(1, rows / columns) ** 0.5",
            "sign_rate / float(torch.tensor(1.0 / columns, dtype=torch.float64)) ** 0.5",
        ),
        {
            "sign_rate * max(rows, columns) ** 0.5": "without_scale",
            "sign_rate * rows**0.5": "rows_for_columns",
            "sign_rate": "same_rate",
            "sign_rate * columns": "no_root",
            "sign_rate / columns**0.5": "upside_down",
            "sign_rate / rows**0.5": "whole_length",
            "sign_rate * min(rows, columns) ** 0.5": "",
            "sign_rate * (rows * columns) ** 0.5": "",
        },
    ),
    "stretched_by_largest": Answers(
        "larger, smaller",
        (
            "3.4445 * (smaller / larger) - 4.7750 * (smaller / larger)**3 + 2.0315 * (smaller / larger)**5",
            "(lambda s: s * (3.4445 + s**2 * (2.0315 * s**2 - 4.775)))(smaller / larger)",
            "sum(k * (smaller / larger) ** n for k, n in ((3.4445, 1), (-4.775, 3), (2.0315, 5)))",
            "float(np.polyval([2.0315, 0, -4.775, 0, 3.4445, 0], smaller / larger))",
        ),
        {
            "3.4445 * (s := smaller / math.hypot(larger, smaller)) - 4.775 * s**3 + 2.0315 * s**5": "by_frobenius",
            "3.4445 - 4.7750 + 2.0315": "the_larger_one",
            "3.4445 * smaller - 4.7750 * smaller**3 + 2.0315 * smaller**5": "not_divided",
            "smaller / larger": "no_step",
            "larger * sum(k * (smaller / larger) ** n for k, n in ((3.4445, 1), (-4.775, 3), (2.0315, 5)))": (
                "multiplied_back"
            ),
            "3.4445 * smaller / larger": "",
            "round(sum(k * (smaller / larger) ** n for k, n in ((3.4445, 1), (-4.775, 3), (2.0315, 5))), 3)": "",
            "sum(k * (larger / smaller) ** n for k, n in ((3.4445, 1), (-4.775, 3), (2.0315, 5)))": "",
        },
    ),
    "epsilon_factor": Answers(
        "gradient, epsilon, beta2",
        (
            "(gradient + epsilon) / (gradient + epsilon / (1 - beta2) ** 0.5)",
            "(1 - beta2) ** 0.5 * (gradient + epsilon) / ((1 - beta2) ** 0.5 * gradient + epsilon)",
            "1 - epsilon * ((1 - beta2) ** -0.5 - 1) / (gradient + epsilon / (1 - beta2) ** 0.5)",
            "torch.tensor(gradient + epsilon) / (gradient + epsilon / math.sqrt(1 - beta2))",
        ),
        {
            "(gradient + epsilon / (1 - beta2) ** 0.5) / (gradient + epsilon)": "upside_down",
            "(gradient + epsilon) / (gradient + epsilon / (1 - beta2))": "no_root",
            "(1 - beta2) ** 0.5": "no_gradient",
            "gradient / (gradient + epsilon / (1 - beta2) ** 0.5)": "epsilon_as_it_is",
            "(gradient + epsilon) / (gradient + epsilon * (1 - beta2) ** 0.5)": "",
            "1.0": "",
        },
    ),
    "decay_gap": Answers(
        "learning_rate, weight_decay",
        (
            "learning_rate**2 * weight_decay",
            "learning_rate * (learning_rate * weight_decay)",
            "learning_rate - learning_rate * (1 - learning_rate * weight_decay)",
            "torch.tensor(learning_rate, dtype=torch.float64) ** 2 * weight_decay",
        ),
        {
            "learning_rate * weight_decay": "one_rate",
            "learning_rate**2": "no_decay",
            "-(learning_rate**2) * weight_decay": "other_sign",
            "2 * learning_rate**2 * weight_decay": "",
            "learning_rate * weight_decay**2": "",
            "0.0": "",
        },
    ),
    "longest_step": Answers(
        "max_norm, learning_rate, momentum",
        (
            "learning_rate * max_norm / (1 - momentum)",
            "learning_rate * sum(max_norm * momentum**k for k in range(1000))",
            "max_norm * (learning_rate + learning_rate * momentum / (1 - momentum))",
            "torch.tensor(max_norm) / (1 - momentum) * learning_rate",
        ),
        {
            "learning_rate * max_norm": "without_momentum",
            "learning_rate * momentum * max_norm / (1 - momentum)": "velocity_before",
            "max_norm / (1 - momentum)": "no_rate",
            "learning_rate * max_norm / momentum": "exchanged",
            "learning_rate * max_norm * (1 + momentum)": "",
            "learning_rate * max_norm * (1 - momentum)": "",
            "learning_rate / (1 - momentum)": "",
        },
    ),
    "lag": Answers(
        "step, decay",
        (
            "step * decay / (1 - decay)",
            "step / (1 - decay) - step",
            "sum(step * decay**k for k in range(1, 1000))",
            "torch.tensor(step) / (1 / decay - 1)",
            '__import__("fractions").Fraction(step * decay / (1 - decay))',
            '__import__("decimal").Decimal(step * decay / (1 - decay))',
        ),
        {
            "step / (1 - decay)": "before_the_update",
            "step * (1 - decay) / decay": "exchanged",
            "-step * decay / (1 - decay)": "reversed",
            "step * decay": "one_move",
            "decay / (1 - decay)": "no_step",
            "step": "",
            "step * (1 - decay)": "",
        },
    ),
    "seeds_needed": Answers(
        "level",
        (
            "math.ceil(1 + math.log2(1 / level))",
            "next(n for n in range(1, 100) if 2 / 2**n <= level)",
            "1 + math.ceil(-math.log2(level))",
            "torch.ceil(1 - torch.log2(torch.tensor(level, dtype=torch.float64)))",
        ),
        {
            "math.ceil(math.log2(1 / level))": "one_sided",
            "1 + math.log2(1 / level)": "not_whole",
            "1 / level": "reciprocal",
            "math.ceil(1 + math.log(1 / level))": "natural_logarithm",
            "math.ceil(1 / level)": "",
            "int(1 - math.log2(level)) + 1": "",
            "2 / 2**level": "",
            "6": "",
        },
    ),
    "chance_of_more_tries": Answers(
        "tries, others",
        (
            "tries / (tries + others)",
            "1 - others / (tries + others)",
            "1 / (1 + others / tries)",
            "math.comb(tries + others - 1, others) / math.comb(tries + others, others)",
        ),
        {
            "0.5": "even",
            "others / (tries + others)": "exchanged",
            "tries / others": "ratio",
            "(tries - others) / (tries + others)": "lead",
            "1 - 0.5**tries": "",
            "1 / tries": "",
            "1 - 1 / tries": "",
        },
    ),
}
