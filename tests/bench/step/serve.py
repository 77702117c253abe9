"""The steps in NumPy and PyTorch as programs that tests/bench/compare.py asks for one cell after another; see
tests/bench/step/hand.c for what is asked. A step is written as the users of each library write it."""
import sys
import time

import numpy as np

EXAMPLES, RATE = 4096, 0.001


def weight(inputs, outputs):
    j, i = np.arange(1, outputs + 1)[:, None], np.arange(1, inputs + 1)[None, :]
    return np.sin(12.9898*j + 78.233*i + 0.37*i*j)*np.sqrt(2/inputs)


def numbers(columns):
    e, i = np.arange(EXAMPLES, dtype=np.uint64)[:, None], np.arange(columns, dtype=np.uint64)[None, :]
    return ((e*7919 + i*104729 + e*i*31) % 2001)/1000 - 1


class NumpyStep:
    def __init__(self, sizes, batch, precision):
        self.type = np.float32 if precision == "f32" else np.float64
        self.w = [weight(n, m).astype(self.type) for n, m in zip(sizes, sizes[1:])]
        self.b = [np.zeros(m, self.type) for m in sizes[1:]]
        data = numbers(sizes[0] + 1).astype(self.type)
        self.x, self.batch, self.softmax = np.ascontiguousarray(data[:, :-1]), batch, sizes[-1] > 1
        self.y = np.arange(EXAMPLES) % sizes[-1] if self.softmax else np.ascontiguousarray(data[:, -1:])
        self.random = np.random.default_rng(1)

    def step(self, x, y, rate):
        a = [x]
        for w, b in zip(self.w[:-1], self.b[:-1]):
            a.append(np.maximum(a[-1] @ w.T + b, 0))
        z = a[-1] @ self.w[-1].T + self.b[-1]
        if self.softmax:
            top = z.max(axis=1, keepdims=True)
            d = np.exp(z - top)
            sums = d.sum(axis=1, keepdims=True)
            rows = np.arange(len(x))
            loss = (top[:, 0] + np.log(sums[:, 0]) - z[rows, y]).mean()
            d /= sums
            d[rows, y] -= 1
        else:
            d = z - y
            loss = (d*d).mean()/2
        d /= self.type(len(x))
        for layer in range(len(self.w) - 1, -1, -1):
            before = (d @ self.w[layer])*(a[layer] > 0) if layer else None
            self.w[layer] -= self.type(rate)*(d.T @ a[layer])
            self.b[layer] -= self.type(rate)*d.sum(axis=0)
            d = before
        return float(loss)

    def epoch(self, order, rate):
        loss = 0
        for first in range(0, EXAMPLES, self.batch):
            rows = order[first:first + self.batch]
            loss += self.step(self.x[rows], self.y[rows], rate)*len(rows)/EXAMPLES
        return loss

    def shuffled(self):
        return self.random.permutation(EXAMPLES)

    def ordered(self):
        return np.arange(EXAMPLES)


class TorchStep:
    def __init__(self, sizes, batch, precision):
        import torch
        self.torch, self.batch, self.softmax = torch, batch, sizes[-1] > 1
        torch.set_num_threads(1)
        kind = torch.float32 if precision == "f32" else torch.float64
        layers = []
        for n, m in zip(sizes, sizes[1:]):
            layer = torch.nn.Linear(n, m, dtype=kind)
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(weight(n, m)))
                layer.bias.zero_()
            layers += [layer, torch.nn.ReLU()]
        self.net = torch.nn.Sequential(*layers[:-1])
        data = torch.from_numpy(numbers(sizes[0] + 1)).to(kind)
        self.x = data[:, :-1].contiguous()
        self.y = torch.arange(EXAMPLES) % sizes[-1] if self.softmax else data[:, -1:].contiguous()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=RATE)

    def epoch(self, order, rate):
        loss_sum = 0
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        for first in range(0, EXAMPLES, self.batch):
            rows = order[first:first + self.batch]
            x, y = self.x[rows], self.y[rows]
            self.optimizer.zero_grad()
            z = self.net(x)
            if self.softmax:
                loss = self.torch.nn.functional.cross_entropy(z, y)
            else:
                loss = self.torch.nn.functional.mse_loss(z, y)/2
            loss.backward()
            self.optimizer.step()
            loss_sum += float(loss.detach())*len(rows)/EXAMPLES
        return loss_sum

    def shuffled(self):
        return self.torch.randperm(EXAMPLES)

    def ordered(self):
        return self.torch.arange(EXAMPLES)


def main():
    kind = {"numpy": NumpyStep, "torch": TorchStep}[sys.argv[1]]
    for line in sys.stdin:
        words = line.split()
        if words[0] == "cell":
            step = kind([int(n) for n in words[1].split(",")], int(words[2]), words[3])
            continue
        if words[0] == "check":
            step.epoch(step.ordered(), RATE)
            print(step.epoch(step.ordered(), 0), flush=True)
        elif words[0] == "run":
            start, done = time.perf_counter(), 0
            while time.perf_counter() - start < float(words[1]):
                step.epoch(step.shuffled(), RATE)
                done += EXAMPLES
            print(done/(time.perf_counter() - start), flush=True)


main()
