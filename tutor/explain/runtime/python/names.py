"""Names, attributes and modules that are not there; part of `diagnose.py`."""

import ast
import builtins
import difflib
import importlib
import sys


def has_name(module, name):
    try:
        return hasattr(importlib.import_module(module), name)
    except ImportError:
        return False


def modules_with(case, name):
    return [module for module in case.known["modules"] if has_name(module, name)][:2]


def name_node(case, name):
    found = [one for one in case.expressions(ast.Name) if one.id == name]
    found += [one for one in ast.walk(case.tree) if isinstance(one, ast.Name) and one.id == name
              and one.lineno == case.line]
    return found[0] if found else None


def import_line(case):
    """The line before which an import can be put: after a docstring and `from __future__`."""
    for node in case.tree.body:
        is_doc = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_doc and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    return 1


def missing_import(case, name, node):
    parent = case.parents.get(node)
    line = import_line(case)
    if isinstance(parent, ast.Attribute) and parent.value is node:
        if name in sys.stdlib_module_names and has_name(name, parent.attr):
            return finding("import-missing", {"name": name, "line_to_add": f"import {name}"},
                           [case.insertion(line, 0, f"import {name}\n")], node)
        abbreviated = case.known["aliases"].get(name)
        if abbreviated is not None:
            return finding("import-missing", {"name": name, "line_to_add": f"import {abbreviated} as {name}"},
                           [case.insertion(line, 0, f"import {abbreviated} as {name}\n")], node)
    for module in modules_with(case, name):
        if (has_name(module, name)) and not hasattr(builtins, name):
            imported = any(isinstance(one, ast.Import) and any(part.name == module and part.asname is None
                           for part in one.names) for one in ast.walk(case.tree))
            if imported:
                return finding("module-prefix-missing", {"name": name, "full": f"{module}.{name}"},
                               [case.edit(node, f"{module}.{name}")], node)
            return finding("import-missing", {"name": name, "line_to_add": f"from {module} import {name}"},
                           [case.insertion(line, 0, f"from {module} import {name}\n")], node)
    return None


def defined_elsewhere(case, name, node):
    """The name exists, but not here, or not yet."""
    first = getattr(getattr(case.scope(), "args", None), "args", None)
    if first and first[0].arg == "self" and any(
            isinstance(one, ast.Attribute) and one.attr == name and getattr(one.value, "id", "") == "self"
            for one in ast.walk(case.tree)):
        return finding("method-without-self", {"name": name}, [case.edit(node, f"self.{name}")], node)
    places = [one for one in bindings(case.tree, name)]
    if not places:
        return None
    here = case.scope()
    inner = [one for one in places if case.scope_of(one) not in (case.tree, here)]
    module = [one for one in places if case.scope_of(one) is case.tree or case.scope_of(one) is here]
    if not module and inner:
        owner = case.scope_of(inner[0])
        function = getattr(owner, "name", "a function")
        methods = isinstance(case.parents.get(inner[0]), ast.ClassDef)
        if methods and case.frame["function"] != "<module>":
            return finding("method-without-self", {"name": name}, [case.edit(node, f"self.{name}")], node)
        return finding("name-of-other-scope", {"name": name, "function": function, "defined": inner[0].lineno},
                       [], node)
    first = min(module, key=lambda one: one.lineno)
    in_class = isinstance(case.parents.get(statement_of(case, first)), ast.ClassDef) \
        or isinstance(first, SCOPES[:2]) and isinstance(case.parents.get(first), ast.ClassDef)
    if in_class and case.frame["function"] != "<module>":
        return finding("method-without-self", {"name": name}, [case.edit(node, f"self.{name}")], node)
    kinds = [type(one) for one in module]
    if first.lineno > case.line or first.lineno == case.line:
        if any(kind in (ast.FunctionDef, ast.ClassDef) for kind in kinds):
            return finding("function-defined-later", {"name": name, "defined": first.lineno}, [], node)
        return finding("name-not-yet", {"name": name, "defined": first.lineno}, [], node)
    return finding("name-in-branch", {"name": name, "defined": first.lineno,
                   "text": case.lines[first.lineno - 1].strip()}, [], node)


