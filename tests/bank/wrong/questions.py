"""Wrong answers to the questions."""

from tests.bank.questions import ANSWERS
from tests.bank.wrong.plain import costs

MISTAKES = tuple(
    costs("answer", name, line, (f"return {answers.right[0]}", f"return {line}"))
    for name, answers in ANSWERS.items()
    for line in answers.wrong
)
