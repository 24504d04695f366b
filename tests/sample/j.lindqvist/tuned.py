def tuned():
    """Tuned."""
    fast_memory = dict(beta1=0.5, beta2=0.9)
    return {
        "SGD": dict(learning_rate=0.5),
        "RMSProp": dict(learning_rate=3.0),
        "Adagrad": dict(learning_rate=60.0),
        "Adam": dict(learning_rate=3.0, **fast_memory),
        "AdamW": dict(learning_rate=3.0, weight_decay=0.0, **fast_memory),
    }
