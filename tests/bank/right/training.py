"""The training loop of notebook 1 in many styles, all of them right."""

import copy

import torch


def train_with_the_model_clearing(model, x, y, criterion, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        prediction = model(x)
        loss = criterion(prediction, y)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        if not epoch % 10:
            history.append(loss.item())
            print(f"epoch {epoch}: {loss.item():.4f}")
    for name, parameter in model.named_parameters():
        print(name, parameter.data)
    return history, {name: parameter.data for name, parameter in model.named_parameters()}


def train_returning_a_list(model, x, y, criterion, optimizer, epochs):
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses += [float(loss)] if epoch % 10 == 0 else []
    return [losses, dict(model.named_parameters())]


def train_clearing_last(model, x, y, criterion, optimizer, epochs):
    optimizer.zero_grad()
    losses = torch.empty(0, dtype=x.dtype)
    epoch = 0
    while epoch < epochs:
        loss = criterion(model(x), y)
        if epoch in range(0, epochs, 10):
            losses = torch.cat([losses, loss.detach()[None]])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        epoch += 1
    return losses, model.state_dict()


def train_keeping_all(model, x, y, criterion, optimizer, epochs):
    model.train()
    losses = []
    for _ in range(epochs):
        for parameter in model.parameters():
            parameter.grad = None
        losses.append(criterion(model(x), y))
        losses[-1].backward()
        optimizer.step()
    return [loss.detach() for loss in losses[::10]], {n: p.item() for n, p in model.named_parameters()}


def one_epoch(model, x, y, criterion, optimizer):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    return float(loss)


def train_by_epochs(model, x, y, criterion, optimizer, epochs):
    losses = tuple(one_epoch(model, x, y, criterion, optimizer) for _ in range(epochs))
    return losses[::10], copy.deepcopy(dict(model.named_parameters()))


def train_counting_from_one(model, x, y, criterion, optimizer, epochs):
    losses = []
    for epoch in range(1, epochs + 1):
        optimizer.zero_grad()
        output = criterion(model(x), y)
        if (epoch - 1) % 10 == 0:
            losses += [output]
        output.backward()
        optimizer.step()
    names, values = zip(*model.named_parameters(), strict=True)
    return losses, dict(zip(names, (value.tolist() for value in values), strict=True))


def train_without_backward(model, x, y, criterion, optimizer, epochs):
    losses = []
    for epoch in range(epochs):
        loss = criterion(model(x), y)
        for parameter, gradient in zip(model.parameters(), torch.autograd.grad(loss, model.parameters()), strict=True):
            parameter.grad = gradient
        optimizer.step()
        if epoch % 10 == 0:
            losses.append(loss.item())
    return losses, dict(model.named_parameters())


STYLES = tuple(
    ("train", written)
    for written in (
        train_with_the_model_clearing,
        train_returning_a_list,
        train_clearing_last,
        train_keeping_all,
        train_by_epochs,
        train_counting_from_one,
        train_without_backward,
    )
)
