"""Stand-ins for what a test may name: fixtures of pytest, and what its statements become. Trusted code, for `unittests.py`."""

SHIMS = {
    "capsys": """class Capsys:
    def __init__(self):
        import io, sys
        self.old = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    def readouterr(self):
        import collections, io, sys
        taken = collections.namedtuple("Captured", "out err")(sys.stdout.getvalue(), sys.stderr.getvalue())
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        return taken
    def undo(self):
        import sys
        sys.stdout, sys.stderr = self.old
""",
    "monkeypatch": """class Monkeypatch:
    def __init__(self):
        self.old = []
    def setattr(self, target, name, *value, raising=True):
        import importlib
        if not value:
            path, _, attribute = target.rpartition(".")
            target, name, value = importlib.import_module(path), attribute, (name,)
        self.old.append((target, name, getattr(target, name)))
        setattr(target, name, value[0])
    def setitem(self, mapping, key, value):
        mapping[key] = value
    def setenv(self, name, value, prepend=None):
        import os
        os.environ[name] = value
    def delenv(self, name, raising=True):
        import os
        os.environ.pop(name, None)
    def chdir(self, path):
        import os
        os.chdir(path)
    def undo(self):
        for target, name, value in reversed(self.old):
            setattr(target, name, value)
""",
}

# By a pattern of the names that each defines.
STAND_INS = {
    "awaited|begun|collected": """def awaited(make, loops=[]):
    import asyncio
    async def result():
        return await make()
    if not loops:
        loops.append(asyncio.new_event_loop())
    return loops[0].run_until_complete(result())
def begun(make):
    async def result():
        return make()
    return awaited(result)
def collected(make):
    async def result():
        return [one async for one in make()]
    return awaited(result)
""",
    "Logs": """class Logs:
    def __init__(self, logger=None, level=None):
        import logging
        self.records, self.output = [], []
        self.logger = logger if isinstance(logger, logging.Logger) else logging.getLogger(logger)
        known = getattr(logging, level) if isinstance(level, str) else level or logging.INFO
        handler = logging.Handler(known)
        handler.emit = self.take
        self.old = self.logger.handlers, self.logger.level, self.logger.propagate
        self.logger.handlers, self.logger.propagate = [handler], False
        self.logger.setLevel(known)
    def take(self, record):
        self.records.append(record)
        self.output.append(f"{record.levelname}:{record.name}:{record.getMessage()}")
    def end(self):
        self.logger.handlers, level, self.logger.propagate = self.old
        self.logger.setLevel(level)
""",
}
