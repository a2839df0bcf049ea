"""Calls of what is no function, and calls that do not fit the function; part of `diagnose.py`."""

import ast


def not_callable(case):
    kind = case.groups["type"]
    calls = case.expressions(ast.Call)
    fitting = [one for one in calls if case.type_of(one.func) == kind] or calls
    node = fitting[0] if fitting else None
    if node is None:
        return [finding("not-callable", {"type": kind, "text": f"a {kind}"})]
    function = node.func
    params = {"type": kind, "text": case.text(function)}
    if isinstance(function, ast.Name) and case.function(function.id) is not None:
        return [finding("function-overwritten", {**params, "defined": case.function(function.id).lineno}, [], node,
                        made(case, function))]
    if isinstance(function, (ast.Constant, ast.BinOp, ast.Call)) and kind in NUMBERS and len(node.args) == 1 \
            or kind in NUMBERS and isinstance(function, ast.Name) and not is_builtin(function.id) and len(node.args) == 1:
        return [finding("operator-missing", params, [after(function, " * ")], node)]
    if kind == "module":
        name = case.text(function)
        same = [one for one in module_names(name) if one.lower() == name.lower()]
        return [finding("module-called", params, [after(function, f".{one}") for one in same[:1]], node)]
    if isinstance(function, ast.Name) and is_builtin(function.id):
        place = next((one for one in bindings(case.tree, function.id) if isinstance(one, (ast.Name, ast.arg))), None)
        origin = None if place is None else described_origin(case, statement_of(case, place), "shadowed", "", place)
        if place is not None and isinstance(place, ast.Name):
            renamed = renaming(case, place)
            return [finding("builtin-shadowed", {**params, "defined": place.lineno, "better": f"{function.id}_"},
                            [renamed] if renamed else [], node, origin)]
        return [finding("builtin-shadowed", {**params, "defined": case.line, "better": f"{function.id}_"}, [], node)]
    if kind in ("list", "dict", "str", "tuple") and isinstance(function, (ast.Name, ast.Attribute, ast.Subscript)) \
            and len(node.args) == 1:
        arguments = case.source_span(function, node)
        return [finding("parentheses-for-index", params, [[*arguments, f"[{case.text(node.args[0])}]"]], node)]
    if kind in ("tuple", "list", "str") and isinstance(function, (ast.Tuple, ast.List, ast.Constant)):
        return [finding("comma-missing", params, [after(function, ", ")], node)]
    if kind == "NoneType":
        return none_used(case, function, "`()`", "not-callable", params)
    if not node.args and not node.keywords:
        return [finding("not-callable", params, [[*case.source_span(function, node), ""]], node, made(case, function))]
    return [finding("not-callable", params, [], node, made(case, function))]


def renaming(case, place):
    """A new name for a variable that hides a builtin, where it is given its value and read by nothing else."""
    uses = [one for one in ast.walk(case.tree) if isinstance(one, ast.Name) and one.id == place.id
            and isinstance(one.ctx, ast.Load)
            and not (isinstance(case.parents.get(one), ast.Call) and case.parents[one].func is one)]
    return None if uses else case.edit(place, f"{place.id}_")


def called_function(case, name):
    """The program's function that a call named, with whether it is a method."""
    short = name.split(".")[-1]
    owner = name.split(".")[-2] if "." in name and "<locals>" not in name.split(".")[-2] else None
    for node in ast.walk(case.tree):
        if isinstance(node, ast.FunctionDef) and node.name == short:
            parent = case.parents.get(node)
            if owner is None or isinstance(parent, ast.ClassDef) and parent.name == owner:
                return node, isinstance(parent, ast.ClassDef)
    return None, False


def call_node(case, name):
    short = name.split(".")[-1]
    found = case.expressions(ast.Call)
    named = [one for one in found if case.text(one.func).split(".")[-1] in (short, name.split(".")[0])]
    return (named or found or [None])[0]


def signature(function):
    names = [one.arg for one in function.args.args]
    return ", ".join(names) or "nothing"


def wrong_count(case):
    """takes N positional arguments but M were given, and missing N arguments."""
    name = case.groups["function"]
    function, is_method = called_function(case, name)
    node = call_node(case, name)
    short = name.split(".")[-1]
    params = {"function": short, "missing": (case.groups.get("missing") or "").replace("'", "`"),
              "takes": case.groups.get("takes", ""), "given": case.groups.get("given", "")}
    params |= {"parameters": "", "defined": case.line}
    if function is None:
        return [finding("arguments-missing" if params["missing"] else "arguments-too-many", params, [], node)]
    params |= {"parameters": f" (`{signature(function)}`)", "defined": function.lineno}
    names = [one.arg for one in function.args.args]
    static = any(getattr(one, "id", "") == "staticmethod" for one in function.decorator_list)
    if is_method and not static and names[:1] not in (["self"], ["cls"]) and params["given"]:
        column = case.lines[function.lineno - 1].encode().find(b"(", function.col_offset) + 1
        new = "self, " if names else "self"
        return [finding("self-missing", params, [case.insertion(function.lineno, column, new)], node)]
    if params["missing"]:
        return missing_arguments(case, function, node, params, names, is_method)
    given, takes = int(params["given"] or 0), len(names)
    edits = []
    if node is not None and len(node.args) > 1 and given > takes:
        keep = takes - is_method
        if 0 < keep < len(node.args):
            last, end = node.args[keep - 1], node.args[-1]
            edits.append([last.end_lineno, last.end_col_offset, end.end_lineno, end.end_col_offset, ""])
    if node is not None and len(node.args) == 1 and takes - is_method == 0:
        edits.append(case.edit(node.args[0], ""))
    if given == takes + 1 and function.args.defaults == [] and not is_method:
        comma = ", extra" if names else "extra"
        params["comma"] = comma
    return [finding("arguments-too-many", params, edits, node)]


