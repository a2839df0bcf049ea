"""What is known of names and values while a file of tests is read: trusted code, for `unittests.py`."""

import ast
import builtins
import copy
import itertools
import re
import sys


class World:
    """What is known of values: with the reference all that a test does is done here as well."""

    def __init__(self, file, reference):
        self.file, self.reference = file, reference
        self.code = None if reference is None else compile(reference, "reference", "exec")
        self.streams, self.names = (sys.stdout, sys.stderr), {}
        self.begin()

    @staticmethod
    def plain(file):
        names = {"__name__": "tests"}
        for node in file.top():
            try:
                exec(compile(ast.Module([located(node, file.tree)], []), "tests", "exec"), names)
            except BaseException:
                continue
        return names

    def begin(self):
        """Nothing of the test before is left."""
        sys.stdout, sys.stderr = self.streams
        if "monkeypatch" in self.names:
            self.names["monkeypatch"].undo()
        self.known, self.values, self.dynamic, self.objects = self.code is not None, {}, set(self.file.imported), set()
        if self.file.alias is not None:
            self.dynamic.add(self.file.alias)
        names = {}
        if self.code is not None:
            module = type(sys)(self.file.module or "program")
            sys.modules[module.__name__] = module
            try:
                exec(self.code, module.__dict__)
            except BaseException:
                self.known = False
            names = {name: value for name, value in vars(module).items() if not name.startswith("__")}
            names |= {alias: names[name] for alias, name in self.file.imported.items() if name in names}
        self.names = names | World.plain(self.file)
        for shim in (*SHIMS.values(), *STAND_INS.values()):
            exec(shim, self.names)
        for name in self.file.fixtures:
            self.dynamic.add(name)

    def perform(self, node):
        """Does a statement, and notes what it says of names."""
        value = getattr(node, "value", None)
        assigned = getattr(node, "targets", [])
        if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            assigned = [node.target]
        targets = [text(one) for one in assigned]
        dynamic = value is not None and self.is_dynamic(value)
        for target in itertools.chain.from_iterable(re.findall(r"(?:self\.)?\w+", one) for one in targets):
            self.dynamic.discard(target)
            self.objects.discard(target)
            if dynamic:
                self.dynamic.add(target)
                if self.is_object(value):
                    self.objects.add(target)
        if not targets or dynamic:
            self.touch(node)
        if self.known or not dynamic:
            before = sys.stdout, sys.stderr
            try:
                module = ast.Module([located(copy.deepcopy(node), self.file.tree)], [])
                exec(compile(module, "test", "exec"), self.names)
            except BaseException:
                pass
            finally:
                if "capsys" not in self.names:
                    sys.stdout, sys.stderr = before

    def touch(self, node):
        """What a call may have changed is no longer what was written."""
        for one in ast.walk(node):
            if isinstance(one, (ast.Name, ast.Attribute)) and isinstance(getattr(one, "ctx", None), ast.Load):
                name = name_of(one)
                if name in self.names and isinstance(self.names[name], (list, dict, set, bytearray)):
                    self.dynamic.add(name)

    def is_dynamic(self, node):
        """Whether a value depends on the program."""
        return any(name_of(one) in self.dynamic for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute)))

    def is_own_data(self, node):
        """A name that the test itself has given plain data."""
        known, value = self.value(node) if not self.is_dynamic(node) else (False, None)
        return known and is_plain(value)

    def is_object(self, node):
        """Whether a value seems to be an object of the program, where nothing else is known."""
        if isinstance(node, ast.Call) and name_of(node.func) == "awaited" and isinstance(node.args[0], ast.Lambda):
            return self.is_object(node.args[0].body)
        if isinstance(node, ast.Call):
            last = name_of(node.func).rpartition(".")[2]
            return last[:1].isupper() and not last.isupper()
        return name_of(node) in self.objects

    def is_standard(self, node):
        known, value = self.value(node)
        return known and f"{type(value).__module__}.".startswith(STANDARD)

    def value(self, node):
        """Whether the value is known, and the value; each expression is worked out once."""
        if id(node) in self.values:
            return self.values[id(node)][1]
        result = (False, None)
        if self.known or not self.is_dynamic(node):
            try:
                expression = located(ast.Expression(copy.deepcopy(node)), self.file.tree)
                result = (True, copy_of(eval(compile(expression, "test", "eval"), self.names)))
            except BaseException:
                result = (False, None)
        if self.is_dynamic(node):
            self.touch(node)
        self.values[id(node)] = (node, result)
        return result

    def literal(self, node):
        """An expression without names of the test; None when its value is not known beforehand."""
        if self.is_dynamic(node):
            return None
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        if all(hasattr(builtins, name) and name not in self.names for name in names):
            return text(node)
        known, value = self.value(node)
        if not known:
            return None
        if is_plain(value):
            return repr(value)
        standard = isinstance(value, re.Pattern) or f"{type(value).__module__}.".startswith(STANDARD)
        return text(node) if standard else None


def copy_of(value):
    try:
        return copy.deepcopy(value) if is_plain(value) else value
    except RecursionError:
        return value


class MessageWorld:
    """The text of a caught exception is all that is looked at."""

    def __init__(self, world):
        self.world = world

    def is_dynamic(self, node):
        return any(isinstance(one, ast.Name) and one.id == "message" for one in ast.walk(node))

    def is_own_data(self, node):
        return not self.is_dynamic(node)

    def is_object(self, node):
        return False

    def is_standard(self, node):
        return False

    def value(self, node):
        return (True, "") if self.is_dynamic(node) else self.world.value(node)

    def literal(self, node):
        return None if self.is_dynamic(node) else self.world.literal(node)
