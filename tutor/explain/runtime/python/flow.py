"""Programs that call themselves without end, turn in a loop, stop themselves or miss something outside; part of
`diagnose.py`."""

import ast


def recursion(case):
    seen = case.facts.get("recursion") or {}
    name = seen.get("function") or case.frame["function"]
    function = case.function(name) or case.scope()
    arguments = seen.get("arguments") or []
    shown_calls = [", ".join(f"{key} = {fact['text'][:40]}" for key, fact in one.items()) for one in arguments]
    params = {"function": name, "count": seen.get("count", "many"), "calls": "; then ".join(shown_calls[:3]),
              "last": shown_calls[-1] if shown_calls else ""}
    node = case.expression(ast.Call)
    decorated = [one for one in getattr(function, "decorator_list", []) if getattr(one, "id", "") == "property"]
    inside = case.expression(ast.Attribute)
    special = name in ("__getattr__", "__setattr__", "__getattribute__", "__str__", "__repr__", "__eq__")
    setter = [one for one in getattr(function, "decorator_list", []) if getattr(one, "attr", "") == "setter"]
    if decorated or setter:
        own = next((one for one in ast.walk(function) if isinstance(one, ast.Attribute) and one.attr == name), inside)
        edits = [[*name_span(case, own), f"_{name}"]] if own is not None else []
        return [finding("property-calls-itself", {**params, "text": f"self.{name}"}, edits, own)]
    if special:
        return [finding("special-method-calls-itself", params, [], node or inside)]
    entries = [one["function"] for one in case.frames]
    others = [one for one in dict.fromkeys(entries[::-1]) if one not in (name, "<module>")]
    if entries.count(name) and others and len([one for one in entries if one == others[0]]) >= 3:
        return [finding("functions-call-each-other", {**params, "other": others[0]}, [], node)]
    same = {key for key in (arguments[0] if arguments else {})
            if len({one.get(key, {}).get("text") for one in arguments}) == 1}
    if arguments and arguments[0] and same == set(arguments[0]) - {"self"} | (same & {"self"}):
        return [finding("recursion-same-argument", params, [], node)]
    conditions = [one for one in ast.walk(function) if isinstance(one, (ast.If, ast.IfExp, ast.BoolOp, ast.Match))]
    if not conditions:
        return [finding("recursion-without-base", params, [], node)]
    edits = []
    for one in ast.walk(function):
        if isinstance(one, ast.Compare) and len(one.ops) == 1 and isinstance(one.ops[0], ast.Eq):
            line = case.lines[one.left.end_lineno - 1].encode()
            at = line.find(b"==", one.left.end_col_offset)
            if at >= 0:
                edits.append([one.left.end_lineno, at, one.left.end_lineno, at + 2, "<="])
    condition = next((one for one in conditions if hasattr(one, "test")), None)
    return [finding("recursion-past-base", {**params, "condition": case.text(condition.test) if condition else "it"},
                    edits, node)]


def loops_around(tree, line):
    found = [one for one in ast.walk(tree) if isinstance(one, (ast.While, ast.For))
             and one.lineno <= line <= one.end_lineno]
    return sorted(found, key=lambda one: one.lineno)


def list_grows(case, loop):
    """A loop over a list to which it adds."""
    text = case.text(loop.iter)
    grows = [one for one in ast.walk(loop) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
             and one.func.attr in ("append", "insert", "extend") and case.text(one.func.value) == text]
    return [finding("loop-list-grows", {"text": text}, [after(loop.iter, "[:]")], grows[0])] if grows else []


def endless(case):
    """The loop that turned when the time was over, and the names of its condition that do not change."""
    stack, visits = case.facts.get("stack") or [], dict(case.facts.get("visits") or [])
    if not stack:
        return [finding("too-slow", {"text": ""})]
    candidates = [(level, loop) for level in stack for loop in loops_around(case.tree, level["line"])]
    turning = [(level, loop) for level, loop in candidates
               if isinstance(loop, ast.While) and visits.get(loop.test.lineno, 0) > 1]
    whiles = [(level, loop) for level, loop in candidates if isinstance(loop, ast.While)]
    level, loop = (turning or whiles or candidates or [(stack[0], None)])[0]
    case.frames = [{"line": loop.lineno if loop is not None else level["line"], "function": level["function"],
                    "values": [], "names": level["names"]}]
    case.at = 0
    if loop is None:
        return [finding("too-slow", {"text": case.lines[level["line"] - 1].strip()})]
    seen = case.facts.get("values", {}).get(level["function"], {})
    if isinstance(loop, ast.For):
        growing = list_grows(case, loop)
        if growing:
            return growing
        return [finding("too-slow", {"text": case.lines[loop.lineno - 1].strip()}, [], loop)]
    names = list(dict.fromkeys(one.id for one in ast.walk(loop.test) if isinstance(one, ast.Name)
                               and not is_builtin(one.id) and case.function(one.id) is None))
    still = [name for name in names if len(seen.get(name, [])) <= 1]
    params = {"condition": case.text(loop.test), "names": ", ".join(f"`{one}`" for one in still or names),
              "values": "; ".join(f"`{one}` = {seen[one][0]}" if len(seen[one]) == 1 else
                                  f"`{one}` = {', then '.join(seen[one])}" for one in names if seen.get(one))}
    if not names:
        return [finding("loop-without-break", params, [], loop)]
    if still == names:
        updates = loop_updates(case, loop, names)
        return [finding("loop-never-changes", params, updates, loop)]
    return [finding("loop-never-reaches", params, direction_edits(case, loop), loop)]


