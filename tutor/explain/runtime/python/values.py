"""Values that have the right type and still cannot be used; part of `diagnose.py`."""

import ast


def unpacking(case):
    wanted, given = case.groups.get("wanted", "?"), case.groups.get("given")
    statement = case.statement()
    node = iterated(case)
    fact = case.value(node) if node is not None else None
    text = case.text(node) if node is not None else "the value"
    params = {"wanted": wanted, "given": given or (fact or {}).get("length", "more") if fact or given else "more",
              "text": text}
    is_loop = isinstance(statement, ast.For) or isinstance(case.parents.get(node), ast.comprehension)
    nested = is_loop and text.startswith("enumerate(") and any(
        isinstance(one, ast.Tuple) for one in getattr(getattr(statement, "target", None), "elts", []))
    params["what"] = f"an item of `{case.text(node.args[0]) if nested else text}`" if is_loop else f"`{text}`"
    edits = []
    if is_loop and fact and fact["type"] == "dict" and wanted == "2":
        return [finding("dict-unpacked", params, [after(node, ".items()")], node)]
    if is_loop and wanted == "2" and not {"tuple", "list"} & set(item_types(node, fact)):
        edits = [case.edit(node, f"enumerate({text})")]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
        if node.args:
            edits = [[*case.source_span(node.func, node), "()"]]
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "input" and wanted != "1":
        edits = [after(node, ".split()")]
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "map" and len(node.args) == 2 \
            and isinstance(node.args[1], ast.Call) and getattr(node.args[1].func, "id", "") == "input":
        edits = [after(node.args[1], ".split()")]
    edits += target_edits(case, statement, "not enough" in case.message)
    return [finding("unpack-too-few" if "not enough" in case.message else "unpack-too-many", params, edits, node,
                    made(case, node) if node is not None else None)]


def item_types(node, fact):
    """The types of the items of a list, where they are known."""
    literal_items = [type(one).__name__.lower() for one in getattr(node, "elts", [])]
    return (fact or {}).get("items") or literal_items


def target_edits(case, statement, has_too_many_names):
    """Fewer names to be filled, or one more that takes the rest."""
    target = statement.target if isinstance(statement, ast.For) else statement.targets[0] \
        if isinstance(statement, ast.Assign) else None
    if not isinstance(target, ast.Tuple) or len(target.elts) < 2 or any(isinstance(one, ast.Starred)
                                                                         for one in target.elts):
        return []
    last, before = target.elts[-1], target.elts[-2]
    if has_too_many_names:
        used = isinstance(last, ast.Name) and any(isinstance(one, ast.Name) and one.id == last.id
                                                  and isinstance(one.ctx, ast.Load) for one in ast.walk(case.tree))
        end = [before.end_lineno, before.end_col_offset, last.end_lineno, last.end_col_offset, ""]
        return [] if used else [end]
    return [after(last, ", *rest")]


def not_found(case):
    node = call_of(case, "index", "remove", "rindex")
    holder = node.func.value if node is not None and isinstance(node.func, ast.Attribute) else None
    item = node.args[0] if node is not None and node.args else None
    params = {"text": case.text(holder) if holder is not None else "the collection",
              "item": case.text(item) if item is not None else "the item",
              "function": node.func.attr if holder is not None else "index"}
    fact, given = case.value(holder) if holder is not None else None, case.value(item) if item is not None else None
    params["value"] = given["text"] if given else params["item"]
    edits = []
    if fact and given and fact.get("items") == ["int"] and given["type"] == "str":
        edits = [case.edit(item, f"int({params['item']})")]
    elif fact and given and fact.get("items") == ["str"] and given["type"] == "int":
        edits = [case.edit(item, f"str({params['item']})")]
    if "substring" in case.message:
        if holder is not None and node.func.attr == "index":
            edits = [[node.func.end_lineno, node.func.end_col_offset - 5, node.func.end_lineno,
                      node.func.end_col_offset, "find"]]
        return [finding("substring-missing", params, edits, node, made(case, holder) if holder is not None else None)]
    return [finding("item-missing", params, edits, node, made(case, holder) if holder is not None else None)]