def quotes_missing(case, name, node):
    """A single word that was probably meant as a text."""
    parent = case.parents.get(node)
    if isinstance(parent, ast.Compare):
        others = [one for one in (parent.left, *parent.comparators) if one is not node]
        if any(case.type_of(one) == "str" for one in others):
            return True
    if isinstance(parent, ast.BinOp) and case.type_of(parent.right if parent.left is node else parent.left) == "str":
        return True
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and node in parent.args:
        return parent.func.id in ("print", "input", "open")
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and node in parent.args:
        return parent.func.attr in ("split", "join", "startswith", "endswith", "replace", "count", "open", "strip")
    if isinstance(parent, ast.Subscript):
        return parent.slice is node
    return isinstance(parent, (ast.List, ast.Dict, ast.Set, ast.Tuple)) or isinstance(parent, ast.Assign) and parent.value is node


def name_error(case):
    name = case.groups["name"]
    node = name_node(case, name)
    if node is None:
        others = [*([case.groups["near"]] if "near" in case.groups else []), *case.names(), *dir(builtins)]
        close = nearest(name, others, 1)
        return [finding("name-misspelt", {"name": name, "near": close[0]})] if close \
            else [finding("name-undefined", {"name": name})]
    elsewhere = defined_elsewhere(case, name, node)
    found = [finding("name-of-other-language", {"name": name, "near": case.known["foreign"][name]},
                     [case.edit(node, case.known["foreign"][name])], node)] if name in case.known["foreign"] and not elsewhere else []
    keywords = [word for word in ("True", "False", "None") if word.lower() == name.lower()]
    own = nearest(name, case.names(), 2)
    near = case.groups.get("near", "")
    if near.startswith("self.") and elsewhere is None:
        return [finding("method-without-self", {"name": name}, [], node)]
    told = [near] if near and not (elsewhere and is_builtin(near)) else []
    close = keywords + told + own + [one for one in nearest(name, dir(builtins), 2) if not one[0].isupper()]
    imported = missing_import(case, name, node)
    if close and not found:
        same_letters = plain(close[0]) == plain(name)
        found.append(finding("name-case" if same_letters else "name-misspelt", {"name": name, "near": close[0]},
                             [case.edit(node, one) for one in close[:3]], node))
        if not same_letters and (cost_of(name, close[0]) or 3) >= 2 and (imported or elsewhere):
            found.insert(0, imported or elsewhere)
    if imported and imported not in found:
        found.append(imported)
    if elsewhere and elsewhere not in found:
        found.insert(0, elsewhere)
    if close and not keywords and not own and not told and not found[0]["class"].startswith("import"):
        parent = case.parents.get(node)
        if not (isinstance(parent, ast.Call) and parent.func is node):
            found.insert(0, finding("name-undefined", {"name": name}, first_value(case, name), node))
    if not found and name in sys.stdlib_module_names:
        found.append(finding("import-missing", {"name": name, "line_to_add": f"import {name}"},
                             [case.insertion(import_line(case), 0, f"import {name}\n")], node))
    if not found and quotes_missing(case, name, node):
        found.append(finding("quotes-missing", {"name": name}, [case.edit(node, repr(name))], node))
    return found or [finding("name-undefined", {"name": name}, first_value(case, name), node)]


