"""Operators and calls whose operands are of another type than they can take; part of `diagnose.py`."""

import ast

NUMBERS = ("int", "float", "bool", "complex")
WORDS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**"}


def none_used(case, node, use, name, params=None):
    """None where a value was needed: where it came from decides what helps."""
    origin = made(case, node) if node is not None else None
    text = case.text(node) if node is not None else "the value"
    params = {**(params or {}), "text": text, "use": use}
    edits = []
    why = origin["why"] if origin else "none"
    if why == "none-method":
        value = origin["node"]
        statement = statement_of(case, value)
        if isinstance(statement, ast.Assign) and statement.value is value:
            edits = [case.edit(statement, case.text(value))]
            holder = case.text(value.func.value)
            if holder != case.text(statement.targets[0]) and origin["detail"] == "sort":
                inner = ", ".join([holder, *(case.text(one) for one in value.keywords)])
                edits = [case.edit(value, f"sorted({inner})")]
            elif holder != case.text(statement.targets[0]) and origin["detail"] == "reverse":
                edits = [case.edit(value, f"{holder}[::-1]")]
        elif origin["detail"] == "sort":
            edits = [case.edit(value, f"sorted({case.text(value.func.value)})")]
        elif origin["detail"] == "reverse":
            edits = [case.edit(value, f"{case.text(value.func.value)}[::-1]")]
        elif isinstance(case.parents.get(value), ast.Return):
            edits = []
        return [finding("none-from-method", {**params, "method": origin["detail"]}, edits, node, origin)]
    if why == "print":
        value = origin["node"]
        inner = case.text(value.args[0]) if len(value.args) == 1 else None
        return [finding("none-from-print", params, [case.edit(value, inner)] if inner else [], node, origin)]
    if why == "no-return":
        edits = return_edits(case, case.function(origin["detail"]))
        return [finding("none-from-function", {**params, "function": origin["detail"]}, edits, node, origin)]
    if why == "some-return":
        edits = return_edits(case, case.function(origin["detail"]))
        return [finding("none-from-path", {**params, "function": origin["detail"]}, edits, node, origin)]
    if why == "maybe-none":
        edits = []
        value = origin["node"]
        if origin["detail"] == "get" and len(value.args) == 1:
            edits = [case.insertion(value.args[0].end_lineno, value.args[0].end_col_offset, f", {empty}")
                     for empty in ("0", "''", "[]", "{}")]
        return [finding("none-from-search", {**params, "method": origin["detail"]}, edits, node, origin)]
    if why == "none" and origin is not None and isinstance(case.parents.get(origin["node"]), (ast.Assign, ast.AnnAssign)):
        edits = [case.edit(origin["node"], value) for value in first_values(case, node, name)]
    return [finding(name, params, edits, node, origin)]


def first_values(case, node, name):
    """What a variable may begin with in place of None, by what is done with it."""
    if name in ("none-iterated", "none-length"):
        return ["[]", "''"]
    parent = case.parents.get(node)
    if name == "none-subscript":
        return ["{}"] if isinstance(getattr(parent, "ctx", None), ast.Store) else []
    if name == "none-attribute" and isinstance(parent, ast.Attribute):
        return {"append": ["[]"], "extend": ["[]"], "insert": ["[]"], "add": ["set()"], "update": ["{}"],
                "get": ["{}"], "items": ["{}"], "setdefault": ["{}"]}.get(parent.attr, [])
    return ["0", "''", "[]"] if name == "none-operand" and isinstance(parent, (ast.BinOp, ast.AugAssign)) else []