def domain(case):
    node = call_of(case, "sqrt", "log", "log10", "log2", "acos", "asin", "factorial", "pow") or case.expression(ast.Call)
    function = case.text(node.func) if node is not None else "the function"
    return [finding("math-domain", {"function": function, "text": argument_text(case, node)}, [], node,
                    made(case, node.args[0]) if node is not None and node.args else None)]


def empty_extreme(case):
    node = call_of(case, "max", "min", "mean", "median", "reduce", "mode")
    value = node.args[0] if node is not None and node.args else None
    params = {"function": case.text(node.func) if node is not None else "max", "text": argument_text(case, node)}
    edits = [after(value, ", default=0")] if value is not None and params["function"] in ("max", "min") \
        and len(node.args) == 1 and not isinstance(value, ast.GeneratorExp) else []
    return [finding("extreme-of-nothing", params, edits, node, made(case, value) if value is not None else None)]


def empty_range(case):
    node = call_of(case, "randint", "randrange")
    params = {"text": case.text(node) if node is not None else "randint"}
    edits = []
    if node is not None and len(node.args) == 2:
        one, other = node.args
        edits = [[one.lineno, one.col_offset, other.end_lineno, other.end_col_offset,
                  f"{case.text(other)}, {case.text(one)}"]]
    return [finding("random-range-empty", params, edits, node)]


def empty_separator(case):
    node = call_of(case, "split", "partition", "rsplit")
    edits = []
    if node is not None and node.args:
        edits = [case.edit(node, f"list({case.text(node.func.value)})")]
    return [finding("split-by-nothing", {"text": case.text(node.func.value) if node is not None else "the text"},
                    edits, node)]


def step_zero(case):
    node = call_of(case, "range") or case.expression(ast.Subscript)
    return [finding("step-zero", {"text": case.text(node) if node is not None else "range"}, [], node)]


def closed_file(case):
    node = case.expression(ast.Call)
    name = case.text(node.func.value) if node is not None and isinstance(node.func, ast.Attribute) else "the file"
    closed = [one.lineno for one in ast.walk(case.tree) if isinstance(one, ast.Call)
              and isinstance(one.func, ast.Attribute) and one.func.attr == "close" and one.lineno <= case.line]
    return [finding("file-closed", {"text": name, "closed": closed[-1] if closed else "?"}, [], node)]


def format_code(case):
    code, kind = case.groups.get("code", "?"), case.groups.get("type", "str")
    node = case.expression((ast.FormattedValue, ast.Call))
    value = getattr(node, "value", None) if isinstance(node, ast.FormattedValue) else (getattr(node, "args", None)
                                                                                       or [None])[0]
    params = {"code": code, "type": kind, "text": case.text(value) if value is not None else "the value"}
    edits = []
    if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)) and kind == "str":
        number = "int" if code == "d" else "float"
        edits = [case.edit(value, f"{number}({case.text(value)})")]
    if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)) and kind == "float":
        edits = [case.edit(value, f"int({case.text(value)})")]
    return [finding("format-code", params, edits, node, made(case, value) if value is not None else None)]


def percent_format(case):
    node = next((one for one in case.expressions(ast.BinOp) if isinstance(one.op, ast.Mod)), None)
    params = {"text": case.text(node) if node is not None else "the format"}
    if node is not None and case.type_of(node.left) == "str" and not (case.value(node.left) or {}).get("str", "%").count("%"):
        origin = made(case, node.left)
        edits = conversions(case, node, node.left, node.right, "str", "int")
        return [finding("text-in-arithmetic", {**params, "text": case.text(node.left), "operator": "%", "left": "str",
                        "right": case.type_of(node.right) or "int", "left_text": case.text(node.left),
                        "right_text": case.text(node.right)}, edits, node, origin)]
    return [finding("percent-format", params, [], node)]
