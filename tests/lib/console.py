"""Runs the console blocks of a text: console.py TUTOR FILE…

In a block fenced as ```console a line `$ COMMAND` (continued by lines that begin with `> `) is run by sh, all of a file's
in one scratch folder with the program on the PATH and golden/ and lessons/ in it, and what it prints must be what stands
behind it. A line that is `…` stands for any number of lines, and `…` within a line for any characters.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def blocks(text):
    return re.findall(r"^```console\n(.*?)^```", text, re.M | re.S)


def calls(block):
    """(command, expected lines) for each command of a block."""
    result = []
    for line in block.splitlines():
        if line.startswith("$ "):
            result.append([line[2:], []])
        elif line == ">" or line.startswith("> "):
            result[-1][0] += "\n" + line[2:]
        else:
            result[-1][1].append(line)
    return result


def pattern(expected):
    lines = [r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in expected]
    return re.compile("".join(lines) + r"\Z")


def main():
    tutor, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path.cwd()
    run = failed = 0
    for name in sys.argv[2:]:
        folder = tempfile.mkdtemp()
        for data in "golden", "lessons":
            os.symlink(root / data, f"{folder}/{data}")
        environment = dict(os.environ, PATH=f"{tutor.parent}:{os.environ['PATH']}", COLUMNS="80", LC_ALL="C.UTF-8")
        for block in blocks(pathlib.Path(name).read_text(encoding="utf-8")):
            for command, expected in calls(block):
                result = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
                run += 1
                if result.returncode > 1 or not pattern(expected).match(result.stdout):
                    failed += 1
                    print(f"{name}: $ {command}\nstatus {result.returncode}, printed\n{result.stdout}")
        shutil.rmtree(folder)
    print(f"{run} commands run, {failed} failed")
    sys.exit(bool(failed) or not run)


main()
