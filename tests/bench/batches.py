#!/usr/bin/env python3
"""Measures what the batch size does: batches.py PROGRAM digits|fashion FOLDER [DATA]

Plain gradient descent on lessons/digits.model (or fashion.model), with batches of 1, 2, 4, 8, 32, 128 and of all
examples. Each run sees every example equally often, so that all have the same arithmetic to do. Each batch size gets
the rate that is best for it: the one with the highest accuracy on a quarter (fashion: a sixth) of the training
examples, held back while the others train. Then it trains on all of them with that rate, once a seed, and is tested on
the test examples, which no choice was made by.

Writes to FOLDER: batches-NAME.csv, a row a batch size; batches-NAME-runs.csv, a row a run; batches-NAME-curves.csv, the
mean test accuracy after each epoch; batches-NAME-rates.csv, the accuracies that the rates were chosen by; and
batches-digits-updates.csv, what large batches reach when they get as many updates as batches of 32 do, not as many examples.
`make measure-batches` runs this; DATA is the folder of Fashion-MNIST.
"""

import csv
import gzip
import json
import math
import os
import pathlib
import resource
import statistics
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIZES = [1, 2, 4, 8, 32, 128, "all"]
RATES = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

# Epochs and seeds of the choice of rates and of the runs.
PLAN = {"digits": {"choose": (30, range(101, 111)), "run": (30, range(1, 21)), "precision": "double"},
        "fashion": {"choose": (4, [101, 102]), "run": (10, range(1, 7)), "precision": "single"}}
SAME_UPDATES = [32, 128, "all"]   # digits: these once more, with as many updates as batches of 32 make


def table_parts(work):
    """The digits' training examples, every fourth held back; and all of them with the test examples."""
    data = ROOT / "lessons/data"
    with gzip.open(data / "digits-train.csv.gz", "rt") as file:
        head, *rows = file.read().splitlines()
    for name, keep in (("fit", lambda i: i % 4), ("held", lambda i: not i % 4)):
        (work / name).write_text("\n".join([head, *(row for i, row in enumerate(rows) if keep(i))]) + "\n")
    return len(rows), (work / "fit", work / "held"), (data / "digits-train.csv.gz", data / "digits-test.csv.gz")


def image_parts(work, folder):
    """The same of Fashion-MNIST: the last 10,000 training images held back."""
    def read(name):
        with gzip.open(folder / name) as file:
            return file.read()

    images, labels = read("train-images-idx3-ubyte.gz"), read("train-labels-idx1-ubyte.gz")
    for name, first, last in (("fit", 0, 50_000), ("held", 50_000, 60_000)):
        count = struct.pack(">I", last - first)
        (work / f"{name}.images").write_bytes(images[:4] + count + images[8:16] + images[16 + 784 * first:16 + 784 * last])
        (work / f"{name}.labels").write_bytes(labels[:4] + count + labels[8 + first:8 + last])
    pair = [f"{work}/{name}.images,{work}/{name}.labels" for name in ("fit", "held")]
    return 60_000, pair, (folder, folder)


