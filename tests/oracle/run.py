#!/usr/bin/env python3
"""Writes or checks the golden tables.

    run.py --write [NAME...]    compute the tables and write golden/NAME.csv
    run.py --check [NAME...]    compute them again; exit 1 where a file differs

NAME is an oracle's module here (mazur, gomez_lstm, language_examples, ...); none means all.
Needs mpmath (Debian: python3-mpmath). Nothing here runs the program under test.
"""

import argparse
import importlib
import sys

ORACLES = [
    "mazur",
    "cs231n_circuits",
    "micrograd_readme",
    "karpathy_lecture_micrograd",
    "hmkcode_linear_221",
    "han_kamber_321",
    "han_kamber_lesson",
    "gomez_lstm",
    "baydin_ad_survey",
    "softmax_ce_gradients",
    "cs231n_hinge_vs_softmax",
    "chain_rule",
    "cross_entropy",
    "sigmoid_or_softmax",
    "hinge_or_softmax",
    "activations",
    "vanishing",
    "exploding",
    "initialisation",
    "batch_norm",
    "rnn",
    "lstm",
    "gru",
    "convolution",
    "embedding",
    "max_margin",
    "saddle_points",
    "gradient_check",
    "debugging",
    "optimizers",
    "vectorise",
    "batches",
    "sgd_or_batch",
    "learning_rate",
    "regularisation",
    "exercises",
    "xor",
    "language_examples",
]


def first_difference(wanted, found):
    for number, (a, b) in enumerate(zip(wanted.splitlines(), found.splitlines()), start=1):
        if a != b:
            return f"line {number}: computed '{a}', file has '{b}'"
    return f"computed {len(wanted.splitlines())} lines, file has {len(found.splitlines())}"


def check(table):
    if not table.path.exists():
        return "no such file"
    found = table.path.read_text(encoding="utf-8")
    return None if found == table.text() else first_difference(table.text(), found)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true")
    action.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()

    unknown = sorted(set(args.names) - set(ORACLES))
    if unknown:
        parser.error(f"no oracle '{unknown[0]}'; there are {', '.join(ORACLES)}")

    differ, written = 0, set()
    for name in args.names or ORACLES:
        for table in importlib.import_module(name).tables():
            if args.write:
                table.path.parent.mkdir(exist_ok=True)
                table.path.write_text(table.text(), encoding="utf-8")
            problem = check(table)
            written.add(table.path)
            differ += problem is not None
            printed = f", printed right {table.right}, wrong {table.wrong}"
            print(f"{table.name}: {len(table.exact)} values"
                  f"{printed if table.right else ''}: {problem or 'same'}")
    if not args.names:
        from oracle import ROOT    # which needs mpmath
        for path in sorted({*(ROOT / "golden").glob("*.csv")} - written):
            differ += 1
            print(f"{path.stem}: no oracle writes it")
    return 1 if differ else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ModuleNotFoundError as error:
        if error.name != "mpmath":
            raise
        sys.exit("the oracles need mpmath (Debian: python3-mpmath)")
