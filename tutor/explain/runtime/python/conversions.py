"""Texts, numbers and functions of Python's own that get what they cannot use; part of `diagnose.py`."""

import ast
import re


def call_of(case, *names):
    for one in case.expressions(ast.Call):
        name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
        if name in names:
            return one
    return None


def argument_text(case, node):
    return case.text(node.args[0]) if node is not None and node.args else "the value"


def joined(case):
    node = call_of(case, "join")
    value = node.args[0] if node is not None and node.args else None
    params = {"index": case.groups["index"], "type": case.groups["type"], "text": argument_text(case, node)}
    edits = [case.edit(value, f"map(str, {case.text(value)})")] if value is not None else []
    return [finding("join-of-others", params, edits, node, made(case, value) if value is not None else None)]


def multiplied(case):
    node = next((one for one in case.expressions((ast.BinOp, ast.AugAssign)) if isinstance(one.op, ast.Mult)), None)
    statement = case.statement()
    node = statement if node is None and isinstance(statement, ast.AugAssign) else node
    kind = case.groups["type"]
    if node is None:
        return [finding("sequence-multiplied", {"type": kind, "text": "the sequence", "other": f"the {kind}"})]
    one, other = parts(node)
    sequence, factor = (other, one) if case.type_of(one) == kind and case.type_of(other) != kind else (one, other)
    params = {"type": kind, "text": case.text(sequence), "other": case.text(factor)}
    if kind == "NoneType":
        return none_used(case, factor, "`*`", "none-operand", params)
    edits = []
    for side in (one, other):
        fact = case.value(side)
        origin = made(case, side)
        if case.type_of(side) == "str" or fact and fact["type"] == "str":
            number = "int" if fact is None or "." not in fact.get("str", "") else "float"
            if origin and origin["why"] == "input" and isinstance(origin["node"], ast.Call):
                edits.append(case.edit(origin["node"], f"{number}({case.text(origin['node'])})"))
            edits.append(case.edit(side, f"{number}({case.text(side)})"))
    if kind == "float":
        edits.append(case.edit(factor, f"int({case.text(factor)})"))
    source = made(case, sequence) or made(case, factor)
    return [finding("text-in-arithmetic" if kind == "str" else "sequence-multiplied",
                    {**params, "left": case.type_of(one) or kind, "right": case.type_of(other) or kind,
                     "left_text": case.text(one), "right_text": case.text(other), "operator": "*"},
                    edits, node, source)]


def not_an_integer(case):
    kind = case.groups["type"]
    node = call_of(case, "range", "chr", "randint", "hex", "bin", "randrange", "insert", "pop", "center") \
        or case.expression(ast.Call)
    wrong = next((one for one in getattr(node, "args", []) if case.type_of(one) == kind), None)
    if wrong is None and node is not None and node.args:
        wrong = next((one for one in node.args if case.value(one) is None), node.args[0])
    params = {"type": kind, "text": case.text(wrong) if wrong is not None else f"the {kind}",
              "function": case.text(node.func) if node is not None else "the function"}
    if wrong is None:
        return [finding("integer-needed", params, [], node)]
    if kind == "NoneType":
        return none_used(case, wrong, f"`{params['function']}(...)`", "none-operand", params)
    edits, text, origin = [], case.text(wrong), made(case, wrong)
    source = origin["node"] if origin and isinstance(origin["node"], ast.expr) else None
    for one in (wrong, source):
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Div):
            edits.append(operator_edit(case, one, "/", "//"))
    if kind == "str" and is_number((case.value(wrong) or {}).get("str", "")):
        edits.append(case.edit(wrong, f"int({text})"))
    if kind in ("list", "tuple", "str", "dict", "set") and not (origin and origin["why"] == "input"):
        edits.append(case.edit(wrong, f"len({text})"))
    if kind == "str" and origin and origin["why"] == "input" and isinstance(source, ast.Call):
        edits.append(case.edit(source, f"int({case.text(source)})"))
    if kind in ("float", "str"):
        edits.append(case.edit(wrong, f"int({text})"))
    name = "collection-for-number" if kind in ("list", "tuple", "dict", "set") else "integer-needed"
    return [finding(name, params, [one for one in edits if one], node, origin)]


def no_length(case):
    kind, node = case.groups["type"], call_of(case, "len")
    value = node.args[0] if node is not None and node.args else None
    params = {"type": kind, "text": argument_text(case, node)}
    if kind == "NoneType":
        return none_used(case, value, "`len()`", "none-length", params)
    edits, origin = [], made(case, value) if value is not None else None
    if value is not None and kind in NUMBERS:
        edits = [case.edit(value, f"str({case.text(value)})")]
    if value is not None and kind in ("generator", "map", "filter", "zip"):
        edits = [case.edit(value, f"list({case.text(value)})")]
    if value is not None and kind in ("function", "builtin_function_or_method", "method"):
        edits = [after(value, "()")]
    own = "len-of-number" if kind in NUMBERS else "len-of-other"
    return [finding(own, params, edits, node, origin)]


