"""Runs changed copies of a reference solution: trusted code, in an interpreter of its own.

`run(text)` takes JSON {source, module?, prelude?, only?: [number], inputs} and returns a list of (number, line, change, outcomes),
the program as it is first, under number -1. Inputs and outcomes are those of `perform.py`, which stands before this, as `meter.py` does.
"""

import ast
import json
import sys

MOST = 240  # changed copies of one program

COMPARE = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}
BINARY = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.FloorDiv, ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
METHODS = {"upper": "lower", "lower": "upper", "startswith": "endswith", "endswith": "startswith", "find": "rfind", "append": "extend"}


def is_main(node):
    """`if __name__ == "__main__":`, which no test of a function runs."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and getattr(node.test.left, "id", "") == "__name__"


def places(node, path=()):
    """Every (parent, field, index or None, child) of a tree that can change what it does: no docstrings, no annotations."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_comment", "type_params", "decorator_list"):
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if not isinstance(child, ast.AST) or is_main(child):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            yield node, field, index, child
            yield from places(child)


def plus(node, number):
    operator = ast.Add() if number > 0 else ast.Sub()
    return ast.BinOp(node, operator, ast.Constant(abs(number)))


def replaced(call, index, argument):
    return ast.Call(call.func, [*call.args[:index], argument, *call.args[index + 1:]], call.keywords)


def constants(node):
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, str):
        yield ast.Constant("" if value else "x")


def calls(node):
    if not isinstance(node.func, (ast.Name, ast.Attribute)):
        return
    if isinstance(node.func, ast.Name):
        if node.func.id in NAMES:
            yield ast.Call(ast.Name(NAMES[node.func.id], ast.Load()), node.args, node.keywords)
        if node.func.id == "range":
            for index, argument in enumerate(node.args[:2]):
                if not isinstance(argument, ast.Constant):
                    yield replaced(node, index, plus(argument, 1))
                    yield replaced(node, index, plus(argument, -1))
    elif node.func.attr in METHODS:
        yield ast.Call(ast.Attribute(node.func.value, METHODS[node.func.attr], ast.Load()), node.args, node.keywords)


def slices(node):
    for field in ("lower", "upper"):
        bound = getattr(node, field)
        if bound is not None and not isinstance(bound, ast.Constant):
            for number in (1, -1):
                yield ast.Slice(**{"lower": node.lower, "upper": node.upper, "step": node.step, field: plus(bound, number)})


def expressions(node):
    """The expressions that may stand in place of another, each one token away."""
    match node:
        case ast.Constant():
            yield from constants(node)
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                for other in COMPARE[type(operator)]:
                    yield ast.Compare(node.left, [*node.ops[:index], other(), *node.ops[index + 1:]], node.comparators)
        case ast.BinOp() if type(node.op) in BINARY:
            yield ast.BinOp(node.left, BINARY[type(node.op)](), node.right)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()) if not isinstance(node.operand, ast.Constant):
            yield node.operand
        case ast.Call():
            yield from calls(node)
        case ast.Slice():
            yield from slices(node)


def negated(node):
    return ast.UnaryOp(ast.Not(), node)


def statements(node):
    """The statements that may stand in place of another."""
    match node:
        case ast.AugAssign() if type(node.op) in BINARY:
            yield ast.AugAssign(node.target, BINARY[type(node.op)](), node.value)
        case ast.Break():
            yield ast.Continue()
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
            yield ast.Pass()
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield ast.Pass()
        case ast.Return(value=value) if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.If() if not isinstance(node.test, ast.Compare):
            yield ast.If(negated(node.test), node.body, node.orelse)
        case ast.While() if not isinstance(node.test, (ast.Compare, ast.Constant)):
            yield ast.While(negated(node.test), node.body, node.orelse)
        case ast.For():
            yield ast.For(node.target, node.iter, [*node.body, ast.Break()], node.orelse)


def shown(node):
    text = ast.unparse(node)
    first = text.split("\n")[0]
    return first if len(first) <= 100 else first[:97] + "..."


def change_of(old, new):
    if isinstance(new, ast.For):
        return "the loop ends after its first turn"
    return f"{shown(old)} -> {shown(new)}"


def variants(tree):
    """(line, change, parent, field, index, new node) of each changed copy."""
    found = []
    for parent, field, index, child in places(tree):
        if isinstance(child, ast.Constant) and isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
            continue
        inside = isinstance(parent, ast.JoinedStr) and not isinstance(child, ast.Constant)
        others = () if inside else statements(child) if isinstance(child, ast.stmt) else expressions(child)
        for new in others:
            found.append((getattr(child, "lineno", getattr(parent, "lineno", 1)), change_of(child, new), parent, field, index, ast.copy_location(new, child) if hasattr(child, "lineno") else new))
    step = max(1, -(-len(found) // MOST))
    return found[::step]


def put(parent, field, index, node):
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def run(text):
    asked = json.loads(text)
    sys.setrecursionlimit(400)
    prelude = None if asked.get("prelude") is None else compile(asked["prelude"], "prelude.py", "exec")
    surroundings = (asked.get("module") or "submission", prelude)
    inputs = [compiled(given) for given in asked["inputs"]]
    tree = ast.parse(asked["source"])
    meter = Meter()
    limits = [10**9] * len(inputs)
    results = [(-1, 0, "", outcomes(meter, compile(asked["source"], "program.py", "exec"), surroundings, inputs, limits))]
    for number, (line, change, parent, field, index, new) in enumerate(variants(tree)):
        if asked.get("only") is not None and number not in asked["only"]:
            continue
        old = getattr(parent, field) if index is None else getattr(parent, field)[index]
        put(parent, field, index, new)
        try:
            program = compile(ast.fix_missing_locations(tree), "program.py", "exec")
        except (SyntaxError, ValueError, TypeError):
            program = None
        put(parent, field, index, old)
        if program is not None:
            results.append((number, line, change, outcomes(meter, program, surroundings, inputs, limits)))
    return results
