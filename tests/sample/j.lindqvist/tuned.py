def tuned():
    """Give the hyperparameters that bring each optimizer from 100 to the minimum of f in 100 steps.

    A dictionary with the keys "SGD", "RMSProp", "Adagrad", "Adam" and "AdamW"; each value is a dictionary such as
    {"learning_rate": 0.01}.
    """
    fast_memory = dict(beta1=0.5, beta2=0.9)
    return {
        "SGD": dict(learning_rate=0.5),
        "RMSProp": dict(learning_rate=3.0),
        "Adagrad": dict(learning_rate=60.0),
        "Adam": dict(learning_rate=3.0, **fast_memory),
        "AdamW": dict(learning_rate=3.0, weight_decay=0.0, **fast_memory),
    }
