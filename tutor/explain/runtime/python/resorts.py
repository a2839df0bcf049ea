"""Edits for a crash that no closer look has one for: a condition before it, or another value in its place; part of
`diagnose.py`. Each is tried as any other is."""

import ast

SIMPLE = (ast.Expr, ast.AugAssign, ast.Delete)
EMPTY = {"str": "''", "list": "[]", "dict": "{}", "set": "set()", "tuple": "()"}
AS_TEXT = ("name", "text", "word", "title", "greeting", "message", "msg", "letter", "color", "colour")


def blanks_of(case, statement):
    line = case.lines[statement.lineno - 1]
    return line[: len(line) - len(line.lstrip())]


def guarded(case, condition):
    """The statement at the crash run only where a condition holds: none that gives a name its value, which would then have none."""
    statement = case.statement()
    if not isinstance(statement, SIMPLE) or statement.lineno != statement.end_lineno:
        return []
    return [case.edit(statement, f"if {condition}:\n{blanks_of(case, statement)}    {case.text(statement)}")]


def conditional(case, node, condition, otherwise):
    """An expression with another value where the condition does not hold."""
    text = f"{case.text(node)} if {condition} else {otherwise}"
    alone = isinstance(case.parents.get(node), (ast.Return, ast.Assign, ast.AnnAssign))
    return [case.edit(node, text if alone else f"({text})")]


def conditioned(case, condition):
    """The condition put before the one that is being looked at: `while i < len(a) and a[i] > 0`."""
    statement = case.statement()
    test = getattr(statement, "test", None)
    if not isinstance(statement, (ast.While, ast.If)) or test is None:
        return []
    text = case.text(test)
    return [case.edit(test, f"{condition} and {f'({text})' if isinstance(test, ast.BoolOp) else text}")]


def first_of(case, kind, fits=lambda one: True):
    return next((one for one in case.expressions(kind) if fits(one)), None)


def zero_beside(case, node):
    """What stands for nothing beside the other operand."""
    parent = case.parents.get(node)
    sides = parts(parent) if isinstance(parent, (ast.BinOp, ast.AugAssign)) else ()
    kind = next((case.type_of(one) for one in sides if one is not node), None)
    return EMPTY.get(kind, "0")


def key_resort(case, found):
    node = first_of(case, ast.Subscript, lambda one: case.text(one.value) == found["params"]["text"])
    if node is None or isinstance(node.slice, ast.Slice):
        return []
    holder, key = case.text(node.value), case.text(node.slice)
    if not isinstance(node.ctx, ast.Load):
        return guarded(case, f"{key} in {holder}")
    default = [case.edit(node, f"{holder}.get({key}, {one})") for one in dict.fromkeys([zero_beside(case, node), "0", "''"])]
    if isinstance(case.parents.get(node), (ast.BinOp, ast.AugAssign)):
        return default
    plain = [case.edit(node, f"{holder}.get({key})")] if not isinstance(case.statement(), ast.Expr) else []
    return [*guarded(case, f"{key} in {holder}"), *plain[:1], *default[:2]]


def gone_resort(case, found):
    """An item that is to be taken out or found and is not there."""
    node = call_of(case, "remove", "index", "pop", "rindex")
    if node is None or not isinstance(node.func, ast.Attribute) or not node.args:
        return []
    holder, item = case.text(node.func.value), case.text(node.args[0])
    if node.func.attr == "pop":
        return [after(node.args[0], ", None")]
    if found["class"] == "set-item-missing":
        return [[*name_span(case, node.func), "discard"], *guarded(case, f"{item} in {holder}")]
    if isinstance(case.statement(), ast.Expr) and case.statement().value is node:
        return guarded(case, f"{item} in {holder}")
    return conditional(case, node, f"{item} in {holder}", "-1")


def empty_resort(case, found):
    """Something is taken from what is empty."""
    text, loops = found["params"]["text"], loops_around(case.tree, case.line)
    node = call_of(case, "pop", "popleft", "popitem", "choice", "choices", "sample")
    edits = []
    if loops and isinstance(loops[-1], ast.While):
        test = loops[-1].test
        always = isinstance(test, ast.Constant)
        edits = [case.edit(test, text if always else f"{text} and {case.text(test)}")]
    edits += guarded(case, text)
    return edits if node is None else [*edits, *conditional(case, node, text, "None")]


def zero_resort(case, found):
    node = first_of(case, ast.BinOp, lambda one: isinstance(one.op, (ast.Div, ast.FloorDiv, ast.Mod))
                    and (case.value(one.right) or {"text": "0"})["text"] in ("0", "0.0"))
    if isinstance(case.statement(), ast.AugAssign) and node is None:
        return guarded(case, case.text(case.statement().value))
    if node is None:
        return []
    holds = found["params"].get("list") or case.text(node.right)
    compound = isinstance(node.right, ast.BinOp)
    return conditional(case, node, f"({holds})" if compound and "list" not in found["params"] else holds, "0")


