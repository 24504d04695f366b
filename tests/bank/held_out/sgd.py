# %% SGD: only param_groups[0], closure first
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, defaults={'lr': learning_rate})

    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups[:1]:  #! first_group_only: [:1] =>
            for p in group['params']:
                #! missing_gradient_crashes: if p.grad is None: continue
                p.data = p.data - group['lr'] * p.grad.data
        return loss

# %% SGD: new tensors put into the list
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    def step(self, closure=None):
        for group in self.param_groups:
            for i, p in enumerate(group['params']):
                #! missing_gradient_crashes: if p.grad is None: continue
                new = p.data - group['lr'] * p.grad.data
                group['params'][i] = new.requires_grad_()  #! parameter_replaced: p.data = new
