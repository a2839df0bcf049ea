"""Places and keys that are not there, divisions by zero, unpacking; part of `diagnose.py`."""

import ast
import re


def length_of(case, node):
    fact = case.value(node) if node is not None else None
    return None if fact is None else fact.get("length")


def index_error(case):
    kind = case.groups.get("type", "list")
    found = case.expressions(ast.Subscript)
    fitting = [one for one in found if out_of_range(case, one)] or found
    node = fitting[0] if fitting else None
    if node is None:
        return [finding("index-past-end", {"type": kind, "text": f"the {kind}", "index": "the index"})]
    length, index = length_of(case, node.value), case.value(node.slice)
    params = {"type": kind, "text": case.text(node.value), "index": case.text(node.slice),
              "length": "?" if length is None else length, "last": "?" if length is None else length - 1,
              "value": index["text"] if index else "?"}
    origin = made(case, node.value)
    if length is None and ".split" in params["text"] and case.has_run:
        return [finding("split-too-short", {**params, "length": "fewer"}, [], node, origin)]
    if length is None:
        return [finding("index-past-end", params, [], node, origin)]
    if length == 0 or length is None and "empty" in (origin or {}).get("why", ""):
        edits = append_edits(case, node)
        return [finding("index-in-empty", params, edits, node, origin)]
    if "assignment" in case.message:
        return [finding("index-assigned-past-end", params, append_edits(case, node), node, origin)]
    value = int(index["text"]) if index and re.fullmatch(r"-?\d+", index["text"]) else None
    edits = boundary_edits(case, node, value, length)
    if "sys.argv" in params["text"]:
        return [finding("argv-missing", params, [], node)]
    if ".split" in params["text"] or origin and ".split" in origin["text"]:
        return [finding("split-too-short", params, [], node, origin)]
    if value is not None and length is not None and value == length:
        name = "index-one-too-large"
        if isinstance(node.slice, ast.Call):
            name = "index-is-length"
        return [finding(name, params, edits, node, origin)]
    if item_loop(case, node.slice) is not None:
        loop = item_loop(case, node.slice)
        if case.text(loop) == params["text"]:
            edits.insert(0, case.edit(node, case.text(node.slice)))
        return [finding("item-as-index", {**params, "given": "int"}, edits, node, made(case, node.slice))]
    return [finding("index-out-of-range", params, edits, node, origin)]


def out_of_range(case, node):
    length, index = length_of(case, node.value), case.value(node.slice)
    if length is None or index is None or not re.fullmatch(r"-?\d+", index["text"]):
        return False
    return not -length <= int(index["text"]) < length


def append_edits(case, node):
    statement = case.statement()
    if isinstance(statement, ast.Assign) and statement.targets[0] is node:
        return [case.edit(statement, f"{case.text(node.value)}.append({case.text(statement.value)})")]
    return []


def loop_around(case, node, name):
    """The loop or comprehension whose variable has that name."""
    found = [one for one in ast.walk(case.tree) if isinstance(one, (ast.For, ast.comprehension))
             and isinstance(one.target, ast.Name) and one.target.id == name]
    inside = [one for one in found if isinstance(one, ast.comprehension) or one.lineno <= node.lineno <= one.end_lineno]
    return inside[-1] if inside else None


