"""Indexing, iterating, hashing and changing what does not allow it; part of `diagnose.py`."""

import ast


def not_subscriptable(case):
    kind = case.groups["type"]
    found = case.expressions(ast.Subscript)
    fitting = [one for one in found if case.type_of(one.value) == kind] or found
    node = fitting[0] if fitting else None
    value = node.value if node is not None else None
    params = {"type": kind, "text": case.text(value) if value is not None else f"a {kind}"}
    if kind == "NoneType":
        return none_used(case, value, "`[...]`", "none-subscript", params)
    if kind in ("builtin_function_or_method", "function", "method", "type") and node is not None:
        inside = case.text(node.slice)
        span = case.source_span(value, node)
        if isinstance(value, ast.Attribute) and kind == "builtin_function_or_method" \
                and value.attr in ("split", "keys", "values", "items", "copy", "lower", "upper", "strip"):
            return [finding("function-indexed", params, [after(value, "()"), [*span, f"({inside})"]], node)]
        return [finding("function-indexed", params, [[*span, f"({inside})"], after(value, "()")], node)]
    if kind in ("dict_keys", "dict_values", "dict_items", "map", "zip", "filter", "enumerate", "set", "generator",
                "reversed", "list_reverseiterator", "odict_keys", "frozenset", "dict_keyiterator"):
        edits = [case.edit(value, f"list({case.text(value)})")] if value is not None else []
        return [finding("lazy-indexed", params, edits, node, made(case, value) if value is not None else None)]
    if kind in NUMBERS:
        edits = [case.edit(value, f"str({case.text(value)})"), case.edit(node, case.text(value))] \
            if node is not None else []
        return [finding("number-indexed", params, edits, node, made(case, value) if value is not None else None)]
    return [finding("not-indexable", params, [], node, made(case, value) if value is not None else None)]


def iterated(case):
    """The expression that was gone through."""
    statement = case.statement()
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        whole, kind = statement.iter, case.groups.get("type")
        inner = [one for one in getattr(whole, "args", []) if case.type_of(one) == kind]
        return inner[0] if isinstance(whole, ast.Call) and inner else whole
    if isinstance(statement, ast.AugAssign) and case.expression() in (statement.target, statement.value, None):
        return statement.value
    if isinstance(statement, ast.AugAssign) and not isinstance(case.expression(), (ast.Call, ast.Compare)):
        return statement.value
    one = case.expression()
    loops = case.expressions(ast.comprehension)
    if loops:
        return loops[0].iter
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], (ast.Tuple, ast.List)):
        return statement.value
    if isinstance(one, ast.Compare):
        return one.comparators[0]
    if isinstance(one, ast.Call) and one.args:
        fitting = [arg for arg in one.args if case.type_of(arg) == case.groups["type"]]
        return (fitting or one.args)[0]
    return one.value if isinstance(one, ast.Starred) else one


