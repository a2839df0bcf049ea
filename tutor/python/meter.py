"""Runs a program on the inputs of an exercise, each within a number of steps: for `mutants.py` and `tries.py`, after `perform.py`."""

import sys

FLOOR = 20_000  # steps that any run may take; a step is a call or a jump back
FACTOR = 20  # how many times the steps of the first program a later one may take


class Meter:
    """Counts calls and jumps of the program under test and stops it at a limit."""

    def __init__(self):
        self.left = self.taken = 0
        monitoring = sys.monitoring
        monitoring.use_tool_id(monitoring.DEBUGGER_ID, "meter")
        for event in (monitoring.events.JUMP, monitoring.events.PY_START, monitoring.events.PY_RESUME):
            monitoring.register_callback(monitoring.DEBUGGER_ID, event, self.step)
        self.events = monitoring.events.JUMP | monitoring.events.PY_START | monitoring.events.PY_RESUME

    def step(self, code, *place):
        if code.co_filename not in ("program.py", "prelude.py"):
            return sys.monitoring.DISABLE
        self.taken += 1
        if self.taken > self.left:
            raise Steps()

    def start(self, limit):
        self.left, self.taken = limit, 0
        sys.monitoring.set_events(sys.monitoring.DEBUGGER_ID, self.events)

    def stop(self):
        sys.monitoring.set_events(sys.monitoring.DEBUGGER_ID, 0)


def outcomes(meter, program, surroundings, inputs, limits, floor=FLOOR):
    results = []
    for at, given in enumerate(inputs):
        meter.start(limits[at])
        try:
            results.append(perform(program, *surroundings, given))
        except Steps:
            results.append(("raised", ["Steps"], "too many steps", None))
        finally:
            meter.stop()
        limits[at] = max(floor, meter.taken * FACTOR) if limits[at] > 10**8 else limits[at]
    return results
