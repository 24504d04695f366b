"""The questions, each answered in several ways."""

from tests.bank.questions import ANSWERS
from tests.solutions import defined

STYLES = tuple(
    (name, defined(answers.source(name, line))[name]) for name, answers in ANSWERS.items() for line in answers.right[1:]
)
