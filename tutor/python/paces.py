"""How many steps a right program takes: trusted code, after `perform.py` and `meter.py`.

`run(text)` takes JSON {source, prelude?, module?, inputs} and returns for each input how many steps another program may take.
"""

import json
import sys


FEWEST = 2_000  # steps that any run may take: many changed programs never end, and each should be noticed soon


def run(text):
    asked = json.loads(text)
    sys.setrecursionlimit(400)
    prelude = None if asked.get("prelude") is None else compile(asked["prelude"], "prelude.py", "exec")
    limits = [10**9] * len(asked["inputs"])
    program = compile(asked["source"], "program.py", "exec")
    outcomes(Meter(), program, (asked.get("module") or "submission", prelude), [compiled(given) for given in asked["inputs"]], limits, FEWEST)
    return limits
