"""What each line of a program reads, binds and depends on: trusted code that runs nothing.

`run(text)` takes JSON {source} and returns None when it does not parse, else (line, names bound, names read, lines it is under,
is a return) for each statement, and the lines of functions that can end without a return although others return a value.
"""

import ast
import json

CHANGING = {"append", "extend", "insert", "remove", "pop", "sort", "reverse", "clear", "update", "add", "discard", "setdefault", "popitem"}


def root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def head(node):
    """The nodes of a statement that are not in its blocks."""
    todo = [child for field, value in ast.iter_fields(node) if field not in ("body", "orelse", "finalbody", "handlers", "cases")
            for child in (value if isinstance(value, list) else [value]) if isinstance(child, ast.AST)]
    for child in todo:
        yield from ast.walk(child)


def names(node):
    binds, reads = set(), set()
    for one in head(node):
        if isinstance(one, ast.Name):
            (reads if isinstance(one.ctx, ast.Load) else binds).add(one.id)
        elif isinstance(one, (ast.Subscript, ast.Attribute)) and not isinstance(one.ctx, ast.Load):
            binds.add(root(one))
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in CHANGING:
            binds.add(root(one.func))
        elif isinstance(one, ast.arg):
            binds.add(one.arg)
    if isinstance(node, ast.AugAssign):
        reads.add(root(node.target))
    return sorted(binds - {None}), sorted(reads - {None})


def ends(block):
    """Whether a block never goes on behind its end."""
    last = block[-1] if block else None
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return True
    if isinstance(last, ast.If):
        return ends(last.body) and ends(last.orelse)
    if isinstance(last, ast.While):
        return isinstance(last.test, ast.Constant) and bool(last.test.value) and not any(isinstance(one, ast.Break) for one in ast.walk(last))
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return ends(last.body)
    if isinstance(last, ast.Try):
        return ends(last.finalbody) or (ends(last.orelse or last.body) and all(ends(one.body) for one in last.handlers))
    if isinstance(last, ast.Match):
        return all(ends(one.body) for one in last.cases) and getattr(last.cases[-1].pattern, "pattern", 0) is None
    return False


def run(text):
    try:
        tree = ast.parse(json.loads(text)["source"])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found, open_ends = [], []

    def visit(node, above):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                binds, reads = names(child)
                if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    returns = [one for one in ast.walk(child) if isinstance(one, ast.Return) and one.value is not None]
                    if returns and not ends(child.body):
                        open_ends.append(child.end_lineno)
                inner = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                found.append((child.lineno, binds, reads, above, isinstance(child, ast.Return)))
                visit(child, [] if inner else [*above, child.lineno])
            elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
                visit(child, above)

    visit(tree, [])
    return found, open_ends