def int_argument(case):
    """int() or float() of what is neither text nor number."""
    kind, function = case.groups["type"], case.groups["function"]
    node = call_of(case, function, "map")
    value = node.args[0] if node is not None and node.args else None
    params = {"type": kind, "function": function, "text": argument_text(case, node)}
    if kind == "NoneType":
        return none_used(case, value, f"`{function}()`", "none-operand", params)
    edits = []
    if value is not None and kind == "list" and node is not None and isinstance(node.func, ast.Name):
        fact = case.value(value)
        edits = [case.edit(node, f"list(map({function}, {case.text(value)}))")]
        if fact and fact.get("length") == 1:
            edits.insert(0, after(value, "[0]"))
    return [finding("conversion-of-other", params, edits, node, made(case, value) if value is not None else None)]


def bad_literal(case):
    """int("x") and float("x")."""
    function, text = case.groups["function"], case.groups["text"]
    node = call_of(case, function)
    value = node.args[0] if node is not None and node.args else None
    params = {"function": function, "given": text[:60], "text": argument_text(case, node)}
    origin = made(case, value) if value is not None else None
    inner = text[1:-1] if text[:1] in "'\"" else text
    if function == "int" and is_number(inner):
        edits = [case.edit(value, f"float({case.text(value)})")] if value is not None else []
        if node is not None:
            edits.append([node.func.lineno, node.func.col_offset, node.func.end_lineno, node.func.end_col_offset,
                          "float"])
        return [finding("int-of-decimal", params, edits, node, origin)]
    if inner.strip() == "":
        return [finding("number-from-empty", params, [], node, origin)]
    if is_number(inner.replace(",", ".")) or is_number(inner.replace(",", "")):
        comma = '"."' if is_number(inner.replace(",", ".")) and function == "float" else '""'
        edits = [case.edit(value, f'{case.text(value)}.replace(",", {comma})')] if value is not None else []
        return [finding("number-with-comma", params, edits, node, origin)]
    if re.fullmatch(r"\s*[-+\d.]+(\s+[-+\d.]+)+\s*", inner.replace("\\n", " ")) and value is not None:
        edits = [case.edit(node, f"list(map({function}, {case.text(value)}.split()))")]
        return [finding("several-numbers", params, edits, node, origin)]
    if function == "int" and re.fullmatch(r"[0-9a-fA-F]+|0[xob][0-9a-fA-F]+", inner) and re.search(r"\d", inner):
        return [finding("number-of-other-base", params, [], node, origin)]
    return [finding("number-from-word", params, [], node, origin)]


def unary(case):
    node = case.expression(ast.UnaryOp)
    value = node.operand if node is not None else None
    params = {"type": case.groups["type"], "operator": case.groups["operator"],
              "text": case.text(value) if value is not None else "the value"}
    if case.groups["type"] == "NoneType":
        return none_used(case, value, f"`{case.groups['operator']}`", "none-operand", params)
    edits = []
    if value is not None and case.groups["type"] == "str":
        edits = [case.edit(value, f"int({case.text(value)})")]
        parent = case.parents.get(node)
        if case.groups["operator"] == "+" and isinstance(parent, ast.Call):
            edits.insert(0, [node.lineno, node.col_offset, node.lineno, node.col_offset + 1, ""])
    return [finding("sign-of-other", params, edits, node, made(case, value) if value is not None else None)]


def argument_type(case):
    """A function of Python's own that gets another type than it takes."""
    wanted, kind = case.groups.get("wanted", "another type"), case.groups.get("given", "")
    name = (case.groups.get("function") or "").split(".")[-1]
    node = call_of(case, name) if name else case.expression(ast.Call)
    node = node or case.expression(ast.Call)
    wrong = next((one for one in getattr(node, "args", []) if case.type_of(one) == kind), None)
    first = node.args[0] if node is not None and node.args else None
    shown_as = wrong or first
    kind = kind or (case.type_of(first) if first is not None else None) or "value"
    params = {"wanted": wanted, "type": kind, "text": case.text(shown_as) if shown_as is not None else f"the {kind}",
              "function": case.text(node.func) if node is not None else name}
    if kind == "NoneType":
        return none_used(case, wrong, f"`{params['function']}(...)`", "none-operand", params)
    edits = []
    if wrong is not None:
        text = case.text(wrong)
        if "str" in wanted or "string" in wanted:
            edits = [case.edit(wrong, f"str({text})")]
        elif "real number" in wanted or "float" in wanted:
            edits = [case.edit(wrong, f"float({text})")]
        elif "int" in wanted:
            edits = [case.edit(wrong, f"int({text})")]
        if kind in ("function", "method", "builtin_function_or_method"):
            edits.insert(0, after(wrong, "()"))
    return [finding("argument-of-other-type", params, edits, node, made(case, wrong) if wrong is not None else None)]
