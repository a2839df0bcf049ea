"""Why a program ended as it did, from the text of the program and what `probe.py` saw: `run(JSON)` gives JSON.

Asked are {cases: [{source, facts, kind, groups}], known}; for each case the answer is a list of findings, the likeliest
first: {class, params, line, column, edits: [{line, column, end_line, end_column, old, new, program}], made?}.
"""

import ast
import json

MAX_EDITS = 4
DETECTORS = {
    "name": name_error, "unbound": unbound_error, "attribute": attribute_error, "module-attribute": module_attribute,
    "class-attribute": class_attribute, "import": import_error, "unsupported": unsupported, "concat": concat,
    "compared": compared, "not-callable": not_callable, "count": wrong_count, "keyword": keyword_unexpected,
    "keyword-twice": keyword_twice, "builtin-count": builtin_count, "takes-nothing": class_takes_nothing,
    "not-subscriptable": not_subscriptable, "not-iterable": not_iterable, "unhashable": unhashable,
    "no-assignment": no_assignment, "index-type": index_type, "join": joined, "multiplied": multiplied,
    "integer": not_an_integer, "no-length": no_length, "int-argument": int_argument, "literal": bad_literal,
    "unary": unary, "argument-type": argument_type, "index": index_error, "empty-pop": empty_pop, "key": key_error,
    "zero": zero_division, "unpack": unpacking, "not-found": not_found, "domain": domain,
    "empty-extreme": empty_extreme, "random-range": empty_range, "empty-separator": empty_separator,
    "step-zero": step_zero, "closed-file": closed_file, "format-code": format_code, "percent": percent_format,
    "recursion": recursion, "loop": endless, "raised": own_raise, "assertion": assertion, "input": end_of_input,
    "file": file_error, "file-mode": not_readable, "encoding": encoding, "overflow": overflow,
    "changed": changed_in_loop, "next": no_next, "interrupted": interrupted, "exit": left, "memory": memory,
    "json": json_error, "pattern": pattern_error, "syntax": text_program, "read-only": read_only, "special": special_method, "other": deepest,
}


def offset_of(starts, line, column, lines):
    """The offset in characters of a place that Python gives in bytes of UTF-8."""
    if line > len(lines):
        return starts[-1]
    return starts[line - 1] + len(lines[line - 1].encode()[:column].decode(errors="ignore"))


def applied(case, edit):
    """The edit with its old text and the program that it makes; columns count characters from 1."""
    lines = case.source.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    line, column, end_line, end_column, new = edit
    begin = offset_of(starts, line, column, lines)
    end = offset_of(starts, end_line, end_column, lines)
    if begin > end:
        return None
    old = case.source[begin:end]
    program = case.source[:begin] + new + case.source[end:]
    if program == case.source:
        return None
    return {"line": line, "column": begin - starts[line - 1] + 1, "end_line": end_line,
            "end_column": end - starts[end_line - 1] + 1, "old": old, "new": new, "program": program}


def parses(program):
    try:
        compile(program, "program", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def characters(case, line, column):
    text = case.lines[line - 1] if 0 < line <= len(case.lines) else ""
    return len(text.encode()[:column].decode(errors="ignore")) + 1


def answer(case, found):
    line, column = found["place"] or (case.line, case.frame.get("column") or 0)
    edits = [applied(case, one) for one in [*found["edits"][: MAX_EDITS * 2], *resorts(case, found)]]
    usable = [one for one in edits if one is not None and parses(one["program"])]
    different = list({one["program"]: one for one in usable}.values())[:MAX_EDITS]
    origin = found["made"]
    if origin is not None:
        origin = {key: value for key, value in origin.items() if key in ("line", "text", "why", "detail")}
    params = {key: str(value) for key, value in found["params"].items()}
    return {"class": found["class"], "params": params, "line": line, "column": characters(case, line, column),
            "edits": different, **({"made": origin} if origin is not None and origin["line"] != line else {})}


def detector_of(case, kind):
    """What a statement of the program raises itself is told as such, whatever it is."""
    statement = case.statement()
    column = case.frame.get("column")
    if isinstance(statement, ast.Raise) and case.facts.get("inside") is None and kind != "simple:not-an-exception" \
            and (column is None or column <= statement.col_offset) and kind not in ("name", "loop", "recursion"):
        return own_raise
    return simple(kind.split(":")[1]) if kind.startswith("simple:") else DETECTORS[kind]


def explained(asked, known):
    case = Case(asked["source"], asked["facts"], asked["groups"])
    case.known = known
    found = detector_of(case, asked["kind"])(case)
    return [answer(case, one) for one in found]


def run(text):
    asked = json.loads(text)
    return json.dumps([explained(one, asked["known"]) for one in asked["cases"]])
