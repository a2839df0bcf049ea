"""Where a value was made that is wrong elsewhere; part of `diagnose.py`."""

import ast

NONE_METHODS = {"append": "list", "extend": "list", "insert": "list", "sort": "list", "reverse": "list",
                "remove": "list", "clear": "list", "add": "set", "discard": "set", "update": "dict"}
MAYBE_NONE = ("get", "match", "search", "fullmatch", "find")


def statement_of(case, node):
    while not isinstance(node, ast.stmt) and node in case.parents:
        node = case.parents[node]
    return node


def last_binding(case, name, scope, line, kind=None):
    """The place in that function or module that gave the name its value: the last before the line, or in a loop
    around it, whose value can be of that type. None when two could have."""
    found = [one for one in bindings(scope, name) if case.scope_of(one) is scope and can_be(case, one, kind)]
    before = sorted((one for one in found if one.lineno < line), key=lambda one: -one.lineno)
    around = [loop for loop in ast.walk(scope) if isinstance(loop, (ast.For, ast.While))
              and loop.lineno <= line <= loop.end_lineno]
    again = [one for one in found if one.lineno >= line and any(
        loop.lineno <= one.lineno <= loop.end_lineno for loop in around)]
    if again and before:
        return None
    return again[-1] if again else before[0] if before else None


STATIC = {ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set",
          ast.SetComp: "set", ast.Tuple: "tuple", ast.JoinedStr: "str", ast.GeneratorExp: "generator",
          ast.Lambda: "function"}


def can_be(case, target, kind):
    """Whether what a binding assigns can be of that type."""
    if kind is None or isinstance(target, ast.arg):
        return True
    if isinstance(target, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return kind == "function"
    if isinstance(target, ast.ClassDef):
        return kind == "type"
    value = assigned_value(case, target)
    if value is None:
        return True
    if isinstance(value, ast.Constant):
        return type(value.value).__name__ == kind
    if type(value) in STATIC:
        return STATIC[type(value)] == kind
    if kind == "NoneType" and isinstance(value, (ast.BinOp, ast.Compare, ast.UnaryOp)):
        return False
    if isinstance(value, ast.Call):
        why, detail = maker(case, value)
        if why in ("none-method", "no-return", "print"):
            return kind == "NoneType"
        known = {"input": "str", "int": "int", "str": "str", "float": "float", "list": "list", "len": "int",
                 "sorted": "list", "dict": "dict", "set": "set", "tuple": "tuple", "range": "range"}
        if isinstance(value.func, ast.Name) and case.function(value.func.id) is None and value.func.id in known:
            return known[value.func.id] == kind
    return True


def assigned_value(case, target):
    """The expression that a binding takes its value from."""
    parent = case.parents.get(target)
    if isinstance(parent, ast.Assign) and target in parent.targets:
        return parent.value
    if isinstance(parent, (ast.AnnAssign, ast.NamedExpr)) and parent.target is target:
        return parent.value
    if isinstance(parent, (ast.Tuple, ast.List)):
        outer = case.parents.get(parent)
        if isinstance(outer, ast.Assign) and isinstance(outer.value, (ast.Tuple, ast.List)):
            if len(outer.value.elts) == len(parent.elts):
                return outer.value.elts[parent.elts.index(target)]
    return None


def argument_for(case, name, at):
    """The expression that the caller passes for a parameter, and the caller's frame; None when it is not seen."""
    scope = case.scope(at)
    if at == 0 or not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    owner = case.parents.get(scope)
    wanted = owner.name if scope.name == "__init__" and isinstance(owner, ast.ClassDef) else scope.name
    call = next((one for one in case.expressions(ast.Call, at - 1)
                 if getattr(one.func, "id", getattr(one.func, "attr", None)) == wanted), None)
    names = [one.arg for one in scope.args.args]
    if call is None or name not in names:
        return None
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value, at - 1
    is_method = isinstance(case.parents.get(scope), ast.ClassDef) and names[:1] == ["self"]
    index = names.index(name) - is_method
    if 0 <= index < len(call.args) and not any(isinstance(one, ast.Starred) for one in call.args):
        return call.args[index], at - 1
    return None


def returns_of(function):
    """The return statements of a function, without those of functions inside."""
    found, waiting = [], list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def maker(case, node):
    """(why, detail) of an expression: what makes its value a surprise."""
    if isinstance(node, ast.Await):
        return maker(case, node.value)
    if isinstance(node, ast.Constant) and node.value is None:
        return "none", ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "text", ""
    if not isinstance(node, ast.Call):
        return "other", ""
    if isinstance(node.func, ast.Attribute):
        name = node.func.attr
        own = case.function(name)
        if own is None and name in NONE_METHODS:
            return "none-method", name
        if own is None:
            return ("maybe-none", name) if name in MAYBE_NONE else ("other", name)
        return own_maker(own, name)
    if isinstance(node.func, ast.Name):
        name, own = node.func.id, case.function(node.func.id)
        if own is not None:
            return own_maker(own, name)
        return ({"print": "print", "input": "input", "open": "file", "map": "lazy", "zip": "lazy", "filter": "lazy",
                 "range": "lazy", "reversed": "lazy", "round": "other"}.get(name, "other"), name)
    return "other", ""


def own_maker(function, name):
    returns = returns_of(function)
    if any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in ast.walk(function)):
        return "generator", name
    if not any(one.value is not None for one in returns):
        return "no-return", name
    last = function.body[-1]
    ends = isinstance(last, ast.Return) and last.value is not None or isinstance(last, ast.Raise)
    return ("other", name) if ends else ("some-return", name)


def made(case, node, at=None, steps=6):
    """Where the value of an expression comes from: {line, text, why, detail, name}, or None when nothing is seen."""
    at = case.at if at is None else at
    kind = case.type_of(node)
    line, name = None, None
    while steps > 0 and isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        steps -= 1
        if isinstance(node, ast.Attribute):
            target = attribute_binding(case, node)
        elif isinstance(node, ast.Subscript):
            target = None
        else:
            name, scope = node.id, case.scope(at)
            limit = case.frames[at]["line"] if case.frames else 10**9
            target = last_binding(case, name, scope, limit, kind)
            if target is None and scope is not case.tree and not bindings(scope, name):
                target = last_binding(case, name, case.tree, 10**9, kind)
        if target is None:
            return None
        if isinstance(target, ast.arg):
            passed = argument_for(case, name, at)
            if passed is None:
                return None
            node, at = passed
            line = node.lineno
            if not isinstance(node, (ast.Name, ast.Attribute)):
                break
            continue
        value = assigned_value(case, target)
        if value is None:
            return described_origin(case, statement_of(case, target), "bound", "", target)
        node, line = value, value.lineno
    if not isinstance(node, ast.expr):
        return None
    why, detail = maker(case, node)
    return {**described_origin(case, statement_of(case, node), why, detail, node), "is_call": line is None}


def attribute_binding(case, node):
    """The only place that sets an attribute of that name."""
    found = [one for one in ast.walk(case.tree) if isinstance(one, ast.Attribute) and one.attr == node.attr
             and isinstance(one.ctx, ast.Store)]
    return found[0] if len(found) == 1 else None


def described_origin(case, statement, why, detail, node):
    text = case.lines[statement.lineno - 1].strip() if statement.lineno <= len(case.lines) else ""
    return {"line": statement.lineno, "column": node.col_offset, "text": text[:120], "why": why, "detail": detail,
            "node": node}
