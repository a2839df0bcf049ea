"""Runs several versions of a student's program on some inputs of an exercise: for an interpreter that is not trusted, after
`perform.py` and `meter.py`. No expected value is here.

`run(text)` takes JSON {sources, prelude?, module?, inputs, steps: [number], seconds} and returns for each source its outcomes
as in `perform.py`, or None when it does not compile; the list ends early when the seconds are used up. `steps` limits each
input.
"""

import json
import sys
import time


def tried(source, meter, surroundings, inputs, steps):
    try:
        program = compile(source, "program.py", "exec")
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    results = []
    for given, limit in zip(inputs, steps):
        results += outcomes(meter, program, surroundings, [given], [limit])
        if results[-1][1] == ["Steps"]:  # a program that never ends need not be run again
            break
    return results + results[-1:] * (len(inputs) - len(results))


def run(text):
    asked = json.loads(text)
    sys.setrecursionlimit(400)
    prelude = None if asked.get("prelude") is None else compile(asked["prelude"], "prelude.py", "exec")
    surroundings = (asked.get("module") or "submission", prelude)
    inputs = [compiled(given) for given in asked["inputs"]]
    meter, results, until = Meter(), [], time.perf_counter() + asked["seconds"]
    for source in asked["sources"]:
        if results and time.perf_counter() > until:
            break
        results.append(tried(source, meter, surroundings, inputs, asked["steps"]))
    return results
