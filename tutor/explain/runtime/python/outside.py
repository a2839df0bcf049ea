"""Files, input, encodings and what else lies outside the program; part of `diagnose.py`."""

import ast


def end_of_input(case):
    calls = [one for one in ast.walk(case.tree) if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "input"]
    node = call_of(case, "input", "int", "readline") or case.expression(ast.Call)
    loops = [one for one in loops_around(case.tree, case.line)]
    if loops:
        head = case.lines[loops[-1].lineno - 1].strip()
        return [finding("input-loop-past-end", {"text": head, "loop": loops[-1].lineno}, [], node)]
    return [finding("input-missing", {"count": len(calls)}, [], node)]


def file_error(case):
    path = literal(case.groups.get("path") or "")
    kind = case.facts.get("type")
    node = call_of(case, "open", "read_text", "listdir", "mkdir", "remove", "rename") or case.expression(ast.Call)
    params = {"path": repr(path)[1:-1] or argument_text(case, node)}
    names = {"FileNotFoundError": "file-missing", "PermissionError": "file-not-allowed",
             "IsADirectoryError": "file-is-folder", "NotADirectoryError": "folder-is-file",
             "FileExistsError": "file-exists"}
    edits = []
    name = names.get(kind, "file-other")
    if name == "file-missing" and path != path.strip() and node is not None and node.args:
        edits = [after(node.args[0], ".strip()")]
        name = "file-name-with-blanks"
    return [finding(name, params, edits, node, made(case, node.args[0]) if node is not None and node.args else None)]


def literal(text):
    """The text that Python shows in quotes."""
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text.strip("'\"")
    return value if isinstance(value, str) else text


def not_readable(case):
    node = case.expression(ast.Call)
    return [finding("file-mode", {"text": case.text(node.func.value) if node is not None
                                  and isinstance(node.func, ast.Attribute) else "the file",
                                  "action": "readable" if "readable" in case.message else "writable"}, [], node)]


def encoding(case):
    return [finding("text-decoding" if case.facts.get("type") == "UnicodeDecodeError" else "text-encoding",
                    {"codec": case.groups.get("codec", "utf-8")}, [], case.expression(ast.Call))]


def overflow(case):
    node = case.expression((ast.BinOp, ast.Call))
    return [finding("number-too-large", {"text": case.text(node) if node is not None else "the calculation"}, [], node,
                    None)]


def changed_in_loop(case):
    statement = case.statement()
    node = statement.iter if isinstance(statement, ast.For) else case.expression(ast.comprehension)
    node = node.iter if isinstance(node, ast.comprehension) else node
    text = case.text(node) if node is not None else "the collection"
    edits = [case.edit(node, f"list({text})")] if node is not None else []
    kind = "set" if "Set" in case.message else "dictionary"
    return [finding("changed-in-loop", {"text": text, "type": kind}, edits, node)]


def no_next(case):
    node = call_of(case, "next")
    edits = [after(node.args[0], ", None")] if node is not None and len(node.args) == 1 else []
    return [finding("iterator-exhausted", {"text": argument_text(case, node)}, edits, node,
                    made(case, node.args[0]) if node is not None and node.args else None)]


def interrupted(case):
    return [finding("interrupted", {"text": case.lines[case.line - 1].strip() if case.line <= len(case.lines) else ""})]


def left(case):
    node = case.expression(ast.Call)
    text = case.text(node) if node is not None else "sys.exit()"
    return [finding("program-left", {"text": text, "code": case.message or "0"}, [], node)]


def memory(case):
    statement = case.statement()
    for loop in loops_around(case.tree, case.line):
        if isinstance(loop, ast.For) and list_grows(case, loop):
            return list_grows(case, loop)
    return [finding("memory-full", {"text": case.lines[case.line - 1].strip() if statement is not None else ""}, [],
                    statement)]


def json_error(case):
    node = call_of(case, "loads", "load")
    return [finding("json-malformed", {"text": argument_text(case, node), "message": case.message}, [], node,
                    made(case, node.args[0]) if node is not None and node.args else None)]


def pattern_error(case):
    node = case.expression(ast.Call)
    return [finding("pattern-malformed", {"text": argument_text(case, node), "message": case.message}, [], node)]


def text_program(case):
    node = call_of(case, "eval", "exec", "compile", "literal_eval")
    return [finding("evaluated-text-malformed", {"text": argument_text(case, node), "message": case.message}, [], node,
                    made(case, node.args[0]) if node is not None and node.args else None)]


def read_only(case):
    node = case.expression(ast.Attribute)
    name = case.groups.get("name", "")
    owner = case.scope()
    return [finding("attribute-read-only", {"name": name, "text": case.text(node) if node is not None else name,
                    "function": getattr(owner, "name", "")}, [], node)]


def deepest(case):
    """A class of Python's own that has no explanation of its own: its message in place of one."""
    statement = case.statement()
    node = case.expression(ast.Call)
    inside = case.facts.get("inside") or {}
    params = {"error": case.facts.get("type", "an exception"), "message": case.message[:300],
              "text": case.lines[case.line - 1].strip() if case.line <= len(case.lines) else "",
              "inside": f" in `{inside['module']}.{inside['function']}`" if inside.get("module") else ""}
    origin = made(case, node.args[0]) if node is not None and node.args else None
    return [finding("other-error", params, [], node or statement, origin)]


def special_method(case):
    """A special method that returns what it must not, mostly because it prints in place of returning."""
    name = f"__{case.groups['name']}__" if "name" in case.groups else "__len__"
    function = case.function(name)
    edits = return_edits(case, function) if function is not None and "NoneType" in case.message else []
    return [finding("special-method-wrong", {"message": case.message, "name": name}, edits, case.expression())]


def simple(name):
    """A class whose text needs nothing but the message's own parts and the expression at the crash."""
    def detect(case):
        node = case.expression()
        params = {**{key: value for key, value in case.groups.items() if value}, "text":
                  case.text(node) if node is not None else case.lines[case.line - 1].strip()
                  if case.line <= len(case.lines) else "", "message": case.message[:200]}
        return [finding(name, params, [], node)]
    return detect