class Trainer:
    def __init__(self, program, name, work):
        self.program, self.name, self.work = program, name, work
        self.text = (ROOT / f"lessons/{name}.model").read_text()
        self.precision = PLAN[name]["precision"]

    def run(self, data, test, size, rate, epochs, seed, examples):
        """One run: its numbers, and the test accuracy after each epoch."""
        model, log = self.work / "net.model", self.work / "log.csv"
        lines = [f"update sgd(rate = {rate})" if line.startswith("update") else line for line in self.text.splitlines()]
        model.write_text("\n".join(lines) + "\n")
        call = [self.program, "train", model, "--data", data, "--test", test, "--batch", examples if size == "all" else size,
                "--epochs", epochs, "--seed", seed, "--precision", self.precision, "--log", log, "--json", "--quiet"]
        made = subprocess.run([str(word) for word in call], capture_output=True, text=True)
        if made.returncode:
            sys.exit(made.stderr)
        with open(log, newline="") as file:
            curve = [float(row["test_accuracy"]) for row in csv.DictReader(file)]
        result = json.loads(made.stdout.splitlines()[-1])
        return {key: number(result[key]) for key in ("updates", "loss", "test_loss", "accuracy", "test_accuracy")}, curve


    def cost(self, data, size, examples):
        """Processor seconds for one epoch: what a run of some takes more than a run of none; the best of three."""
        def used(epochs):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            call = [self.program, "train", self.work / "net.model", "--data", data, "--batch",
                    examples if size == "all" else size, "--epochs", epochs, "--precision", self.precision, "--quiet"]
            subprocess.run([str(word) for word in call], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        epochs = 2 if self.name == "fashion" else 20
        return min((used(epochs) - used(0)) / epochs for _ in range(3))


def number(value):
    """A loss that ran away is no number."""
    return math.nan if value is None or isinstance(value, str) else value


def choose(trainer, parts, size, plan, examples):
    """The accuracy of each rate: those up and down from a first guess, until it gets worse twice."""
    epochs, seeds = plan
    seen = {}

    def accuracy(i):
        if i not in seen:
            runs = [trainer.run(*parts, size, RATES[i], epochs, seed, examples)[0]["test_accuracy"] for seed in seeds]
            seen[i] = statistics.mean(runs)
        return seen[i]

    start = {1: 4, 2: 5, 4: 6, 8: 7, 32: 8, 128: 9, "all": 10}[size]
    for direction in (1, -1):
        i, worse = start, 0
        while 0 <= i < len(RATES) and worse < 2:
            worse = worse + 1 if accuracy(i) < max(seen.values()) else 0
            i += direction
    return {RATES[i]: seen[i] for i in sorted(seen)}


def write(path, head, rows):
    part = path.with_suffix(".part")
    with open(part, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    os.replace(part, path)


SUMMARY = ["batch", "rate", "epochs", "updates", "loss", "test_loss", "accuracy", "test_accuracy", "lowest", "highest",
           "deviation", "seconds"]


class Measurement:
    """All runs of one batch size: the rate chosen, then a run a seed."""

    def __init__(self, trainer, size, parts, whole, examples, stretch=1):
        plan = PLAN[trainer.name]
        epochs, seeds = plan["run"]
        self.batch = examples if size == "all" else size
        choose_epochs, choose_seeds = plan["choose"]
        self.rates = choose(trainer, parts, size, (stretch * choose_epochs, choose_seeds), examples)
        self.rate = max(self.rates, key=self.rates.get)
        self.epochs = stretch * epochs
        self.made = [trainer.run(*whole, size, self.rate, self.epochs, seed, examples) for seed in seeds]
        self.seeds = seeds
        self.seconds = trainer.cost(whole[0], size, examples)
        print(f"{trainer.name}, batch {size}, {self.epochs} epochs: rate {self.rate} of {self.rates}\n"
              f"  test accuracy {self.row()[7]:.4f} ({self.row()[8]:.4f} to {self.row()[9]:.4f}), {self.row()[-1]:.3f} s an epoch",
              file=sys.stderr, flush=True)

    def row(self):
        column = {key: [run[key] for run, _ in self.made] for key in self.made[0][0]}
        accuracy = column["test_accuracy"]
        return [self.batch, self.rate, self.epochs, column["updates"][0],
                *(statistics.mean(column[key]) for key in ("loss", "test_loss", "accuracy", "test_accuracy")),
                min(accuracy), max(accuracy), statistics.stdev(accuracy), self.seconds]

    def runs(self):
        return [[self.batch, self.rate, seed, *run.values()] for seed, (run, _) in zip(self.seeds, self.made)]

    def curve(self):
        return [statistics.mean(at) for at in zip(*(curve for _, curve in self.made))]


def measure(program, name, folder, data):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        trainer = Trainer(program, name, work)
        examples, parts, whole = table_parts(work) if name == "digits" else image_parts(work, data)
        done = {size: Measurement(trainer, size, parts, whole, examples) for size in SIZES}
        write(folder / f"batches-{name}.csv", SUMMARY, [each.row() for each in done.values()])
        write(folder / f"batches-{name}-runs.csv", ["batch", "rate", "seed", *done[1].made[0][0]],
              [row for each in done.values() for row in each.runs()])
        heads, curves = [f"batch {size}" for size in SIZES], zip(*(each.curve() for each in done.values()))
        write(folder / f"batches-{name}-curves.csv", ["epoch", *heads], ([i, *at] for i, at in enumerate(curves, start=1)))
        write(folder / f"batches-{name}-rates.csv", ["rate", *heads],
              ([rate, *(each.rates.get(rate, "") for each in done.values())] for rate in RATES))
        if name == "digits":
            wanted = done[32].row()[3]
            again = [Measurement(trainer, size, parts, whole, examples, round(wanted / done[size].row()[3]))
                     for size in SAME_UPDATES]
            write(folder / f"batches-{name}-updates.csv", SUMMARY, [each.row() for each in again])


def main():
    if len(sys.argv) < 4 or sys.argv[2] not in PLAN:
        sys.exit(__doc__)
    measure(sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4] if len(sys.argv) > 4 else "."))


main()
