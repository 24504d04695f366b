# %% clip_gradients: each by itself, and nothing returned but the last norm
def clip_gradients(parameters, max_norm):
    parameters = [p for p in parameters if p.grad is not None]
    total = torch.sqrt(sum(p.grad.norm() ** 2 for p in parameters))
    for p in parameters:
        norm = p.grad.norm()  #! clipped_one_by_one: norm = total
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)
    last = parameters[-1].grad.norm() if total <= max_norm else total
    return max_norm  #! limit_given_back: return total

# %% clip_gradients: always scaled, and the norm from after
def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    norm = sum(g.pow(2).sum() for g in grads).sqrt()
    for g in grads:
        g *= max_norm / (norm + 1e-6)  #! always_scaled: g *= min(1.0, max_norm / (norm + 1e-6))
    #! norm_after: return norm
    return sum(g.pow(2).sum() for g in grads).sqrt()  #! norm_after

# %% clip_gradients: squares without a root, brought to 1
def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    total = 0.0
    for g in grads:
        total += (g ** 2).sum().item()
    norm = total  #! root_of_squares_missing: norm = math.sqrt(total)
    if norm > max_norm:
        for g in grads:
            g.div_(norm)  #! brought_to_one: g.mul_(max_norm / norm)
    return norm

# %% clip_gradients: the sum of norms, and clamp
def clip_gradients(parameters, max_norm):
    gradients = [p.grad for p in parameters if p.grad is not None]
    norms = [g.norm().item() for g in gradients]
    total = sum(norms)  #! norms_added: total = sum(n ** 2 for n in norms) ** 0.5
    if total > max_norm:
        for g in gradients:
            g.clamp_(-max_norm, max_norm)  #! clipped_by_value: g.mul_(max_norm / total)
    return total

# %% clip_gradients: break at None, and a total written over
def clip_gradients(parameters, max_norm):
    grads = []
    for p in parameters:
        if p.grad is None:
            break  #! none_ends_loop: continue
        grads.append(p.grad)
    total = 0
    for g in grads:
        total = torch.sum(g * g)  #! total_written_over: total = total + torch.sum(g * g)
    norm = total ** 0.5
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm

# %% clip_gradients: two loops over a generator, and the limit alone
def clip_gradients(parameters, max_norm):
    #! gone_through_twice: parameters = list(parameters)
    norm = math.sqrt(sum(float((p.grad ** 2).sum()) for p in parameters if p.grad is not None))
    if norm > max_norm:
        for p in parameters:
            if p.grad is not None:
                p.grad = p.grad * max_norm  #! norm_not_divided_by: p.grad = p.grad * (max_norm / norm)
    return norm

# %% clip_gradients: a product that nobody keeps, and the factor returned
def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    norm = torch.cat([g.reshape(-1) for g in grads]).norm()
    factor = min(1.0, max_norm / (float(norm) + 1e-6))
    for g in grads:
        g = g * factor  #! product_not_kept: g.mul_(factor)
    return factor  #! factor_given_back: return norm

# %% clip_gradients: upside down, and the square returned
def clip_gradients(parameters, max_norm):
    gradients = [p.grad for p in parameters if p.grad is not None]
    squares = torch.stack([torch.sum(g ** 2) for g in gradients]).sum()
    norm = torch.sqrt(squares)
    if norm > max_norm:
        for g in gradients:
            g.mul_(norm / max_norm)  #! fraction_upside_down: g.mul_(max_norm / norm)
    return squares  #! square_given_back: return norm

# %% clip_gradients: the longest, thrown away
def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    norms = torch.stack([g.norm() for g in grads])
    norm = norms.max()  #! longest_for_all: norm = norms.norm()
    if norm > max_norm:
        for g in grads:
            g.zero_()  #! step_thrown_away: g.mul_(max_norm / norm)
    return norm

# %% clip_gradients: a mean of squares, and shortened twice
def clip_gradients(parameters, max_norm):
    vector = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat([g.flatten() for g in vector])
    norme = (flat ** 2).mean().sqrt()  #! mean_of_squares: norme = (flat ** 2).sum().sqrt()
    if norme > max_norm:
        facteur = (max_norm / norme) ** 2  #! shortened_twice: facteur = max_norm / norme
        for g in vector:
            g.mul_(facteur)
    return norme

# %% clip_gradients: the norm of one, and its own norm below the line
def clip_gradients(parameters, max_norm):
    ps = [p for p in parameters if p.grad is not None]
    norm = sum(p.grad.norm() ** 2 for p in ps) ** 0.5
    first = ps[0].grad.norm().clone()
    if norm > max_norm:
        for p in ps:
            p.grad.mul_(max_norm / p.grad.norm())  #! own_norm_divides: p.grad.mul_(max_norm / norm)
    return first  #! one_norm_given_back: return norm

# %% AveragedWeights: zeros, and the shares swapped
class AveragedWeights:
    def __init__(self, parameters, decay=0.999):
        self.parameters = list(parameters)
        self.decay = decay
        self.averages = [torch.zeros_like(p) for p in self.parameters]
        self.started = True  #! average_from_zero: self.started = False

    @torch.no_grad()
    def update(self):
        for a, p in zip(self.averages, self.parameters):
            if self.started:
                a.mul_(1 - self.decay).add_(self.decay * p)  #! shares_swapped: a.mul_(self.decay).add_((1 - self.decay) * p)
            else:
                a.copy_(p)
        self.started = True

