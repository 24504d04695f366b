def tuned():
    """Give the hyperparameters that bring each optimizer from 100 to the minimum of f in 100 steps.

    A dictionary with the keys "SGD", "RMSProp", "Adagrad", "Adam" and "AdamW"; each value is a dictionary such as
    {"learning_rate": 0.01}.
    """
    # trouvés par essais successifs
    return {
        "SGD": {"learning_rate": 0.4},
        "RMSProp": {"learning_rate": 2.0, "decay": 0.9},
        "Adagrad": {"learning_rate": 10.0},
        "Adam": {"learning_rate": 5.0, "beta1": 0.5, "beta2": 0.9},
        "AdamW": {"learning_rate": 5.0, "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.0},
    }