def loop_updates(case, loop, names):
    """An update that stands after the loop, moved in; else one that is added."""
    parent = case.parents.get(loop)
    siblings = next((body for body in (getattr(parent, key, None) for key in ("body", "orelse"))
                     if isinstance(body, list) and loop in body), [])
    after_loop = siblings[siblings.index(loop) + 1 : siblings.index(loop) + 2] if loop in siblings else []
    indent = " " * loop.body[0].col_offset
    last = loop.body[-1]
    for one in after_loop:
        if isinstance(one, ast.AugAssign) and getattr(one.target, "id", None) in names:
            return [[one.lineno, 0, one.lineno, one.col_offset, indent]]
    for name in names:
        compare = loop.test if isinstance(loop.test, ast.Compare) else None
        if compare is not None and case.frame["names"].get(name, case.facts["globals"].get(name, {})).get("type") == "int":
            left = isinstance(compare.left, ast.Name) and compare.left.id == name
            less = isinstance(compare.ops[0], (ast.Lt, ast.LtE))
            sign = "+" if less == left else "-"
            return [case.insertion(last.end_lineno, last.end_col_offset, f"\n{indent}{name} {sign}= 1")]
    return []


def direction_edits(case, loop):
    """Steps in the other direction, or a comparison that cannot be jumped over."""
    edits = []
    names = {one.id for one in ast.walk(loop.test) if isinstance(one, ast.Name)}
    for one in ast.walk(loop):
        if isinstance(one, ast.AugAssign) and getattr(one.target, "id", None) in names \
                and isinstance(one.op, (ast.Add, ast.Sub)):
            old, new = ("+=", "-=") if isinstance(one.op, ast.Add) else ("-=", "+=")
            line = case.lines[one.lineno - 1].encode()
            at = line.find(old.encode(), one.target.end_col_offset)
            if at >= 0:
                edits.append([one.lineno, at, one.lineno, at + 2, new])
    test = loop.test
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotEq):
        at = case.lines[test.left.end_lineno - 1].encode().find(b"!=", test.left.end_col_offset)
        edits += [[test.left.end_lineno, at, test.left.end_lineno, at + 2, one] for one in ("<", ">") if at >= 0]
    return edits


def own_raise(case):
    """An exception that the program itself raises."""
    statement = case.statement()
    params = {"error": case.facts.get("type", "an exception"), "message": case.message[:200],
              "function": case.frame["function"]}
    for index in range(case.at - 1, -1, -1):
        call = case.expression(ast.Call, index)
        if call is not None and case.frames[index]["function"] != case.frame["function"]:
            params["call"] = f", called on line {case.frames[index]['line']} as `{case.text(call)}`"
            break
    condition = case.parents.get(statement)
    params["when"] = f" because `{case.text(condition.test)}` holds" if isinstance(condition, ast.If) \
        and statement in condition.body else ""
    params.setdefault("call", "")
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    name = getattr(raised.func if isinstance(raised, ast.Call) else raised, "id", "")
    if name == "NotImplementedError":
        return [finding("not-implemented", params, [], statement)]
    chain = case.facts.get("chain") or []
    if isinstance(condition, ast.ExceptHandler) and chain:
        return [finding("raised-in-handler", {**params, "first": f"{chain[0]['type']}: {chain[0]['message']}",
                        "first_line": chain[0]["line"] or case.line}, [], statement)]
    return [finding("raised-by-program", params, [], statement)]


def assertion(case):
    statement = case.statement()
    test = statement.test if isinstance(statement, ast.Assert) else None
    params = {"condition": case.text(test) if test is not None else "the condition",
              "message": f" ({case.message})" if case.message else ""}
    return [finding("assertion-failed", params, [], statement)]