def index_resort(case, found):
    node = first_of(case, ast.Subscript, lambda one: out_of_range(case, one)) or first_of(case, ast.Subscript)
    if node is None or isinstance(node.slice, ast.Slice):
        return []
    holder, index, value = case.text(node.value), case.text(node.slice), case.value(node.slice)
    if value is not None and value["text"].startswith("-"):
        condition = f"len({holder}) >= {value['text'][1:]}"
    else:
        condition = holder if index == "0" else f"{index} < len({holder})" if not index.isdigit() \
            else f"len({holder}) > {index}"
    scope = case.scope()
    early = []
    if length_of(case, node.value) == 0 and isinstance(scope, SCOPES[:2]) and holder in [one.arg for one in scope.args.args]:
        early = empty_first(case, scope, holder)
    return [*conditioned(case, condition), *early, *guarded(case, condition),
            *(conditional(case, node, condition, "None") if isinstance(node.ctx, ast.Load) else [])]


def empty_first(case, scope, name):
    """A function's answer for an empty argument, given before all else."""
    body = scope.body[1] if ast.get_docstring(scope) and len(scope.body) > 1 else scope.body[0]
    blanks = blanks_of(case, body)
    recursive = any(isinstance(one, ast.Call) and getattr(one.func, "id", "") == scope.name for one in ast.walk(scope))
    others = ["0", "[]", "''"] if recursive else ["None", "0"]
    return [case.insertion(body.lineno, 0, f"{blanks}if not {name}:\n{blanks}    return {value}\n") for value in others]


def none_resort(case, found):
    text = found["params"]["text"]
    if found["class"] == "none-iterated":
        node = iterated(case)
        return [case.edit(node, f"{text} or []")] if node is not None and case.text(node) == text else []
    if not all(letter.isalnum() or letter in "_." for letter in text):
        return []
    statement = case.statement()
    attribute = first_of(case, (ast.Attribute, ast.Subscript), lambda one: case.text(one.value) == text)
    call = case.parents.get(attribute)
    whole = call if isinstance(call, ast.Call) and call.func is attribute else attribute
    taken = conditional(case, whole, f"{text} is not None", "None") if whole is not None else []
    return [*conditioned(case, f"{text} is not None"), *guarded(case, f"{text} is not None"),
            *(taken if isinstance(statement, (ast.Assign, ast.Return)) else [])]


