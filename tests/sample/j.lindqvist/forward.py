def forward(x, W1, b1, W2, b2):
    """Forward."""
    for weight, bias in ((W1, b1), (W2, b2)):
        x = weight * x + bias
    return x
