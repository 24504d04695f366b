def forward(x, W1, b1, W2, b2):
    """Return the prediction of the network for the input x."""
    h = W1 * x + b1
    return W2 * h + b2
