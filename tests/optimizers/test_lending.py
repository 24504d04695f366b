"""What calls something else that the student wrote loses nothing by what is wrong there."""

import pytest
import torch

from coursekit.judging.behaviours import remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.subject import subject
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import FUNCTIONS
from tests.bank.wrong import MISTAKES, RIGHT
from tests.solutions import asking, defined, lost

EVERYTHING = {behaviour.name for behaviour in ladder("train_network")}
TRAINING = RIGHT["train_network"].replace(
    "((y - (W2 * (W1 * x + b1) + b2)) ** 2)", "loss(forward(x, W1, b1, W2, b2), y)"
)
NETWORK = RIGHT["forward"] + RIGHT["loss"] + TRAINING
STUB = "    raise NotImplementedError\n"


def of_notebook_7(*edits):
    """Run the three functions of notebook 7, changed."""
    source = NETWORK
    for old, new in edits:
        assert source.count(old) >= 1
        source = source.replace(old, new)
    return defined(source)


@pytest.mark.parametrize(
    "mistake", [each for each in MISTAKES if each.subject in ("forward", "loss")], ids=lambda each: each.name
)
def test_training_loses_nothing_by_a_mistake_in_the_prediction_or_the_loss(mistake):
    space = of_notebook_7(*mistake.edits)
    assert lost(space[mistake.subject], mistake.subject) == mistake.lost
    assert lost(space["train_network"], "train_network") == set()


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([("    h = W1 * x + b1\n    return W2 * h + b2\n", STUB)], id="a prediction not written yet"),
        pytest.param([("return (target - prediction) ** 2", "return los")], id="a loss that raises"),
        pytest.param(
            [("* h + b2", "* h"), ("(target - prediction) ** 2", "abs(target - prediction)")], id="both wrong"
        ),
        pytest.param(
            [
                ("* h + b2", "* h"),
                ("def loss(prediction, target)", "def loss(target, prediction, weights)"),
                (", y)", ", y, 1)"),
            ],
            id="one wrong, and one with arguments of its own",
        ),
    ],
)
def test_training_is_right_with_whatever_of_the_course_s_it_needs(edits):
    assert lost(of_notebook_7(*edits)["train_network"], "train_network") == set()


def test_functions_with_arguments_of_their_own_may_be_used_as_they_are():
    space = of_notebook_7(("forward(x, W1, b1, W2, b2)", "forward(W1, b1, W2, b2, x)"))
    assert lost(space["forward"], "forward") != set()
    assert lost(space["train_network"], "train_network") == set()


def test_mistake_in_the_training_costs_as_much_as_ever_and_is_named_beside_one_in_the_prediction():
    dropped = ("(weights, **hyperparameters)", "(weights)")
    for edits in ([dropped], [dropped, ("* h + b2", "* h")]):
        written = of_notebook_7(*edits)["train_network"]
        (wrong,) = (each for each in ladder("train_network") if each.judge(asking(written)))
        assert wrong.name == "hyperparameters"
        finding = judge_behaviour(wrong, remembering(asking(written)), subject().known("train_network"))
        assert "hyperparameters_dropped" in {each.name for each in finding.named.certain}


def test_what_is_not_written_in_the_prediction_hides_no_mistake_of_the_training():
    written = of_notebook_7(("    h = W1 * x + b1\n    return W2 * h + b2\n", STUB), ("optimizer.zero_grad()", "pass"))
    found = [finding for each in ladder("train_network") if (finding := each.judge(asking(written["train_network"])))]
    assert {finding.kind for finding in found} == {"result"}


def test_training_that_is_not_written_gets_nothing_whatever_is_lent():
    def train_network(optimizer_class, x, y, steps, **hyperparameters):
        raise NotImplementedError

    assert lost(train_network, "train_network") == EVERYTHING


def test_what_is_lent_is_gone_after_the_call():
    space = of_notebook_7(("* h + b2", "* h"))
    own = space["forward"]
    del space["loss"]
    assert lost(space["train_network"], "train_network") == set()
    assert space["forward"] is own
    assert "loss" not in space


def test_what_is_lent_is_what_torch_has():
    numbers = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (0.5, -2.0, 3.0, 0.25)]
    x = torch.tensor([1.0, 2.0])
    W1, b1, W2, b2 = numbers
    prediction = FUNCTIONS["forward"](x, *numbers)
    torch.testing.assert_close(prediction.float(), W2 * (W1 * x + b1) + b2)
    FUNCTIONS["loss"](prediction[0], torch.tensor(4.0)).backward()
    assert W1.grad.item() == pytest.approx(2 * (prediction[0].item() - 4.0) * W2.item())
