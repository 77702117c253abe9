#!/usr/bin/python3
"""Examples a second of training: this program, a step written by hand in C with CBLAS, PyTorch and NumPy.

    compare.py TUTOR HAND [--rounds N] [--seconds S] [--markdown] [NET ...]

One run, all on one core, by turns: in each round each of them trains for S seconds, shuffling and gathering of batches
included, and the next round begins with another. First all make the same epoch from the same weights, and their losses
must agree. Printed are medians over the rounds with half the range as spread, and medians of each round's ratios."""
import argparse
import array
import importlib.util
import json
import math
import os
import statistics
import struct
import subprocess
import sys
import tempfile

EXAMPLES, RATE = 4096, 0.001
NETS = {"2-8-1": (2, 8, 1), "64-32-10": (64, 32, 10), "784-100-10": (784, 100, 10),
        "784-512-256-10": (784, 512, 256, 10)}
BATCHES = 32, 128, 1024


def model_text(sizes):
    lines = ["size n[0..%d] = [%s]" % (len(sizes) - 1, ",".join(map(str, sizes))), "input x[1..n[0]]",
             "target y" if sizes[-1] == 1 else "target y[0..n[%d]-1] onehot kind" % (len(sizes) - 1)]
    before = "x"
    for l in range(1, len(sizes)):
        lines += ["param w%d[j=1..n[%d], i=1..n[%d]] = sin(12.9898*j + 78.233*i + 0.37*i*j)*sqrt(2/n[%d])"
                  % (l, l, l - 1, l - 1), "param b%d[1..n[%d]] = 0" % (l, l),
                  "z%d[j=1..n[%d]] = sum(i=1..n[%d], w%d[j,i]*%s[i]) + b%d[j]" % (l, l, l - 1, l, before, l)]
        if l + 1 < len(sizes):
            lines += ["h%d[j=1..n[%d]] = relu(z%d[j])" % (l, l, l)]
            before = "h%d" % l
    last, m = len(sizes) - 1, sizes[-1]
    if m == 1:
        lines += ["L = 1/2*(z%d[1] - y)^2" % last]
    else:
        lines += ["top = max(k=1..%d, z%d[k])" % (m, last), "S = sum(k=1..%d, exp(z%d[k] - top))" % (m, last),
                  "L = top + log(S) - sum(k=1..%d, y[k-1]*z%d[k])" % (m, last)]
    return "\n".join(lines + ["minimize L", "update sgd(rate = %g)" % RATE]) + "\n"


def number(e, i):
    return ((e*7919 + i*104729 + e*i*31) % 2001)/1000 - 1


def write_idx(path, dimensions, values):
    """Single precision, highest byte first."""
    with open(path, "wb") as file:
        file.write(struct.pack(">BBBB%dI" % len(dimensions), 0, 0, 0x0D, len(dimensions), *dimensions))
        numbers = array.array("f", (value for e in range(EXAMPLES) for value in values(e)))
        if sys.byteorder == "little":
            numbers.byteswap()
        numbers.tofile(file)


