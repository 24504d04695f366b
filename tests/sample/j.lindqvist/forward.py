def forward(x, W1, b1, W2, b2):
    """Return the prediction of the network for the input x."""
    for weight, bias in ((W1, b1), (W2, b2)):
        x = weight * x + bias
    return x