def missing_arguments(case, function, node, params, names, is_method):
    if is_method and "`self`" in params["missing"] and node is not None and isinstance(node.func, ast.Attribute):
        return [finding("object-missing", params, [after(node.func.value, "()")], node)]
    close = [one for one in case.names() if f"`{one}`" in params["missing"]]
    edits = []
    if node is not None and params["missing"].count("`") == 2:
        wanted = params["missing"].strip("`")
        end = node.args[-1] if node.args else None
        for value in close[:1]:
            if end is not None:
                edits.append(after(end, f", {value}"))
            else:
                edits.append([*case.source_span(node.func, node), f"({value})"])
        if wanted == "self" and is_method:
            edits = []
    return [finding("arguments-missing", params, edits, node)]


def keyword_unexpected(case):
    name, keyword = case.groups["function"], case.groups["keyword"]
    function, _ = called_function(case, name)
    node = call_node(case, name)
    given = next((one for one in getattr(node, "keywords", []) if one.arg == keyword), None)
    names = [one.arg for one in [*function.args.args, *function.args.kwonlyargs]] if function is not None \
        else case.known["keywords"].get(name.split(".")[-1], [])
    suggested = case.groups.get("near")
    close = [suggested] if suggested else nearest(keyword, names, 1)
    params = {"function": name, "keyword": keyword, "parameters": ", ".join(names) or "no keywords",
              "near": close[0] if close else ""}
    if close:
        edits = [[given.lineno, given.col_offset, given.lineno, given.col_offset + len(keyword), close[0]]] \
            if given is not None else []
        return [finding("keyword-misspelt", params, edits, node)]
    return [finding("keyword-unexpected", params, [], node)]


def keyword_twice(case):
    node = call_node(case, case.groups["function"])
    params = {"function": case.groups["function"], "keyword": case.groups["keyword"]}
    function, is_method = called_function(case, case.groups["function"])
    if is_method and function.args.args[:1] and function.args.args[0].arg == case.groups["keyword"]:
        column = case.lines[function.lineno - 1].encode().find(b"(", function.col_offset) + 1
        return [finding("self-missing", {**params, "given": "1", "takes": "0", "defined": function.lineno},
                        [case.insertion(function.lineno, column, "self, ")], node)]
    return [finding("argument-twice", params, [], node)]


def builtin_count(case):
    """A wrong number of arguments for a function of Python's own."""
    name = case.groups.get("function") or "the function"
    node = call_node(case, name)
    params = {"function": name, "takes": case.groups.get("takes", ""), "given": case.groups.get("given", "")}
    edits = []
    short = name.split(".")[-1]
    if node is not None and len(node.args) > 1 and short in ("append", "add", "sum", "max", "min", "len", "sorted"):
        first, last = node.args[0], node.args[-1]
        inner = ", ".join(case.text(one) for one in node.args)
        edits.append([first.lineno, first.col_offset, last.end_lineno, last.end_col_offset, f"({inner})"])
    if node is not None and short == "input" and len(node.args) > 1 and not node.keywords:
        edits.append([node.args[0].lineno, node.args[0].col_offset, node.args[-1].end_lineno,
                      node.args[-1].end_col_offset, " + ".join(f"str({case.text(one)})" for one in node.args)])
    return [finding("builtin-arguments", params, edits, node)]


def class_takes_nothing(case):
    """`A() takes no arguments`: there is no `__init__`, or it is written in another way."""
    name = case.groups["function"]
    owner = next((one for one in ast.walk(case.tree) if isinstance(one, ast.ClassDef) and one.name == name), None)
    params = {"function": name}
    if owner is None:
        return [finding("builtin-arguments", {**params, "takes": "no", "given": ""}, [], case.expression(ast.Call))]
    close = [one for one in owner.body if isinstance(one, ast.FunctionDef) and "init" in one.name.lower()
             or isinstance(one, ast.FunctionDef) and nearest("__init__", [one.name])]
    if close:
        line = case.lines[close[0].lineno - 1].encode()
        at = line.find(close[0].name.encode(), close[0].col_offset)
        return [finding("init-misspelt", {**params, "name": close[0].name, "defined": close[0].lineno},
                        [[close[0].lineno, at, close[0].lineno, at + len(close[0].name.encode()), "__init__"]],
                        case.expression(ast.Call))]
    return [finding("init-missing", params, [], case.expression(ast.Call))]
