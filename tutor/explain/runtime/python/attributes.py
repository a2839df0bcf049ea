"""Attributes and modules that are not there; part of `diagnose.py`."""

import ast
import builtins
import importlib.util
import sys


BUILT_IN = {name for name in dir(builtins) if isinstance(getattr(builtins, name), type)}
CALLED = ("type", "function", "method", "builtin_function_or_method", "method_descriptor")


def attribute_node(case, name):
    found = [one for one in case.expressions(ast.Attribute) if one.attr == name]
    return found[0] if found else None


def told_names(case):
    """The name that Python itself proposes."""
    return [case.groups["near"]] if "near" in case.groups else []


def name_span(case, node):
    """Where the name after the dot stands."""
    return [node.end_lineno, node.end_col_offset - len(node.attr.encode()), node.end_lineno, node.end_col_offset]


def type_names(kind):
    known = getattr(builtins, kind, None)
    return [name for name in dir(known) if not name.startswith("__")] if isinstance(known, type) else []


def attribute_error(case):
    kind, name = case.groups["type"], case.groups["name"]
    node = attribute_node(case, name)
    params = {"type": kind, "name": name, "text": case.text(node.value) if node is not None else f"the {kind}"}
    if kind == "NoneType":
        return none_used(case, node and node.value, f".{name}", "none-attribute", params)
    statement = case.statement()
    methods = case.known["methods"]
    close_foreign = nearest(name, [one.split(".")[1] for one in methods if one.startswith(f"{kind}.")], 1)
    foreign = methods.get(f"{kind}.{name}") or (methods[f"{kind}.{close_foreign[0]}"] if close_foreign
                                                and not nearest(name, type_names(kind), 1) else None)
    found = []
    if foreign is not None:
        found.append(foreign_method(case, node, params, foreign))
    attributes = case.facts.get("attributes") or [*type_names(kind), *told_names(case)]
    is_store = node is not None and not isinstance(node.ctx, ast.Load)
    close = [] if is_store else nearest(name, attributes, 2)
    if close and node is not None:
        span = name_span(case, node)
        found.append(finding("attribute-misspelt", {**params, "near": close[0]}, [[*span, one] for one in close], node))
    owner = [one for one in ("str", "list", "dict", "set", "int", "float") if name in type_names(one) and one != kind]
    if not found and kind in CALLED and node is not None and not isinstance(node.value, ast.Call):
        found.append(finding("parentheses-missing", params, [after(node.value, "()")], node))
    if not found and owner and kind in BUILT_IN:
        found.append(other_type(case, node, params, owner))
    if not found and statement is not None and (not is_store or isinstance(statement, ast.AugAssign)):
        set_later = [one for one in ast.walk(case.tree) if isinstance(one, ast.Attribute) and one.attr == name
                     and isinstance(one.ctx, ast.Store) and case.parents.get(one) is not statement]
        if set_later:
            found.append(finding("attribute-not-yet", {**params, "defined": set_later[0].lineno}, [], node))
    listed = ", ".join(attributes[:8]) or "none of its own"
    return found or [finding("attribute-missing", {**params, "has": listed}, [], node)]


def after(node, new):
    return [node.end_lineno, node.end_col_offset, node.end_lineno, node.end_col_offset, new]


def before(node, new):
    return [node.lineno, node.col_offset, node.lineno, node.col_offset, new]


def foreign_method(case, node, params, new):
    edits = []
    if node is not None:
        call = case.parents.get(node)
        value = case.text(node.value)
        whole = call if isinstance(call, ast.Call) and call.func is node else node
        arguments = [case.text(one) for one in getattr(whole, "args", [])]
        if new.endswith("{}"):
            edits = [[*name_span(case, node), new[:-2]]]
        else:
            text = new.replace("{value}", value).replace("{argument}", arguments[0] if arguments else "...")
            edits = [case.edit(whole, text)] if "..." not in text else []
    shown = new.replace("{value}", params["text"]).replace("{argument}", "...").replace("{}", "(...)")
    return finding("method-of-other-name", {**params, "near": shown}, edits, node)


def other_type(case, node, params, owners):
    edits, origin = [], None
    if node is not None:
        origin = made(case, node.value)
        if "str" in owners and params["type"] in ("int", "float"):
            edits = [case.edit(node.value, f"str({case.text(node.value)})")]
        if isinstance(case.parents.get(node), ast.Call) and params["type"] == "list" and owners[0] == "str":
            edits.append(after(node.value, "[0]"))
    return finding("method-of-other-type", {**params, "owner": owners[0]}, edits, node, origin)


