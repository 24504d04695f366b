def loss(prediction, target):
    """Return the squared error of a prediction."""
    return (target - prediction).square()