def return_edits(case, function):
    """Returning what the function works out at its end."""
    if function is None:
        return []
    last = function.body[-1]
    indent = " " * last.col_offset
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and isinstance(last.value.func, ast.Name) \
            and last.value.func.id == "print" and len(last.value.args) == 1:
        return [case.edit(last, f"return {case.text(last.value.args[0])}")]
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
        value = last.value
        if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
                and value.func.attr in NONE_METHODS):
            return [case.insertion(last.lineno, last.col_offset, "return ")]
    loops = [one.target for one in ast.walk(function) if isinstance(one, (ast.For, ast.comprehension))]
    names = [one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
             and one not in loops]
    changed = last.value.func.value if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) \
        and isinstance(last.value.func, ast.Attribute) else None
    if isinstance(changed, ast.Name):
        names.append(changed.id)
    if isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
        names.append(last.targets[0].id)
    first = next((one for one in function.body if isinstance(one, ast.Assign)
                  and isinstance(one.targets[0], ast.Name)), None)
    picked = list(dict.fromkeys([*(names[-1:] if isinstance(last, (ast.Assign, ast.Expr)) else []),
                                 *([first.targets[0].id] if first is not None else []), *names[::-1]]))
    plain = [] if picked else ["0", "''", "[]"]
    return [case.insertion(last.end_lineno, last.end_col_offset, f"\n{indent}return {name}")
            for name in [*picked, *plain][:3]]


def binary_node(case, left, right):
    """The operation with operands of these types."""
    found = case.expressions((ast.BinOp, ast.AugAssign))
    statement = case.statement()
    if isinstance(statement, ast.AugAssign):
        found = [statement, *found]
    fitting = [one for one in found if case.type_of(parts(one)[0]) in (left, None)
               and case.type_of(parts(one)[1]) in (right, None)]
    return (fitting or found or [None])[0]


def parts(node):
    return (node.target, node.value) if isinstance(node, ast.AugAssign) else (node.left, node.right)


def conversions(case, node, left, right, left_type, right_type):
    """Edits that make the two types fit: the number as text beside texts, the text as number elsewhere."""
    edits = []
    wrap = lambda one, kind: case.edit(one, f"{kind}({case.text(one)})")
    text, number = (left, right) if left_type == "str" else (right, left)
    fact = case.value(text)
    numeric = fact is not None and is_number(fact.get("str", ""))
    from_input = (made(case, text) or {}).get("why") == "input"
    as_number = "int" if not numeric or fact["str"].strip().lstrip("+-").isdigit() else "float"
    is_plus = isinstance(node.op, ast.Add) if node is not None else False
    origin = made(case, text)
    if (numeric or from_input) and origin is not None and origin["why"] == "input" \
            and isinstance(origin["node"], ast.Call):
        edits.append(wrap(origin["node"], as_number))
    if numeric and origin is not None and origin["why"] == "text":
        edits.append(case.edit(origin["node"], fact["str"].strip()))
    if (numeric or not is_plus) and not isinstance(text, ast.Constant):
        edits.append(wrap(text, as_number))
    if is_plus and (not isinstance(node, ast.AugAssign) or text is node.target):
        edits.append(wrap(number, "str"))
    if isinstance(text, ast.Constant) and numeric:
        edits.append(case.edit(text, fact["str"]))
    return edits


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def unsupported(case):
    left, right, operator = case.groups["left"], case.groups["right"], case.groups.get("operator", "+")
    node = binary_node(case, left, right)
    params = {"left": left, "right": right, "operator": operator}
    called = call_of(case, "sum")
    if node is None:
        if called is not None and {left, right} == {"int", "str"}:
            return [finding("sum-of-texts", params, sum_edits(case, called), called)]
        call = case.expression(ast.Call)
        if call is None or len(call.args) < 2:
            return [finding("operands-unfit", {**params, "left_text": f"a {left}", "right_text": f"a {right}"})]
        one, other = call.args[:2]
        params |= {"left_text": case.text(one), "right_text": case.text(other)}
        edits = conversions(case, None, one, other, left, right) if "str" in (left, right) else []
        return [finding("operands-unfit", params, edits, call, made(case, one if left == "str" else other))]
    one, other = parts(node)
    params |= {"left_text": case.text(one), "right_text": case.text(other)}
    whole = case.expression()
    if isinstance(whole, ast.Call) and getattr(whole.func, "id", "") == "sum" and {left, right} == {"int", "str"}:
        return [finding("sum-of-texts", params, sum_edits(case, whole), whole)]
    if "NoneType" in (left, right):
        return none_used(case, one if left == "NoneType" else other, f"`{operator}`", "none-operand", params)
    if "builtin_function_or_method" in (left, right) or "function" in (left, right) or "method" in (left, right):
        function = one if left in ("function", "method", "builtin_function_or_method") else other
        origin = made(case, function)
        target = origin["node"] if origin and isinstance(origin["node"], (ast.Name, ast.Attribute)) else function
        return [finding("function-not-called", {**params, "text": case.text(function)}, [after(target, "()")],
                        function, origin)]
    if "str" in (left, right) and (left in NUMBERS or right in NUMBERS):
        text = one if left == "str" else other
        name = "text-plus-number" if operator in ("+", "+=") else "text-in-arithmetic"
        return [finding(name, {**params, "text": case.text(text)},
                        conversions(case, node, one, other, left, right), node, made(case, text))]
    if operator in ("+", "+=") and "list" in (left, right):
        item = other if left == "list" else one
        edits = [case.edit(item, f"[{case.text(item)}]")]
        if "tuple" in (left, right) or "range" in (left, right) or "map" in (left, right):
            edits.insert(0, case.edit(item, f"list({case.text(item)})"))
        return [finding("list-plus-item", {**params, "text": case.text(item)}, edits, node, made(case, item))]
    if operator in ("^", "^=") and "float" in (left, right):
        edits = [operator_edit(case, node, "^", "**")]
        return [finding("power-operator", params, [one for one in edits if one], node)]
    if operator == "<<" or operator == ">>" and "builtin" in left:
        return [finding("operands-unfit", params, [], node)]
    return [finding("operands-unfit", params, [], node, made(case, one))]


