"""Follows a program that does not end: which loop turns, and what changes in it; part of `probe.py`."""

import io
import sys
import time

MAX_SEEN, MAX_KEPT = 600, 4
KEEP_FROM = 0.7


class Enough(BaseException):
    """Raised in the program when enough has been seen."""


class Sink(io.StringIO):
    """Output that nobody reads."""

    def write(self, text):
        return len(text)


class Watch:
    """Counts the steps of a program; near the end it keeps the lines that it goes through, and what its names hold."""

    def __init__(self, seconds):
        self.start = time.process_time()
        self.seconds, self.frame, self.count, self.over = seconds, None, 0, False
        self.keeping, self.lines, self.values = False, [], {}

    def trace(self, frame, event, argument):
        if frame.f_code.co_filename != FILE:
            return None
        self.count += 1
        if self.count % 32 == 0:
            spent = time.process_time() - self.start
            self.keeping = spent > self.seconds * KEEP_FROM
            self.over = self.over or spent > self.seconds
        if self.over:
            self.frame = self.frame or frame
            raise Enough
        if self.keeping and event == "line" and len(self.lines) < MAX_SEEN:
            self.keep(frame)
        return self.trace

    def keep(self, frame):
        function = frame.f_code.co_name
        self.lines.append((function, frame.f_lineno))
        for name, value in list(frame.f_locals.items())[:30]:
            if type(name) is str and not name.startswith("__"):
                texts = self.values.setdefault(function, {}).setdefault(name, [])
                text = shown(value)[:80]
                if len(texts) < MAX_KEPT and (not texts or texts[-1] != text):
                    texts.append(text)


def watch(code, module, tree, source, seconds):
    """Where the program is after so many seconds, the lines it went through last, and what changed on the way."""
    watching = Watch(seconds)
    out = sys.stdout
    sys.stdout = Sink()
    sys.settrace(watching.trace)
    try:
        exec(code, vars(module))
        return {"ended": "ok"}
    except BaseException as error:
        sys.settrace(None)
        if watching.frame is None:
            return crash_fact(error, tree, source, module)
        return {"ended": "loop", "globals": names_in(vars(module)), **followed(watching)}
    finally:
        sys.settrace(None)
        sys.stdout = out


def followed(watching):
    """The frames when it was stopped, the visits of each line, and the values that each name has had."""
    frame, stack = watching.frame, []
    while frame is not None and len(stack) < MAX_FRAMES:
        if frame.f_code.co_filename == FILE:
            stack.append({"function": frame.f_code.co_name, "line": frame.f_lineno, "names": names_in(frame.f_locals)})
        frame = frame.f_back
    visits = {}
    for function, line in watching.lines:
        visits[line] = visits.get(line, 0) + 1
    return {"stack": stack, "steps": watching.count, "visits": sorted(visits.items()), "values": watching.values}