def module_attribute(case):
    module, name = case.groups["module"], case.groups["name"]
    node = attribute_node(case, name)
    params = {"module": module, "name": name, "file": f"{module.split('.')[0]}.py"}
    if "partially initialized" in case.message or "renam" in case.message:
        return [finding("module-file-shadowed", params, [], node)]
    attributes = case.facts.get("attributes") or [*module_names(module), *told_names(case)]
    close = nearest(name, attributes, 2) or similar_texts(name, attributes, 2)
    elsewhere = [one for one in modules_with(case, name) if one != module]
    if close and (cost_of(name, close[0]) or 3) >= 2 and elsewhere or hasattr(builtins, name):
        close = []
    if close:
        edits = [[*name_span(case, node), one] for one in close] if node is not None else []
        return [finding("module-attribute-misspelt", {**params, "near": close[0]}, edits, node)]
    inner = [one for one in attributes if name in dir(getattr(sys.modules.get(module), one, None))]
    if inner:
        edits = [[*name_span(case, node), f"{inner[0]}.{name}"]] if node is not None else []
        return [finding("module-attribute-inside", {**params, "near": f"{module}.{inner[0]}.{name}"}, edits, node)]
    if hasattr(builtins, name):
        edits = [case.edit(node, name)] if node is not None else []
        return [finding("module-attribute-builtin", params, edits, node)]
    if elsewhere:
        return [finding("module-attribute-elsewhere", {**params, "near": f"{elsewhere[0]}.{name}"}, [], node)]
    return [finding("module-attribute-missing", params, [], node)]


def module_names(module):
    try:
        return [one for one in dir(importlib.import_module(module)) if not one.startswith("_")]
    except Exception:
        return []


def class_attribute(case):
    kind, name = case.groups["type"], case.groups["name"]
    node = attribute_node(case, name)
    params = {"type": kind, "name": name, "text": kind}
    attributes = case.facts.get("attributes") or type_names(kind)
    close = nearest(name, attributes, 2)
    if close:
        edits = [[*name_span(case, node), one] for one in close] if node is not None else []
        return [finding("attribute-misspelt", {**params, "near": close[0]}, edits, node)]
    own = [one for one in ast.walk(case.tree) if isinstance(one, ast.Attribute) and one.attr == name
           and isinstance(one.value, ast.Name) and one.value.id == "self"]
    if own:
        return [finding("attribute-of-object", {**params, "defined": own[0].lineno},
                        [after(node.value, "()")] if node is not None else [], node)]
    return [finding("attribute-missing", {**params, "has": ", ".join(attributes[:8]) or "none of its own"}, [], node)]


def import_error(case):
    if "name" in case.groups:
        name, module = case.groups["name"], case.groups["module"]
        attributes = case.facts.get("attributes") or module_names(module)
        close = nearest(name, attributes, 1)
        alias = next((one for node in ast.walk(case.tree) if isinstance(node, ast.ImportFrom)
                      for one in node.names if one.name == name), None)
        params = {"name": name, "module": module, "file": f"{module.split('.')[0]}.py"}
        elsewhere = [one for one in modules_with(case, name) if one != module]
        if close and not (elsewhere and (cost_of(name, close[0]) or 3) >= 2):
            edits = [[alias.lineno, alias.col_offset, alias.lineno, alias.col_offset + len(name), close[0]]] \
                if alias is not None else []
            return [finding("import-name-misspelt", {**params, "near": close[0]}, edits, alias)]
        if elsewhere:
            return [finding("import-name-elsewhere", {**params, "near": elsewhere[0]}, [], alias)]
        return [finding("import-name-missing", params, [], alias)]
    module = case.groups["module"]
    top = module.split(".")[0]
    close = nearest(top, sorted(sys.stdlib_module_names), 1)
    statement = case.statement()
    if "is not a package" in case.message:
        return [finding("import-not-a-package", {"module": module, "top": top}, [], statement)]
    if close and top not in case.known["packages"]:
        column = case.lines[case.line - 1].find(top)
        edits = [[case.line, column, case.line, column + len(top), close[0]]] if column >= 0 else []
        return [finding("module-misspelt", {"module": top, "near": close[0]}, edits, statement)]
    return [finding("module-not-installed", {"module": top}, [], statement)]
