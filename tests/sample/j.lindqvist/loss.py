def loss(prediction, target):
    """Loss."""
    return (target - prediction).square()
