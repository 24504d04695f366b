# My own helper, I use it for Adam here and for AdamW in the next notebook.
def moving_average(state, key, value, beta):
    """Update the average `key` in the state and return it with its bias removed (state["t"] counts the steps)."""
    if key not in state:
        state[key] = torch.zeros_like(value)
    state[key] = beta * state[key] + (1 - beta) * value
    return state[key] / (1 - beta ** state["t"])


# try it: the average of a constant must be that constant at once
trial = {"t": 1}
print(moving_average(trial, "m", torch.tensor(5.0), 0.9))
