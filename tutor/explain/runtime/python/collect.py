"""What an uncaught exception leaves to be seen: frames, names and the values on the crash line; part of `probe.py`."""

import ast
import builtins

FILE = "program.py"
MAX_FRAMES, MAX_VALUES, MAX_CHAIN, MAX_SIZE = 12, 40, 4, 10**9
PLAIN = (int, float, bool, str, list, tuple, dict, range, type(None), bytes)
PURE = {"len": len, "type": type, "abs": abs, "range": range, "bool": bool, "id": None}
BINARY = {ast.Add: "__add__", ast.Sub: "__sub__", ast.FloorDiv: "__floordiv__", ast.Mod: "__mod__"}


class Unknown(Exception):
    """The value cannot be worked out without running code of the program."""


def look_up(name, local, outer):
    for names in (local, outer, vars(builtins)):
        if name in names:
            return names[name]
    raise Unknown


def subscript(node, local, outer):
    value = value_of(node.value, local, outer)
    if isinstance(node.slice, ast.Slice) or type(value) not in (list, tuple, str, dict, range, bytes):
        raise Unknown
    key = value_of(node.slice, local, outer)
    if type(key) not in (int, str, bool, float, tuple, type(None)):
        raise Unknown
    try:
        return value[key]
    except Exception:
        raise Unknown from None


def attribute(node, local, outer):
    value = value_of(node.value, local, outer)
    names = own_attributes(value)
    if node.attr in names:
        return names[node.attr]
    if type(value) in PLAIN:
        return getattr(value, node.attr) if hasattr(value, node.attr) else unknown()
    for base in BASES_OF(type(value)):
        if node.attr in vars(base) and type(vars(base)[node.attr]) in PLAIN:
            return vars(base)[node.attr]
    raise Unknown


def unknown():
    raise Unknown


def binary(node, local, outer):
    left, right = value_of(node.left, local, outer), value_of(node.right, local, outer)
    if type(left) not in (int, float) or type(right) not in (int, float) or type(node.op) not in BINARY:
        raise Unknown
    if abs(left) > MAX_SIZE or abs(right) > MAX_SIZE or left != left or right != right:
        raise Unknown
    try:
        return (left + right if isinstance(node.op, ast.Add) else left - right if isinstance(node.op, ast.Sub)
                else left // right if isinstance(node.op, ast.FloorDiv) else left % right)
    except ArithmeticError:
        raise Unknown from None


def call(node, local, outer):
    if not isinstance(node.func, ast.Name) or node.keywords or len(node.args) != 1:
        raise Unknown
    function = PURE.get(node.func.id)
    if function is None or look_up(node.func.id, local, outer) is not function:
        raise Unknown
    value = value_of(node.args[0], local, outer)
    if type(value) not in PLAIN:
        raise Unknown
    try:
        return function(value)
    except Exception:
        raise Unknown from None


def value_of(node, local, outer):
    """The value of an expression that runs nothing of the program. @raises Unknown"""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return look_up(node.id, local, outer)
    if isinstance(node, ast.Subscript):
        return subscript(node, local, outer)
    if isinstance(node, ast.Attribute):
        return attribute(node, local, outer)
    if isinstance(node, ast.BinOp):
        return binary(node, local, outer)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = value_of(node.operand, local, outer)
        return -value if type(value) in (int, float) else unknown()
    if isinstance(node, ast.Call):
        return call(node, local, outer)
    raise Unknown


def parts_of(statement):
    """The expressions of a statement, without those of its body."""
    inner = ("body", "orelse", "finalbody", "handlers", "cases")
    waiting = [child for name, child in ast.iter_fields(statement) if name not in inner]
    found = []
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one
        elif isinstance(one, (ast.expr, ast.withitem, ast.keyword, ast.comprehension, ast.Slice)):
            if isinstance(one, ast.expr):
                found.append(one)
            waiting[:0] = list(ast.iter_child_nodes(one))
    return found


def values_at(statement, source, local, outer):
    """What is known of each expression of the crash line, in its order."""
    facts = []
    for node in parts_of(statement):
        if isinstance(node, (ast.Constant, ast.Lambda)) or isinstance(getattr(node, "ctx", None), ast.Store):
            continue
        try:
            value = value_of(node, local, outer)
        except Unknown:
            continue
        expression = ast.get_source_segment(source, node) or ast.unparse(node)
        is_known = isinstance(node, ast.Name) and value is vars(builtins).get(node.id, facts)
        facts.append({"expression": expression[:120], "line": node.lineno, "column": node.col_offset,
                      "builtin": is_known, **described(value)})
        if len(facts) == MAX_VALUES:
            break
    return facts


def names_in(names):
    shown_names = {}
    for name in list(names)[:MAX_NAMES]:
        if type(name) is str and not name.startswith("__") and name != ".0":
            shown_names[name] = described(names[name])
    return shown_names