def attribute_resort(case, found):
    """An attribute of an object that only a local name of `__init__` was given, or nothing was."""
    node = attribute_node(case, found["params"]["name"])
    scope = case.scope()
    owner = case.parents.get(scope)
    if node is None or not isinstance(owner, ast.ClassDef) or case.text(node.value) != "self":
        return []
    start = next((one for one in owner.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if start is None:
        return []
    local = next((one for one in ast.walk(start) if isinstance(one, ast.Name) and one.id == node.attr
                  and isinstance(one.ctx, ast.Store)), None)
    if local is not None:
        return [case.edit(local, f"self.{node.attr}")]
    last = start.body[-1]
    values = [node.attr] if node.attr in [one.arg for one in start.args.args] else empty_values(case, node)
    return [case.insertion(last.end_lineno, last.end_col_offset, f"\n{' ' * last.col_offset}self.{node.attr} = {value}")
            for value in values]


def empty_values(case, node):
    """What may be there at first, by what is done with it."""
    parent = case.parents.get(node)
    if isinstance(parent, ast.Attribute):
        methods = {"append": "[]", "extend": "[]", "insert": "[]", "remove": "[]", "add": "set()", "get": "{}",
                   "items": "{}", "keys": "{}", "values": "{}", "update": "{}"}
        return [methods.get(parent.attr, "''")]
    if isinstance(parent, ast.Subscript):
        return ["{}"]
    if isinstance(parent, (ast.For, ast.comprehension)) or isinstance(parent, ast.Compare) \
            and isinstance(parent.ops[0], (ast.In, ast.NotIn)):
        return ["[]"]
    return ["0", "''", "[]"]


def recursion_resort(case, found):
    """A case that is answered without a call, by what the result is joined with and what the argument becomes."""
    function = case.function(found["params"]["function"])
    names = [one.arg for one in function.args.args if one.arg not in ("self", "cls")] if function is not None else []
    calls = [one for one in ast.walk(function) if isinstance(one, ast.Call)
             and getattr(one.func, "id", getattr(one.func, "attr", "")) == function.name] if names else []
    if not calls:
        return []
    name, call = names[0], calls[0]
    sliced = any(isinstance(one, ast.Slice) for argument in call.args for one in ast.walk(argument))
    joined_by = [one.op for one in ast.walk(function) if isinstance(one, ast.BinOp)
                 and any(inner in calls for inner in (one.left, one.right))]
    product = any(isinstance(one, ast.Mult) for one in joined_by)
    values = ["1", name] if product else [name, "0"] if len(calls) > 1 else ["0", "''", name, "None"]
    condition = f"not {name}" if sliced else f"{name} <= 1" if product or len(calls) > 1 else f"{name} <= 0"
    if not joined_by:
        values = ["None"] if not any(one.value for one in returns_of(function)) else ["None", "0"]
    body = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    blanks = blanks_of(case, body)
    return [case.insertion(body.lineno, 0, f"{blanks}if {condition}:\n{blanks}    return{'' if value == 'None' else ' ' + value}\n")
            for value in values]


def caught(case, error, otherwise=()):
    """The statement at the crash with what is done when it fails."""
    statement = case.statement()
    lines = case.lines[statement.lineno - 1 : statement.end_lineno]
    blanks = blanks_of(case, statement)
    if any(isinstance(one, ast.Constant) and isinstance(one.value, str) and one.end_lineno > one.lineno
           for one in ast.walk(statement)) or not lines[0][: statement.col_offset].isspace() and statement.col_offset:
        return []
    body = "\n".join(["    " + line if at else f"{blanks}    {line.lstrip()}" for at, line in enumerate(lines)]).lstrip()
    return [case.edit(statement, f"try:\n{blanks}    {body}\n{blanks}except {error}:\n{blanks}    {one}")
            for one in otherwise]


def unpack_resort(case, found):
    """Values that do not fit the names are passed over, in a loop."""
    statement, loops, wanted = case.statement(), loops_around(case.tree, case.line), found["params"]["wanted"]
    if not isinstance(statement, ast.Assign) or not loops or loops[-1] is statement or not wanted.isdigit():
        return []
    blanks = blanks_of(case, statement)
    return [case.insertion(statement.lineno, 0, f"{blanks}if len({case.text(statement.value)}) != {wanted}:\n"
                           f"{blanks}    continue\n")]


def number_resort(case, found):
    """A text that may be no number: asked before it is taken for one, or caught."""
    statement = case.statement()
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    others = [f"{target.id} = 0"] if isinstance(target, ast.Name) else ['print("That is no number.")']
    return [*asked_first(case), *caught(case, "ValueError", others)]


def asked_first(case):
    node = call_of(case, "int", "float")
    argument = node.args[0] if node is not None and len(node.args) == 1 else None
    if not isinstance(argument, (ast.Name, ast.Attribute, ast.Subscript)) or getattr(node.func, "id", "") != "int":
        return []
    return conditional(case, node, f"{case.text(argument)}.isdigit()", "0")


def percent_resort(case, found):
    node = first_of(case, ast.BinOp, lambda one: isinstance(one.op, ast.Mod))
    if node is None or not isinstance(node.left, ast.Constant) or not isinstance(node.left.value, str):
        return []
    text = case.text(node.left)
    return [case.edit(node.left, text.replace(code, "%s")) for code in ("%d", "%i", "%f") if code in text]


def argument_resort(case, found):
    texts = [one for call in case.expressions(ast.Call) for one in call.args if case.type_of(one) == "str"]
    return [case.edit(one, f"{kind}({case.text(one)})") for one in texts[:1] for kind in ("int", "float")]


def default_resort(case, found):
    """A default for a parameter that a call gives no value."""
    function, _ = called_function(case, case.groups.get("function") or "")
    wanted = (found["params"].get("missing") or "").strip("`")
    if function is None or not function.args.args or function.args.args[-1].arg != wanted:
        return []
    values = ["''", "0"] if any(one in wanted.lower() for one in AS_TEXT) else ["0", "''"]
    return [after(function.args.args[-1], f"={value}") for value in [*values, "None"]]


def domain_resort(case, found):
    node = call_of(case, "sqrt", "log", "log10", "log2", "factorial")
    argument = node.args[0] if node is not None and node.args else None
    if argument is None or isinstance(argument, ast.Constant):
        return [] if argument is None else [case.edit(argument, f"abs({case.text(argument)})")]
    sign = ">=" if case.text(node.func).endswith(("sqrt", "factorial")) else ">"
    condition = f"{case.text(argument)} {sign} 0"
    return [*guarded(case, condition), *conditional(case, node, condition, "0")]


RESORTS = {
    "key-missing": key_resort, "key-not-there": key_resort, "key-in-empty": key_resort, "item-missing": gone_resort,
    "set-item-missing": gone_resort, "pop-from-empty": empty_resort, "division-by-zero": zero_resort,
    "modulo-by-zero": zero_resort, "mean-of-nothing": zero_resort, "index-in-empty": index_resort,
    "index-one-too-large": index_resort, "index-out-of-range": index_resort, "split-too-short": index_resort,
    "argv-missing": index_resort, "none-attribute": none_resort, "none-subscript": none_resort,
    "none-iterated": none_resort, "none-from-search": none_resort, "attribute-not-yet": attribute_resort,
    "attribute-missing": attribute_resort, "recursion-without-base": recursion_resort,
    "number-from-word": number_resort, "number-from-empty": number_resort, "file-missing": lambda case, found: caught(case, "FileNotFoundError", ['print("There is no such file.")']),
    "unpack-too-few": unpack_resort, "unpack-too-many": unpack_resort, "percent-format": percent_resort, "argument-of-other-type": argument_resort,
    "arguments-missing": default_resort, "math-domain": domain_resort,
}


def resorts(case, found):
    """The edits of last resort for a finding; none where its class has no such, or the program at the crash is not known."""
    known = found["class"] in RESORTS and case.statement() is not None
    return RESORTS[found["class"]](case, found) if known else []