def boundary_edits(case, node, value, length):
    """What makes an index one less: the end of the loop, its start, or the index itself."""
    edits, index = [], node.slice
    for name in [one.id for one in ast.walk(index) if isinstance(one, ast.Name)]:
        loop = loop_around(case, node, name)
        call = loop.iter if loop is not None else None
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "range" and call.args:
            end = call.args[0] if len(call.args) == 1 else call.args[1]
            text = case.text(end)
            trimmed = re.sub(r"\s*\+\s*1$", "", text)
            if trimmed != text:
                edits.append(case.edit(end, trimmed))
            elif isinstance(end, ast.Constant) and length is not None:
                edits.append(case.edit(end, f"len({case.text(node.value)})"))
            else:
                edits.append(case.edit(end, f"{text} - 1"))
            if len(call.args) == 3:
                edits.append(case.edit(call.args[0], f"{case.text(call.args[0])} - 1"))
        while_loop = next((one for one in ast.walk(case.tree) if isinstance(one, ast.While)
                           and one.lineno <= node.lineno <= one.end_lineno), None)
        if while_loop is not None and isinstance(while_loop.test, ast.Compare) \
                and isinstance(while_loop.test.ops[0], ast.LtE):
            left, right = while_loop.test.left, while_loop.test.comparators[0]
            line = case.lines[left.end_lineno - 1].encode()
            at = line.find(b"<=", left.end_col_offset)
            if at >= 0:
                edits.append([left.end_lineno, at, left.end_lineno, at + 2, "<"])
    if value is not None and length is not None and value == length:
        text = case.text(index)
        edits.append(case.edit(index, str(length - 1) if text.isdigit() else re.sub(r"\s*\+\s*1$", "", text)
                               if re.search(r"\+\s*1$", text) else f"{text} - 1"))
    elif isinstance(index, ast.Constant) and length:
        edits.append(case.edit(index, "-1"))
    return edits


def empty_pop(case):
    node = call_of(case, "pop", "popleft", "popitem", "choice", "choices", "sample")
    value = node.func.value if node is not None and isinstance(node.func, ast.Attribute) else None
    if node is not None and isinstance(node.func, ast.Attribute) and node.func.attr in ("choice", "choices", "sample"):
        value = node.args[0] if node.args else None
    text = case.text(value) if value is not None else "the collection"
    params = {"text": text, "function": node.func.attr if node is not None and value is not None
              and isinstance(node.func, ast.Attribute) else "pop"}
    if "out of range" in case.message:
        length = length_of(case, value)
        index = node.args[0] if node is not None and node.args else None
        return [finding("pop-out-of-range", {**params, "length": "?" if length is None else length,
                        "index": case.text(index) if index is not None else "?"}, [], node,
                        made(case, value) if value is not None else None)]
    return [finding("pop-from-empty", params, [], node, made(case, value) if value is not None else None)]


