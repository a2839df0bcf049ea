"""Runs a program and tells what is to be seen where it ends. `run(JSON of {source, mode, seconds?})` gives JSON."""

import ast
import json
import sys
import time

MAIN = "__main__"
RAISED = {}
TOOL = 4


def note_raise(code, offset, error):
    """Keeps the names as they were when the exception was raised: unwinding takes those of a comprehension away."""
    if code.co_filename == FILE and (not RAISED or RAISED["last"][0] is not error):
        frame = sys._getframe(1)
        RAISED["last"] = (error, code, dict(frame.f_locals))


def frames_of(traceback, file):
    found = []
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            found.append(traceback)
        traceback = traceback.tb_next
    return found


def position_of(traceback):
    index = traceback.tb_lasti // 2
    for at, place in enumerate(traceback.tb_frame.f_code.co_positions()):
        if at == index:
            return place
    return (traceback.tb_lineno, None, None, None)


def statement_at(tree, line):
    """The smallest statement that holds the line."""
    found = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            if found is None or node.lineno >= found.lineno and node.end_lineno <= found.end_lineno:
                found = node
    return found


def frame_fact(entry, tree, source, error, is_last):
    frame = entry.tb_frame
    line, end_line, column, end_column = position_of(entry)
    line = line or entry.tb_lineno
    local = frame.f_locals
    kept = RAISED.get("last")
    if is_last and kept is not None and kept[0] is error and kept[1] is frame.f_code:
        local = kept[2]
    statement = statement_at(tree, line)
    values = [] if statement is None else values_at(statement, source, local, frame.f_globals)
    return {"function": frame.f_code.co_name, "line": line, "end_line": end_line, "column": column,
            "end_column": end_column, "values": values, "first_line": frame.f_code.co_firstlineno,
            "names": {} if frame.f_code.co_name == "<module>" else names_in(local)}


def middle_out(entries):
    if len(entries) <= MAX_FRAMES:
        return entries
    return entries[: MAX_FRAMES // 2] + entries[-MAX_FRAMES // 2 :]


def calls_of(entries):
    """How the arguments of the deepest function went from call to call."""
    code = entries[-1].tb_frame.f_code
    same = [entry.tb_frame for entry in entries if entry.tb_frame.f_code is code]
    names = code.co_varnames[: code.co_argcount]
    picked = same[:3] + same[-2:] if len(same) > 5 else same
    return {"function": code.co_name, "count": len(same),
            "arguments": [{name: described(frame.f_locals[name]) for name in names if name in frame.f_locals}
                          for frame in picked]}


def chain_of(error):
    found, seen = [], {id(error)}
    while len(found) < MAX_CHAIN:
        relation = "cause" if error.__cause__ is not None else "context"
        other = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if other is None or id(other) in seen:
            break
        seen.add(id(other))
        entries = frames_of(other.__traceback__, FILE)
        found.append({"type": type_name(other), "message": message_of(other), "relation": relation,
                      "line": entries[-1].tb_lineno if entries else None})
        error = other
    return found


def message_of(error):
    """The text of an exception; of the program's own classes only what it was given."""
    try:
        if any("__str__" in vars(base) for base in BASES_OF(type(error)) if base.__module__ == MAIN):
            raise Unknown
        return str(error)[:2000]
    except BaseException:
        return ", ".join(shown(one) for one in error.args) if type(error.args) is tuple else ""


def subject_of(error):
    """The object of an AttributeError or ImportError, and the names that it has."""
    fact = {}
    name = getattr(error, "name", None) if isinstance(error, (AttributeError, NameError, ImportError)) else None
    if type(name) is str:
        fact["name"] = name[:200]
    if isinstance(error, AttributeError) and type(error) is AttributeError and error.obj is not None:
        fact |= {"object": described(error.obj), "attributes": attributes_of(error.obj),
                 "file": own_attributes(error.obj).get("__file__") if type(error.obj) is type(sys) else None}
    elif type(error) is AttributeError:
        fact |= {"object": described(None), "attributes": []}
    if type(error) is ImportError and type(name) is str and name in sys.modules:
        fact["attributes"] = attributes_of(sys.modules[name])
    if isinstance(error, KeyError) and type(error.args) is tuple and len(error.args) == 1:
        fact["key"] = described(error.args[0])
    return fact


def crash_fact(error, tree, source, module):
    entries = frames_of(error.__traceback__, FILE)
    fact = {"ended": "exit" if isinstance(error, SystemExit) else "raised", "type": type_name(error),
            "message": message_of(error), "bases": [NAME_OF(base) for base in BASES_OF(type(error))],
            "is_own": type(error).__module__ == MAIN, "chain": chain_of(error), **subject_of(error)}
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is not None and last.tb_frame.f_code.co_filename != FILE:
        fact["inside"] = {"function": last.tb_frame.f_code.co_name, "module": last.tb_frame.f_globals.get("__name__")}
    picked = middle_out(entries)
    fact["frames"] = [frame_fact(one, tree, source, error, one is entries[-1]) for one in picked]
    fact["globals"] = names_in(vars(module))
    if entries and isinstance(error, RecursionError):
        fact["recursion"] = calls_of(entries)
    return fact


def prepare():
    module = type(sys)(MAIN)
    module.__file__ = FILE
    sys.modules[MAIN] = module
    return module


def run(text):
    asked = json.loads(text)
    source, dumps = asked["source"], json.dumps
    try:
        tree = ast.parse(source)
        code = compile(tree, FILE, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return dumps({"ended": "not-parsed", "type": type_name(error), "message": str(error)[:500]})
    module = prepare()
    try:
        if asked["mode"] == "watch":
            return dumps(watch(code, module, tree, source, asked["seconds"]))
        sys.monitoring.use_tool_id(TOOL, "explain")
        sys.monitoring.register_callback(TOOL, sys.monitoring.events.RAISE, note_raise)
        sys.monitoring.set_events(TOOL, sys.monitoring.events.RAISE)
        exec(code, vars(module))
    except BaseException as error:
        sys.monitoring.set_events(TOOL, 0)
        return dumps(crash_fact(error, tree, source, module))
    return dumps({"ended": "ok"})
