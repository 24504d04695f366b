# %% [markdown] lang="en"
# # Newton's method
#
# A root of $f$ is found by following tangents: $x \leftarrow x - f(x) / f'(x)$.

# %% given="setup"
import coursekit


# %% solution="newton"
def newton(function, start, steps):
    """Return the start and the number after each step; `function.slope(x)` is the derivative."""
    ### BEGIN SOLUTION
    numbers = [start]
    for _ in range(steps):
        numbers.append(numbers[-1] - function(numbers[-1]) / function.slope(numbers[-1]))
    return numbers
    ### END SOLUTION


# %% check="newton_check" points=18
coursekit.check(newton)

# %% [markdown] lang="en" answer="newton_words" points=2
# Where the tangent is level there is no next number.