def key_error(case):
    key = case.facts.get("key") or {"text": case.message, "type": None}
    node = next((one for one in case.expressions(ast.Subscript)), None)
    remove = call_of(case, "remove", "pop")
    holder = node.value if node is not None else remove.func.value if remove is not None \
        and isinstance(remove.func, ast.Attribute) else None
    fact = case.value(holder) if holder is not None else None
    for one in case.expressions(ast.Subscript):
        known = case.value(one.value)
        if known and known["type"] in ("dict", "defaultdict", "OrderedDict", "Counter"):
            index = case.value(one.slice)
            if index is None or index["text"] == key["text"]:
                node, holder, fact = one, one.value, known
                break
    params = {"key": key["text"], "text": case.text(holder) if holder is not None else "the dictionary",
              "type": key.get("type") or ""}
    if holder is not None and isinstance(holder, ast.Attribute) and holder.attr == "environ":
        return [finding("environment-missing", params, [], node)]
    if remove is not None and node is None or fact and fact["type"] == "set":
        return [finding("set-item-missing", params, [], remove or node)]
    keys = (fact or {}).get("keys", [])
    texts = [one for one in keys if isinstance(one, str)]
    others = {one["other"]: one for one in keys if not isinstance(one, str)}
    given = key.get("str")
    place = node.slice if node is not None else None
    params["keys"] = ", ".join([repr(one) for one in texts][:8] + list(others)[:8]) or "none"
    if given is not None and given in others and place is not None:
        kind = others[given]["type"]
        return [finding("key-of-other-type", {**params, "near": given, "wanted": kind},
                        [case.edit(place, f"{kind}({case.text(place)})")], node, made(case, place))]
    if given is None and key["text"] in texts and place is not None:
        return [finding("key-of-other-type", {**params, "near": repr(key["text"]), "wanted": "str"},
                        [case.edit(place, f"str({case.text(place)})")], node, made(case, place))]
    if given is not None:
        same = [one for one in texts if one.strip().lower() == given.strip().lower()]
        close = same or nearest(given, texts, 1) or similar_texts(given, texts, 1)
        if close:
            name = "key-case" if same else "key-misspelt"
            edits = [case.edit(place, repr(close[0]))] if isinstance(place, ast.Constant) else []
            if same and place is not None and not edits:
                change = ".strip()" if given.strip() == close[0] else \
                    ".lower()" if given.lower() == close[0] else ".upper()" if given.upper() == close[0] else ".title()"
                edits = [after(place, change)]
            return [finding(name, {**params, "near": repr(close[0])}, edits, node,
                            made(case, place) if place is not None else None)]
    statement = case.statement()
    if isinstance(statement, ast.AugAssign) and node is not None and statement.target is node:
        holder_text, key_text = case.text(holder), case.text(place)
        zero = "''" if case.type_of(statement.value) == "str" else "[]" if case.type_of(statement.value) == "list" else "0"
        new = f"{holder_text}[{key_text}] = {holder_text}.get({key_text}, {zero}) {WORDS.get(type(statement.op), '+')} " \
            f"{case.text(statement.value)}"
        return [finding("key-counted-first", params, [case.edit(statement, new)], node)]
    edits = []
    parent = case.parents.get(node) if node is not None else None
    if isinstance(parent, ast.Attribute) and parent.attr in ("append", "add", "extend"):
        empty = "set()" if parent.attr == "add" else "[]"
        edits = [case.edit(node, f"{case.text(holder)}.setdefault({case.text(place)}, {empty})")]
        return [finding("key-counted-first", params, edits, node)]
    if fact is None:
        return [finding("key-not-there", params, edits, node, made(case, place) if place is not None else None)]
    if params["keys"] == "none" and fact is not None:
        return [finding("key-in-empty", params, [], node, made(case, holder))]
    return [finding("key-missing", params, edits, node, made(case, place) if place is not None else None)]


def zero_division(case):
    node = next((one for one in case.expressions((ast.BinOp, ast.AugAssign))
                 if isinstance(one.op, (ast.Div, ast.FloorDiv, ast.Mod))), None)
    statement = case.statement()
    node = statement if node is None and isinstance(statement, ast.AugAssign) else node
    fitting = [one for one in case.expressions(ast.BinOp) if (case.value(one.right) or {}).get("text") in ("0", "0.0")]
    node = (fitting or [node])[0]
    divisor = parts(node)[1] if node is not None else None
    params = {"text": case.text(divisor) if divisor is not None else "the divisor"}
    if isinstance(divisor, ast.Call) and getattr(divisor.func, "id", "") == "len" and divisor.args:
        return [finding("mean-of-nothing", {**params, "list": case.text(divisor.args[0])}, [], node,
                        made(case, divisor.args[0]))]
    loop = loop_around(case, node, divisor.id) if isinstance(divisor, ast.Name) else None
    if loop is not None and isinstance(loop.iter, ast.Call) and getattr(loop.iter.func, "id", "") == "range":
        edits = []
        if len(loop.iter.args) == 1:
            edits = [case.edit(loop.iter.args[0], f"1, {case.text(loop.iter.args[0])}")]
        elif isinstance(loop.iter.args[0], ast.Constant) and loop.iter.args[0].value == 0:
            edits = [case.edit(loop.iter.args[0], "1")]
        return [finding("zero-from-range", {**params, "range": case.text(loop.iter)}, edits, node)]
    is_modulo = isinstance(getattr(node, "op", None), ast.Mod)
    return [finding("modulo-by-zero" if is_modulo else "division-by-zero", params, [], node,
                    made(case, divisor) if divisor is not None else None)]