# %% AveragedWeights: the constructor's weights, and another default
class AveragedWeights:
    def __init__(self, parameters, decay=0.99):  #! default_decay_differs: 0.99 => 0.999
        self.parameters = list(parameters)
        self.decay = decay
        self.averages = [p.detach().clone() for p in self.parameters]
        self.first = False  #! average_from_constructor: self.first = True

    def update(self):
        for i, p in enumerate(self.parameters):
            if self.first:
                self.averages[i] = p.detach().clone()
            else:
                self.averages[i] = self.decay * self.averages[i] + (1 - self.decay) * p.detach()
        self.first = False

# %% AveragedWeights: a generator, and a sum
class AveragedWeights:
    def __init__(self, parameters, decay=0.999):
        self.parameters = parameters  #! generator_kept: self.parameters = list(parameters)
        self.decay = decay
        self.averages = None

    @torch.no_grad()
    def update(self):
        new = [p.clone() for p in self.parameters]
        if self.averages is None:
            self.averages = new
            return
        for a, p in zip(self.averages, new):
            a.mul_(self.decay).add_(p)  #! weights_added_whole: a.mul_(self.decay).add_(p, alpha=1 - self.decay)

# %% AveragedWeights: zeros, and a decay of its own
class AveragedWeights:
    def __init__(self, parameters, decay=0.999):
        self.parameters = list(parameters)
        self.decay = decay
        self.averages = [torch.zeros_like(p) for p in self.parameters]
        self.t = 0

    def update(self):
        self.t += 1
        with torch.no_grad():
            for i, p in enumerate(self.parameters):
                d = self.decay
                d = 0.99  #! decay_of_its_own
                #! average_from_zero: d = 0.0 if self.t == 1 else d
                self.averages[i] = d * self.averages[i] + (1 - d) * p

# %% AveragedWeights: the plain mean, of what data was
class AveragedWeights:
    def __init__(self, parameters, decay=0.999):
        self.weights = [p.data for p in parameters]  #! data_kept: self.weights = list(parameters)
        self.decay = decay
        self.averages = []
        self.n = 0

    @torch.no_grad()
    def update(self):
        self.n += 1
        if self.n == 1:
            self.averages = [w.clone() for w in self.weights]
        else:
            for a, w in zip(self.averages, self.weights):
                a += (w - a) / self.n  #! plain_mean: a += (1 - self.decay) * (w - a)

# %% AveragedWeights: forgets nothing, another default
class AveragedWeights:
    def __init__(self, parameters, decay=0.9):  #! default_decay_differs: 0.9 => 0.999
        self.parameters, self.decay = [*parameters], decay
        self.averages = {}

    @torch.no_grad()
    def update(self):
        for k, p in enumerate(self.parameters):
            if k not in self.averages:
                self.averages[k] = p.clone()
            else:
                self.averages[k] = self.averages[k] + (1 - self.decay) * p  #! old_average_whole: self.averages[k] = self.decay * self.averages[k] + (1 - self.decay) * p

# %% AveragedWeights: half and half, of the constructor
class AveragedWeights:
    def __init__(self, parameters, decay=0.999):
        self.params = list(parameters)
        self.decay = decay
        self.averages = None
        self.averages = [p.detach().clone() for p in self.params]  #! average_from_constructor

    @torch.no_grad()
    def update(self):
        if self.averages is None:
            self.averages = [p.detach().clone() for p in self.params]
            return
        for moyenne, p in zip(self.averages, self.params):
            moyenne.copy_((moyenne + p) / 2)  #! half_for_decay: moyenne.lerp_(p, 1 - self.decay)

# %% AveragedWeights: a graph, and shares swapped
class AveragedWeights:
    def __init__(self, parameters, decay=0.999):
        self.parameters = list(parameters)
        self.decay = decay
        self.averages = None

    def update(self):
        new = [p for p in self.parameters]
        #! graph_kept: new = [p.detach() for p in self.parameters]
        if self.averages is None:
            self.averages = [p.clone() for p in new]
        else:
            d = 1 - self.decay  #! shares_swapped: d = self.decay
            self.averages = [d * a + (1 - d) * p for a, p in zip(self.averages, new)]

# %% AveragedWeights: a decay that grows, of what data was
class AveragedWeights:
    def __init__(self, parameters, decay=0.999):
        self.parameters = [p.data for p in parameters]  #! data_kept: self.parameters = list(parameters)
        self.decay = decay
        self.updates = 0
        self.averages = [None] * len(self.parameters)

    @torch.no_grad()
    def update(self):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))  #! decay_grows: decay = self.decay
        for i, p in enumerate(self.parameters):
            if self.updates == 1:
                self.averages[i] = p.clone()
            else:
                self.averages[i] += (1 - decay) * (p - self.averages[i])

# %% bytes_kept: numbers, of the first group
def bytes_kept(optimizer):
    total = 0
    for group in optimizer.param_groups[:1]:  #! first_group_counted: for group in optimizer.param_groups:
        for p in group["params"]:
            for kept in optimizer.state[p].values():
                if torch.is_tensor(kept):
                    total += kept.numel()  #! numbers_for_bytes: total += kept.numel() * kept.element_size()
    return total

# %% bytes_kept: four bytes for all, and for counts as well
def bytes_kept(optimizer):
    total = 0
    for etat in optimizer.state.values():
        for valeur in etat.values():
            if isinstance(valeur, torch.Tensor):
                total += 4 * valeur.numel()  #! always_four_bytes: total += valeur.nbytes
            else:
                total += 8  #! counts_counted: total += 0
    return total

# %% bytes_kept: a return too soon, and the weights as well
def bytes_kept(optimizer):
    total = 0
    total = sum(p.nbytes for group in optimizer.param_groups for p in group["params"])  #! weights_counted_too
    for state in list(optimizer.state.values())[:1]:  #! one_parameter_counted: for state in optimizer.state.values():
        for kept in state.values():
            total += kept.nbytes if isinstance(kept, torch.Tensor) else 0
    return total