class Tutor:
    """The program as its users start it: a process a round, whose own clock is taken."""
    name = "tutor"

    def __init__(self, program, folder):
        self.program, self.folder, self.nets = program, folder, {}

    def start(self, sizes, batch, precision):
        base = os.path.join(self.folder, "-".join(map(str, sizes)))
        if sizes not in self.nets:
            self.nets[sizes] = base
            with open(base + ".model", "w") as file:
                file.write(model_text(sizes))
            write_idx(base + ".images", (EXAMPLES, sizes[0]), lambda e: [number(e, i) for i in range(sizes[0])])
            label = (lambda e: [e % sizes[-1]]) if sizes[-1] > 1 else (lambda e: [number(e, sizes[0])])
            write_idx(base + ".labels", (EXAMPLES,), label)
        self.call = [self.program, "train", base + ".model", "--data", base + ".images," + base + ".labels",
                     "--batch", str(batch), "--precision", "single" if precision == "f32" else "double", "--json", "-q"]
        self.epochs = 1

    def train(self, *more):
        done = subprocess.run(self.call + list(more), stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    def check(self):
        report = self.train("--no-shuffle", "--epochs", "1")
        self.epochs_for = report["samples_per_second"]/EXAMPLES
        return report["loss"]

    def run(self, seconds):
        rate = self.train("--epochs", str(max(1, round(self.epochs_for*seconds))))["samples_per_second"]
        self.epochs_for = rate/EXAMPLES
        return rate


class Served:
    """A program that stays and is asked."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line):
        self.tell(line)
        return float(self.process.stdout.readline())

    def start(self, sizes, batch, precision):
        if self.name == "by hand":
            self.tell("end")
        self.tell("cell %s %d %s" % (",".join(map(str, sizes)), batch, precision))

    def check(self):
        return self.ask("check")

    def run(self, seconds):
        return self.ask("run %g" % seconds)


def measure(contenders, cell, rounds, seconds):
    """Rates of each contender, a list over the rounds."""
    for one in contenders:
        one.start(*cell)
    losses = [one.check() for one in contenders]
    tolerance = 2e-3 if cell[2] == "f32" else 1e-6
    if any(not abs(loss - losses[0]) <= tolerance*abs(losses[0]) for loss in losses):
        sys.exit("%s: the losses after the same epoch differ: %s" %
                 (cell, ", ".join("%s %.9g" % (c.name, l) for c, l in zip(contenders, losses))))
    rates = {one.name: [] for one in contenders}
    for turn in range(rounds + 1):
        for one in contenders[turn % len(contenders):] + contenders[:turn % len(contenders)]:
            rate = one.run(seconds)
            if turn:   # the first is for warming up
                rates[one.name].append(rate)
    return rates


def spread(values):
    return 100*(max(values) - min(values))/2/statistics.median(values)


def ratio(rates, other):
    return statistics.median(a/b for a, b in zip(rates["tutor"], rates[other]))


def short(rate):
    return "%.2f M" % (rate/1e6) if rate >= 1e6 else "%.1f k" % (rate/1e3)


def print_row(cells, markdown):
    print("| " + " | ".join(cells) + " |" if markdown else "".join(cell.rjust(w) for cell, w in zip(cells, WIDTHS)),
          flush=True)


WIDTHS = (15, 5, 6) + (17,)*4 + (10,)*3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tutor")
    parser.add_argument("hand")
    parser.add_argument("nets", nargs="*", default=list(NETS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.25)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    for name in "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS":
        os.environ[name] = "1"
    # OpenBLAS chooses its kernels for this processor, whatever it was told.
    for name in "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE":
        os.environ.pop(name, None)
    serve = os.path.join(os.path.dirname(os.path.abspath(__file__)), "step", "serve.py")
    with tempfile.TemporaryDirectory() as folder:
        contenders = [Tutor(os.path.abspath(options.tutor), folder), Served("by hand", [options.hand])]
        for name, module in ("PyTorch", "torch"), ("NumPy", "numpy"):
            if importlib.util.find_spec(module) and importlib.util.find_spec("numpy"):
                contenders.append(Served(name, [sys.executable, serve, module]))
            else:
                print("%s is left out, for it is not installed (make deps-bench)" % name)
        names = [one.name for one in contenders]
        print("training on core %d, %d examples, sgd: examples/s, median of %d rounds of %g s, half the range in %%; "
              "the tutor's ratio to each" % (core, EXAMPLES, options.rounds, options.seconds))
        print_row(["net", "", "batch"] + names + ["/ " + name for name in names[1:]], options.markdown)
        if options.markdown:
            print_row(["---"]*3 + ["---:"]*(2*len(names) - 1), True)
        ratios = {name: [] for name in names[1:]}
        for net in options.nets:
            for precision in "f32", "f64":
                for batch in BATCHES:
                    rates = measure(contenders, (NETS[net], batch, precision), options.rounds, options.seconds)
                    for name in ratios:
                        ratios[name].append(ratio(rates, name))
                    print_row([net, precision, str(batch)] +
                              ["%s ±%.0f" % (short(statistics.median(rates[name])), spread(rates[name])) for name in names] +
                              ["%.2f" % ratios[name][-1] for name in ratios], options.markdown)
        for name, all_of in ratios.items():
            print("to %s: geometric mean %.3f, least %.3f, of %d cells" %
                  (name, math.exp(statistics.mean(map(math.log, all_of))), min(all_of), len(all_of)))
        for one in contenders[1:]:
            one.process.stdin.close()
            one.process.wait()


main()