def first_value(case, name):
    """A first value for a name that is only counted up, filled or asked, put before the loop that does it."""
    use = next((one for one in ast.walk(case.tree) if isinstance(one, ast.Name) and one.id == name
                and one.lineno == case.line), None)
    if use is None:
        return []
    statement, parent = statement_of(case, use), case.parents.get(use)
    values = []
    if isinstance(statement, ast.AugAssign) and statement.target is use:
        kind = case.type_of(statement.value)
        values = {"str": ["''", "0"], "list": ["[]"]}.get(kind, ["0", "''", "[]"])
        values = ["1", *values] if isinstance(statement.op, ast.Mult) else values
    elif isinstance(parent, ast.Attribute) and isinstance(case.parents.get(parent), ast.Call):
        methods = {"append": "[]", "extend": "[]", "insert": "[]", "add": "set()", "setdefault": "{}", "get": "{}",
                   "update": "{}", "items": "{}", "sort": "[]", "discard": "set()"}
        values = [methods[parent.attr]] if parent.attr in methods else []
    elif isinstance(parent, ast.Subscript) and parent.value is use and isinstance(parent.ctx, ast.Store):
        values = ["{}"]
    elif isinstance(parent, ast.Compare):
        values = ["[]"] if isinstance(parent.ops[0], (ast.In, ast.NotIn)) else ["0"]
    elif isinstance(parent, ast.BinOp) and isinstance(statement, ast.Assign):
        values = ["0", "''", "[]"]
    place = statement
    while isinstance(case.parents.get(place), (ast.For, ast.While, ast.If, ast.With, ast.Try)):
        place = case.parents[place]
    indent = " " * place.col_offset
    return [case.insertion(place.lineno, 0, f"{indent}{name} = {value}\n") for value in values]


def unbound_error(case):
    name, scope = case.groups["name"], case.scope()
    node = name_node(case, name)
    places = [one for one in bindings(scope, name) if case.scope_of(one) is scope]
    first = min(places, key=lambda one: one.lineno, default=None)
    params = {"name": name, "function": case.frame["function"],
              "defined": first.lineno if first is not None else case.line}
    statement = case.statement()
    gone = any(isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Del)
               or isinstance(one, ast.ExceptHandler) and one.name == name for one in ast.walk(scope))
    if gone or isinstance(statement, ast.Delete) or first is None:
        return [finding("name-deleted", params, [], node)]
    module = [one for one in bindings(case.tree, name) if case.scope_of(one) is case.tree]
    is_local_only = first.lineno < case.line
    if module and isinstance(scope, SCOPES[:2]) and (not is_local_only or not_a_branch(case, first, scope)):
        body = scope.body[1] if ast.get_docstring(scope) and len(scope.body) > 1 else scope.body[0]
        indent = " " * body.col_offset
        return [finding("global-assigned", params,
                        [case.insertion(body.lineno, 0, f"{indent}global {name}\n")], node)]
    outside = [one for one in bindings(case.tree, name) if around(case, scope, case.scope_of(one))]
    if outside and isinstance(scope, SCOPES[:2]) and (not is_local_only or not_a_branch(case, first, scope)):
        body = scope.body[1] if ast.get_docstring(scope) and len(scope.body) > 1 else scope.body[0]
        return [finding("outer-assigned", {**params, "outer": case.scope_of(outside[0]).name},
                        [case.insertion(body.lineno, 0, f"{' ' * body.col_offset}nonlocal {name}\n")], node)]
    if is_local_only:
        return [finding("local-in-branch", {**params, "text": case.lines[first.lineno - 1].strip()}, [], node)]
    close = [one for one in nearest(name, case.frame["names"], 1)]
    if close and node is not None:
        return [finding("name-misspelt", {"name": name, "near": close[0]}, [case.edit(node, close[0])], node)]
    if is_builtin(name):
        return [finding("builtin-shadowed-local", params, [], node)]
    return [finding("local-not-yet", params, first_value(case, name), node)]


def around(case, scope, outer):
    """Whether a function stands around another one."""
    node = case.parents.get(scope)
    while node is not None and node is not outer:
        node = case.parents.get(node)
    return node is not None and isinstance(outer, SCOPES[:2])


def not_a_branch(case, node, scope):
    return case.parents.get(statement_of(case, node)) is scope


def similar_texts(word, texts, count=3):
    return difflib.get_close_matches(word, texts, count, 0.7)
