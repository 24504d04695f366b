# copied from my notebook 4
def moving_average(state, key, value, beta):
    """Update the average `key` in the state and return it with its bias removed (state["t"] counts the steps)."""
    if key not in state:
        state[key] = torch.zeros_like(value)
    state[key] = beta * state[key] + (1 - beta) * value
    return state[key] / (1 - beta ** state["t"])
