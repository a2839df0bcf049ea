"""Follows a student's program on the inputs of an exercise: for an interpreter that is not trusted, after `perform.py` and
`meter.py`. No expected value is here.

`run(text)` takes JSON {source, prelude?, module?, inputs, steps: [number], follow: [index]} and returns (lines, traces): for each input
the lines of the program that it ran, and for each followed input its steps (line, frame, function, [(name, text)]), each
with the values that the line changed, the returned one under the name `return`, what was
printed under `printed`. Lines count from 1.
"""

import io
import json
import sys

MOST_STEPS = 3_000  # of one trace
MOST_NAMES = 30  # of one frame
SIZE = 160  # characters of a value's text


def short(value, depth=3):
    """A bounded text of a value that calls no method of the program."""
    kind = type(value)
    if kind in (int, float, complex, bool, type(None), str, bytes):
        if kind is int and value.bit_length() > 400:
            return f"<int of {value.bit_length()} bits>"
        return repr(value if kind not in (str, bytes) or len(value) <= SIZE else value[:SIZE])
    if depth == 0:
        return "..."
    if kind in (list, tuple, set, frozenset):
        items = [short(item, depth - 1) for item in list(value)[:20]] + (["..."] if len(value) > 20 else [])
        if kind in (set, frozenset):
            items.sort()
        left, right = {list: "[]", tuple: "()", set: "{}", frozenset: "{}"}[kind]
        return left + ", ".join(items) + ("," if kind is tuple and len(value) == 1 else "") + right
    if kind is dict:
        items = [f"{short(key, depth - 1)}: {short(item, depth - 1)}" for key, item in list(value.items())[:20]]
        return "{" + ", ".join(items + (["..."] if len(value) > 20 else [])) + "}"
    inside = getattr(type, "__getattribute__")(kind, "__dict__").get("__dict__")
    name = type.__getattribute__(kind, "__name__")
    if inside is None or kind.__module__ not in ("submission", "__main__"):
        return f"<{name}>"
    fields = object.__getattribute__(value, "__dict__")
    return f"<{name} " + ", ".join(f"{key}={short(item, depth - 1)}" for key, item in list(fields.items())[:10]) + ">"


class Follower:
    """The steps of one run, as a function for sys.settrace."""

    def __init__(self):
        self.steps, self.frames, self.printed = [], 0, 0

    def __call__(self, frame, event, argument):
        if frame.f_code.co_filename != "program.py" or event != "call" or len(self.steps) >= MOST_STEPS:
            return None
        state = {"number": self.frames, "line": frame.f_lineno, "seen": {}}
        self.frames += 1
        self.note(frame, state)

        def follow(frame, event, argument):
            if len(self.steps) < MOST_STEPS:
                if event in ("line", "return"):
                    self.note(frame, state)
                    state["line"] = frame.f_lineno
                if event == "return" and frame.f_code.co_flags & 1:  # a function, no class or module
                    self.steps.append((frame.f_lineno, state["number"], frame.f_code.co_name, [("return", short(argument)[:SIZE])]))
            return follow

        return follow

    def note(self, frame, state):
        """Records what the line before has changed."""
        changed = []
        for name, value in list(frame.f_locals.items())[:MOST_NAMES]:
            if name.startswith("__") or type(value) in (type(sys), type, type(short)):
                continue
            text = short(value)[:SIZE]
            if state["seen"].get(name) != text:
                state["seen"][name] = text
                changed.append((name, text))
        text = sys.stdout.getvalue() if type(sys.stdout) is io.StringIO else ""
        if len(text) > self.printed:
            changed.append(("printed", repr(text[self.printed:][:SIZE])))
            self.printed = len(text)
        self.steps.append((state["line"], state["number"], frame.f_code.co_name, changed))


def covered(meter, program, surroundings, inputs, steps):
    """The lines that each input runs."""
    seen, monitoring = set(), sys.monitoring
    monitoring.use_tool_id(monitoring.COVERAGE_ID, "lines")

    def line(code, number):
        if code.co_filename == "program.py":
            seen.add(number)
        return monitoring.DISABLE

    monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.LINE, line)
    lines = []
    for given, limit in zip(inputs, steps):
        seen.clear()
        monitoring.restart_events()
        monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.LINE)
        outcomes(meter, program, surroundings, [given], [limit])
        monitoring.set_events(monitoring.COVERAGE_ID, 0)
        lines.append(sorted(seen))
    return lines


def followed(meter, program, surroundings, given, limit):
    follower = Follower()
    sys.settrace(follower)
    try:
        outcomes(meter, program, surroundings, [given], [limit])
    finally:
        sys.settrace(None)
    return follower.steps


def run(text):
    asked = json.loads(text)
    sys.setrecursionlimit(400)
    prelude = None if asked.get("prelude") is None else compile(asked["prelude"], "prelude.py", "exec")
    surroundings = (asked.get("module") or "submission", prelude)
    inputs = [compiled(given) for given in asked["inputs"]]
    program = compile(asked["source"], "program.py", "exec")
    meter = Meter()
    traces = [followed(meter, program, surroundings, inputs[at], asked["steps"][at]) for at in asked["follow"]]
    return covered(meter, program, surroundings, inputs, asked["steps"]), traces
