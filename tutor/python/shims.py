"""Stand-ins for fixtures of pytest that a test may name: trusted code, for `unittests.py`."""

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
