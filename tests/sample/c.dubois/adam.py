class Adam(torch.optim.Optimizer):
    """Adam: θ ← θ − η m̂ / (√v̂ + ε), with m and v the running means of g and g², corrected for their start at zero.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    beta1, beta2: β₁ and β₂, how much of m and of v is kept at each step
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        for groupe in self.param_groups:
            for theta in groupe["params"]:
                if theta.grad is not None:
                    self._un_pas(theta, groupe)

    def _un_pas(self, theta, groupe):
        etat = self.state[theta]
        if not etat:  # premier pas de ce paramètre
            etat.update(t=0, m=torch.zeros_like(theta), v=torch.zeros_like(theta))
        g, beta1, beta2 = theta.grad, groupe["beta1"], groupe["beta2"]
        etat["t"] += 1
        # moyennes mobiles du gradient et de son carré
        etat["m"].mul_(beta1).add_(g, alpha=1 - beta1)
        etat["v"].mul_(beta2).addcmul_(g, g, value=1 - beta2)
        # correction du biais
        m_chapeau = etat["m"] / (1 - beta1 ** etat["t"])
        v_chapeau = etat["v"] / (1 - beta2 ** etat["t"])
        theta.sub_(groupe["lr"] * m_chapeau / (v_chapeau.sqrt() + groupe["epsilon"]))
