"""One crash to be explained: the program, where it ended and what is known of its values; part of `diagnose.py`."""

import ast
import builtins

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Case:
    def __init__(self, source, facts, groups):
        self.source, self.facts, self.groups = source, facts, groups
        self.lines = source.splitlines() or [""]
        try:
            self.tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            self.tree = ast.parse("")
        self.parents = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
        self.frames = facts.get("frames") or []
        self.at = len(self.frames) - 1
        self.message = facts.get("message") or ""
        self.has_run = bool(facts.get("bases"))

    @property
    def frame(self):
        return self.frames[self.at] if self.frames else {"line": 1, "values": [], "names": {}, "function": "<module>"}

    @property
    def line(self):
        return self.frame["line"]

    def statement(self, line=None):
        """The smallest statement that holds the line."""
        line, found = line or self.line, None
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt) and node.lineno <= line <= node.end_lineno:
                if found is None or node.lineno >= found.lineno and node.end_lineno <= found.end_lineno:
                    found = node
        return found

    def expressions(self, kind=ast.expr, at=None):
        """The expressions of that kind which were being worked out, the innermost that fits the position first."""
        frame = self.frame if at is None else self.frames[at]
        statement = self.statement(frame["line"])
        if statement is None:
            return []
        inner = ("body", "orelse", "finalbody", "handlers", "cases")
        roots = [child for name, child in ast.iter_fields(statement) if name not in inner]
        roots = [one for child in roots for one in (child if isinstance(child, list) else [child])]
        found = [one for root in roots if isinstance(root, ast.AST) for one in ast.walk(root) if isinstance(one, kind)]
        place = (frame["line"], frame.get("column"), frame.get("end_line"), frame.get("end_column"))
        exact = [one for one in found if place == (getattr(one, "lineno", 0), getattr(one, "col_offset", 0),
                 getattr(one, "end_lineno", 0), getattr(one, "end_col_offset", 0))]
        return exact or sorted(found, key=lambda one: abs(getattr(one, "lineno", 0) - frame["line"]))

    def expression(self, kind=ast.expr, at=None):
        found = self.expressions(kind, at)
        return found[0] if found else None

    def text(self, node):
        return ast.get_source_segment(self.source, node) or ast.unparse(node)

    def value(self, node, at=None):
        """What is known of the value of an expression on the crash line; None when nothing is."""
        frame = self.frame if at is None else self.frames[at]
        if isinstance(node, ast.Constant):
            kind = type(node.value)
            fact = {"type": kind.__name__, "text": repr(node.value)[:80], "callable": False}
            return {**fact, "length": len(node.value), "str": node.value} if kind is str else fact
        if isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.Set)):
            items = node.keys if isinstance(node, ast.Dict) else node.elts
            if not any(isinstance(one, ast.Starred) or one is None for one in items):
                return {"type": type(node).__name__.lower(), "text": self.text(node)[:80], "callable": False,
                        "length": len(items)}
        text = self.text(node)
        for fact in frame["values"]:
            if fact["expression"] == text:
                return fact
        if isinstance(node, ast.Name):
            return frame["names"].get(node.id) or self.facts.get("globals", {}).get(node.id)
        return {"type": "str", "text": "a text", "callable": False} if isinstance(node, ast.JoinedStr) else None

    def type_of(self, node):
        fact = self.value(node)
        if fact is not None:
            return fact["type"]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not self.is_defined(node.func.id):
            known = {"input": "str", "len": "int", "sorted": "list", "print": "NoneType", "range": "range"}
            same = ("int", "float", "str", "list", "dict", "set", "tuple", "zip", "map", "filter", "enumerate")
            return known.get(node.func.id) or (node.func.id if node.func.id in same else None)
        kinds = {ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.Set: "set", ast.Tuple: "tuple",
                 ast.GeneratorExp: "generator", ast.JoinedStr: "str", ast.Lambda: "function"}
        return kinds.get(type(node))

    def is_defined(self, name):
        return name in self.facts.get("globals", {}) or name in self.frame["names"] or bool(bindings(self.tree, name))

    def scope_of(self, node):
        """The function around a node, or the module."""
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, SCOPES):
                return node
        return self.tree

    def scope(self, at=None):
        """The function or module that a frame runs."""
        frame = self.frame if at is None else self.frames[at]
        for node in ast.walk(self.tree):
            if isinstance(node, SCOPES[:2]) and node.name == frame["function"]:
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                if first <= frame["line"] <= node.end_lineno:
                    return node
        return self.tree

    def function(self, name):
        """The only function of that name."""
        found = [one for one in ast.walk(self.tree) if isinstance(one, SCOPES[:2]) and one.name == name]
        return found[0] if len(found) == 1 else None

    def names(self):
        """The names that can be used where it crashed, nearest first."""
        found = [*self.frame["names"], *self.facts.get("globals", {})]
        if not self.has_run:
            found += [one.id for one in ast.walk(self.tree) if isinstance(one, ast.Name)
                      and isinstance(one.ctx, ast.Store)]
            found += [one.arg for one in ast.walk(self.tree) if isinstance(one, ast.arg)]
            found += [one.name for one in ast.walk(self.tree) if isinstance(one, (*SCOPES[:2], ast.ClassDef))]
        return list(dict.fromkeys(found))

    def edit(self, node, new):
        return [node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, new]

    def source_span(self, first, whole):
        """What follows `first` in `whole`: the parentheses of a call, the brackets of an index."""
        return [first.end_lineno, first.end_col_offset, whole.end_lineno, whole.end_col_offset]

    def insertion(self, line, column, new):
        return [line, column, line, column, new]


def bindings(tree, name):
    """The nodes that give a name its value: targets, parameters, functions, classes, imports."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            found.append(node)
        elif isinstance(node, ast.arg) and node.arg == name:
            found.append(node)
        elif isinstance(node, (*SCOPES[:2], ast.ClassDef)) and node.name == name:
            found.append(node)
        elif isinstance(node, ast.alias) and (node.asname or node.name.split(".")[0]) == name:
            found.append(node)
    return found


def is_builtin(name):
    return hasattr(builtins, name)


def finding(name, params=None, edits=(), node=None, made=None):
    """One explanation: the class, what its text needs, edits to be tried, and where the value was made."""
    place = None if node is None else [node.lineno, node.col_offset]
    return {"class": name, "params": params or {}, "edits": list(edits), "place": place, "made": made}
