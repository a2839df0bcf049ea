"""Runs several versions of a student's program on some inputs of an exercise: for an interpreter that is not trusted, after
`perform.py` and `meter.py`. No expected value is here.

`run(text)` takes JSON {sources, prelude?, module?, inputs, steps: [number], work} and returns the work done and for each source
its outcomes as in `perform.py`, or None when it does not compile; the list ends early when the work is used up. Work is counted
in steps and not in time, so that a busy machine tries the same. `steps` limits each input.
"""

import json
import sys


CHARACTER = 2  # what it costs to compile and load a character of a program, in steps
INPUT = 200  # what it costs to run it once, besides its own steps


def tried(source, meter, surroundings, inputs, steps):
    try:
        program = compile(source, "program.py", "exec")
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return CHARACTER * len(source), None
    work, results = CHARACTER * len(source), []
    for given, limit in zip(inputs, steps):
        results += outcomes(meter, program, surroundings, [given], [limit])
        work += INPUT + meter.taken
        if results[-1][1] == ["Steps"]:  # a program that never ends need not be run again
            break
    return work, results + results[-1:] * (len(inputs) - len(results))


def run(text):
    asked = json.loads(text)
    sys.setrecursionlimit(400)
    prelude = None if asked.get("prelude") is None else compile(asked["prelude"], "prelude.py", "exec")
    surroundings = (asked.get("module") or "submission", prelude)
    inputs = [compiled(given) for given in asked["inputs"]]
    meter, results, done = Meter(), [], 0
    for source in asked["sources"]:
        if results and done > asked["work"]:
            break
        work, outcome = tried(source, meter, surroundings, inputs, asked["steps"])
        results.append(outcome)
        done += work
    return [done, results]