def sum_edits(case, node):
    """Numbers in place of texts."""
    if len(node.args) != 1 or isinstance(node.args[0], (ast.GeneratorExp, ast.Starred)):
        return []
    return [case.edit(node.args[0], f"map({kind}, {case.text(node.args[0])})") for kind in ("int", "float")]


def operator_edit(case, node, old, new):
    """The operator between two operands, on one line."""
    one, other = parts(node)
    line = case.lines[one.end_lineno - 1].encode()
    at = line.find(old.encode(), one.end_col_offset)
    return None if at < 0 or one.end_lineno != other.lineno else [one.end_lineno, at, one.end_lineno,
                                                                  at + len(old.encode()), new]


def concat(case):
    """"can only concatenate str (not "int") to str" and its older wordings."""
    case.groups = {"left": case.groups["left"], "right": case.groups["right"],
                   "operator": "+=" if isinstance(case.statement(), ast.AugAssign) else "+"}
    return unsupported(case)


def compared(case):
    left, right, operator = case.groups["left"], case.groups["right"], case.groups["operator"]
    found = [one for one in case.expressions(ast.Compare)]
    params = {"left": left, "right": right, "operator": operator}
    if not found:
        return [finding("items-not-comparable", params, [], case.expression(ast.Call))]
    node = found[0]
    operands = [node.left, *node.comparators]
    pairs = [(one, other) for one, other in zip(operands, operands[1:])
             if case.type_of(one) in (left, None) and case.type_of(other) in (right, None)]
    one, other = pairs[0] if pairs else (operands[0], operands[1])
    params |= {"left_text": case.text(one), "right_text": case.text(other)}
    if "NoneType" in (left, right):
        return none_used(case, one if left == "NoneType" else other, f"`{operator}`", "none-operand", params)
    if "function" in left + right or "method" in left + right:
        function = one if "function" in left or "method" in left else other
        return [finding("function-not-called", {**params, "text": case.text(function)}, [after(function, "()")],
                        function)]
    if "str" in (left, right) and (left in NUMBERS or right in NUMBERS):
        text = one if left == "str" else other
        return [finding("text-compared-with-number", {**params, "text": case.text(text)},
                        conversions(case, None, one, other, left, right), node, made(case, text))]
    collection = next((side for side, kind in ((one, left), (other, right)) if kind in ("list", "tuple", "dict", "set")),
                      None)
    edits = [case.edit(collection, f"len({case.text(collection)})")] if collection is not None else []
    return [finding("comparison-unfit", params, edits, node, made(case, one))]
