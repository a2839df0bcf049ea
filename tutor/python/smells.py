"""Lines that are valid but seldom meant: `smells(program)` yields (name, line, function or ""). A part of `facts.py`."""

import ast
import builtins

CHANGING = {
    "append", "extend", "insert", "remove", "pop", "sort", "reverse", "clear", "update", "add", "discard", "setdefault", "popitem",
}
# Methods that only a text has, and the most arguments of each; objects of other libraries have `title`, `join` or `replace`, too.
FRESH = {"strip": 1, "lstrip": 1, "rstrip": 1, "upper": 0, "lower": 0, "capitalize": 0, "swapcase": 0, "replace": 3, "removeprefix": 1, "removesuffix": 1}
KEPT = CHANGING - {"pop", "popitem", "setdefault", "update", "add", "remove"}
MAKERS = {"list", "dict", "set", "defaultdict", "Counter", "deque"}


def changeable(node):
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    return isinstance(node, (ast.List, ast.Dict, ast.Set)) or called in MAKERS


def is_error(node):
    called = node.func if isinstance(node, ast.Call) else node
    known = getattr(builtins, called.id, None) if isinstance(called, ast.Name) else None
    return isinstance(known, type) and issubclass(known, BaseException)


def is_text(node):
    """Whether an expression is a text beyond doubt."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "") in ("input", "str") or (method(node) in FRESH and is_text(node.func.value))
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def texts(program):
    """Names that hold nothing but texts, or that a function is given."""
    values = {}
    for node in program.nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, []).append(node.value)
    given = {one.arg for function in functions(program) for one in function.args.args} - {"self", "cls"}
    stored = {node.id for node in program.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {name for name, all in values.items() if all_texts(all)} | (given - stored - set(imported(program)))


def all_texts(values):
    return all(is_text(value) for value in values)


def touched(nodes):
    """Names, and attributes of self, that are changed in place."""
    for node in nodes:
        owner = None
        if method(node) in CHANGING:
            owner = node.func.value
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
            owner = node.value
        if isinstance(owner, ast.Name):
            yield owner.id
        if isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.value.id == "self":
            yield f"self.{owner.attr}"


def function_smells(function, top):
    inside = list(ast.walk(function))
    changed = set(touched(inside))
    names = [one.arg for one in [*function.args.posonlyargs, *function.args.args]]
    pairs = [*zip(names[::-1], function.args.defaults[::-1]), *zip([one.arg for one in function.args.kwonlyargs], function.args.kw_defaults)]
    for name, default in pairs:
        if changeable(default) and name in changed:
            yield "shared-default", default.lineno, function.name
    read = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    read |= {node.target.id for node in inside if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)}
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    stub = all(isinstance(node, (ast.Pass, ast.Raise)) for node in body)
    if top and not stub and not {"locals", "eval"} & read:
        for name in names[:len(names) - len(function.args.defaults)]:
            if name not in read and not name.startswith("_"):
                yield "unused-parameter", function.lineno, function.name
    for node in inside:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) and node.value.func.id == function.name:
            if any(isinstance(one, ast.Return) and one.value is not None for one in inside) and not changed:
                yield "lost-recursion", node.lineno, function.name


def class_smells(node):
    shared = {
        target.id: item.lineno
        for item in node.body if isinstance(item, ast.Assign) and changeable(item.value)
        for target in item.targets if isinstance(target, ast.Name)
    }
    inside = list(ast.walk(node))
    changed = set(touched(inside))
    own = {one.attr for one in inside if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)}
    for name, line in shared.items():
        if f"self.{name}" in changed and name not in own:
            yield "shared-attribute", line
    makers = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    if node.bases and makers and not is_error(node.bases[0]):
        called = {one.attr for one in ast.walk(makers[0]) if isinstance(one, ast.Attribute)}
        if "__init__" not in called and not (isinstance(node.bases[0], ast.Name) and node.bases[0].id in ("ABC", "object", "Protocol", "Generic")):
            yield "base-init-missing", makers[0].lineno


def tests_of(node):
    return [node.test] if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)) else []


def statement_smells(node, known):
    """`known`: names of texts, and methods that the program defines."""
    texts, methods = known
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) as call) if name in FRESH and name not in methods:
            if owner in texts and len(call.args) <= FRESH[name] and not call.keywords and (name != "replace" or all(is_text(one) for one in call.args[:2])):
                yield "lost-text", node.lineno
        case ast.Expr(value=ast.Compare(left=ast.Name() | ast.Attribute() | ast.Subscript(), ops=[ast.Eq()])):
            yield "lost-comparison", node.lineno
        case ast.Expr(value=ast.Call() as call) if is_error(call):
            yield "lost-error", node.lineno
        case ast.Return(value=ast.Call() as call) if is_error(call):
            yield "returned-error", node.lineno
        case ast.Assign(value=ast.Call() as call) | ast.Return(value=ast.Call() as call) if method(call) in KEPT and method(call) not in methods:
            yield "kept-none", node.lineno
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=str() | int() | float() as value)]) if not isinstance(value, bool):
            yield "identity", node.lineno
        case ast.ExceptHandler() if node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")):
            if not any(isinstance(one, ast.Raise) for one in ast.walk(node)):
                yield "swallowed-error", node.lineno
        case ast.For(iter=ast.Name(id=name)):
            changed = [one for one in ast.walk(node) if method(one) in ("remove", "pop", "insert", "append", "clear") and isinstance(one.func.value, ast.Name)]
            if any(one.func.value.id == name for one in changed):
                yield "changed-while-looping", node.lineno
    for test in tests_of(node):
        for part in ast.walk(test):
            if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.Or) and isinstance(part.values[0], ast.Compare) and len(part.values[0].ops) == 1:
                if any(isinstance(one, ast.Constant) and one.value and one.value is not True for one in part.values[1:]):
                    yield "always-true", part.lineno


def rewrites(program):
    for loop in program.nodes:
        if isinstance(loop, (ast.For, ast.While)):
            for node in ast.walk(loop):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open" and len(node.args) > 1:
                    mode, target = node.args[1], node.args[0]
                    if isinstance(mode, ast.Constant) and str(mode.value).startswith("w") and isinstance(target, ast.Constant):
                        yield "rewritten-file", node.lineno


def smells(program):
    known = texts(program), {node.name for node in functions(program)}
    for node in program.nodes:
        yield from ((name, line, "") for name, line in statement_smells(node, known))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from function_smells(node, any(one is node for one in program.tree.body))
        if isinstance(node, ast.ClassDef):
            yield from ((name, line, "") for name, line in class_smells(node))
    yield from ((name, line, "") for name, line in rewrites(program))