def not_iterable(case):
    kind, node = case.groups["type"], iterated(case)
    compare = case.expression(ast.Compare)
    if "argument of type" in case.message and compare is not None:
        node = compare.comparators[-1]
    params = {"type": kind, "text": case.text(node) if node is not None else f"a {kind}"}
    origin = made(case, node) if node is not None else None
    if kind == "NoneType":
        return none_used(case, node, "`for`, `in` or unpacking", "none-iterated", params)
    if node is None:
        return [finding("not-iterable", params)]
    statement = case.statement()
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add) and node is statement.value:
        item = statement.value
        return [finding("list-plus-item", {"left": "list", "right": kind, "text": case.text(item)},
                        [case.edit(item, f"[{case.text(item)}]")], statement, made(case, item))]
    if "unpack" in case.message:
        return [finding("single-value-unpacked", params, [], node, origin)]
    if kind in NUMBERS:
        text = case.text(node)
        edits = [case.edit(node, f"range({text})")] if isinstance(case.statement(), ast.For) or \
            isinstance(case.parents.get(node), ast.comprehension) else []
        call = case.parents.get(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            if call.func.id in ("max", "min", "sum", "list", "set", "tuple", "sorted"):
                edits = [case.edit(node, f"[{text}]"), case.edit(node, f"str({text})")]
        if isinstance(call, ast.Compare):
            edits = [case.edit(node, f"[{text}]"), case.edit(node, f"str({text})")]
        return [finding("number-iterated", params, edits, node, origin)]
    if kind in ("function", "method", "builtin_function_or_method", "type"):
        return [finding("function-not-called", params, [after(node, "()")], node, origin)]
    return [finding("not-iterable", params, [], node, origin)]


def unhashable(case):
    kind, kinds = case.groups["type"], (ast.List, ast.Dict, ast.Set, ast.Name, ast.Subscript, ast.Attribute)
    inner = [one for whole in case.expressions() for one in ast.walk(whole) if isinstance(one, kinds)]
    node = next((one for one in inner if case.type_of(one) == kind and not in_value_place(case, one)), None)
    maker_call = case.parents.get(node)
    is_item = isinstance(maker_call, ast.Call) and getattr(maker_call.func, "id", "") in ("set", "frozenset", "dict")
    params = {"type": kind, "text": case.text(node) if node is not None else f"the {kind}"}
    params["what"] = "What is put in here" if node is None else f"An item of `{params['text']}`" if is_item \
        else f"`{params['text']}`"
    edits = []
    if node is not None:
        text, frozen = case.text(node), {"list": "tuple", "set": "frozenset"}.get(kind)
        if is_item and frozen:
            edits = [case.edit(node, f"map({frozen}, {text})")]
        elif frozen:
            edits = [case.edit(node, f"{frozen}({text})")]
        elif kind == "dict":
            edits = [case.edit(node, f"tuple({text}.items())")]
    name = "list-as-index" if isinstance(case.parents.get(node), ast.Subscript) and kind == "slice" else "unhashable"
    return [finding(name, params, edits, node, made(case, node) if node is not None else None)]


def in_value_place(case, node):
    parent = case.parents.get(node)
    return isinstance(parent, ast.Dict) and node in parent.values or isinstance(parent, ast.Subscript) \
        and parent.value is node or isinstance(parent, ast.Attribute) or isinstance(parent, ast.Compare) \
        and node in parent.comparators


def no_assignment(case):
    kind = case.groups["type"]
    found = [one for one in case.expressions(ast.Subscript) if not isinstance(one.ctx, ast.Load)]
    node = found[0] if found else case.expression(ast.Subscript)
    value = node.value if node is not None else None
    params = {"type": kind, "text": case.text(value) if value is not None else f"the {kind}"}
    origin = made(case, value) if value is not None else None
    if kind == "NoneType":
        return none_used(case, value, "`[...] =`", "none-subscript", params)
    edits = []
    statement = case.statement()
    if kind == "str" and isinstance(statement, ast.Assign) and isinstance(value, ast.Name) \
            and not isinstance(node.slice, ast.Slice):
        name, index, new = value.id, case.text(node.slice), case.text(statement.value)
        if index.isdigit():
            edits = [case.edit(statement, f"{name} = {name}[:{index}] + {new} + {name}[{int(index) + 1}:]")]
        else:
            edits = [case.edit(statement, f"{name} = {name}[:{index}] + {new} + {name}[{index} + 1:]")]
    if kind in ("tuple", "range", "str") and origin is not None and isinstance(origin["node"], ast.expr) and value is not None:
        made_by = origin["node"]
        if isinstance(made_by, (ast.Tuple, ast.Call, ast.Constant)):
            edits.append(case.edit(made_by, f"list({case.text(made_by)})"))
    names = {"str": "text-changed", "tuple": "tuple-changed"}
    return [finding(names.get(kind, "item-assignment"), params, edits, node, origin)]


def index_type(case):
    kind, given = case.groups["type"], case.groups.get("given") or ""
    node = case.expression(ast.Subscript)
    if node is None:
        return [finding("index-type", {"type": kind, "given": given, "text": f"the {kind}", "index": "the index"})]
    fitting = [one for one in case.expressions(ast.Subscript) if case.type_of(one.value) == kind] or [node]
    slices = [one for one in case.expressions(ast.Subscript) if isinstance(one.slice, ast.Slice)]
    node = (slices if kind == "slice" and slices else fitting)[0]
    index = node.slice
    params = {"type": kind, "given": given or case.type_of(index) or "another type", "text": case.text(node.value),
              "index": case.text(index)}
    if isinstance(index, ast.Slice):
        index = next((one for one in (index.lower, index.upper, index.step)
                      if one is not None and case.type_of(one) not in ("int", None)), index)
        params |= {"index": case.text(index), "given": case.type_of(index) or "other type"}
    loop = item_loop(case, index)
    edits, name = [], "index-type"
    text = case.text(index)
    if isinstance(index, ast.Tuple) and kind in ("list", "tuple"):
        parts = "][".join(case.text(one) for one in index.elts)
        return [finding("index-with-comma", params, [case.edit(index, parts)], node)]
    if loop is not None and not isinstance(index, ast.Constant) and params["given"] not in ("float",):
        name = "item-as-index"
        if isinstance(index, ast.Name) and case.text(loop) == case.text(node.value):
            edits.append(case.edit(node, index.id))
    if params["given"] == "float":
        name = "index-float"
        if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Div):
            edits.append(operator_edit(case, index, "/", "//"))
        origin = made(case, index)
        value = origin["node"] if origin else None
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):
            edits.append(operator_edit(case, value, "/", "//"))
    if params["given"] in ("float", "str") and name != "item-as-index" \
            and not isinstance(index, ast.Slice):
        edits.append(case.edit(index, f"int({text})"))
    if isinstance(index, ast.Constant) and params["given"] == "str" and kind == "list":
        name = "list-like-dict"
        edits.append([node.value.end_lineno, node.value.end_col_offset, node.value.end_lineno,
                      node.value.end_col_offset, "[0]"])
    return [finding(name, params, [one for one in edits if one], node, made(case, node.slice))]


def item_loop(case, index):
    """What is gone through by the loop whose item the index is."""
    if not isinstance(index, ast.Name):
        return None
    for one in ast.walk(case.tree):
        if isinstance(one, (ast.For, ast.comprehension)) and isinstance(one.target, ast.Name) \
                and one.target.id == index.id and not (isinstance(one.iter, ast.Call)
                                                        and getattr(one.iter.func, "id", "") == "range"):
            return one.iter
    return None
