def tuned():
    """Tuned."""
    # trouvés par essais successifs
    return {
        "SGD": {"learning_rate": 0.4},
        "RMSProp": {"learning_rate": 2.0, "decay": 0.9},
        "Adagrad": {"learning_rate": 10.0},
        "Adam": {"learning_rate": 5.0, "beta1": 0.5, "beta2": 0.9},
        "AdamW": {"learning_rate": 5.0, "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.0},
    }
