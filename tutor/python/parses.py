"""Which of several texts Python can compile, and where it stops in the others: trusted code.

`run(text)` takes JSON {"programs": [text], "enough": number} and returns for each program None when it compiles, or
(stage, type, message, line, column, end_line, end_column): stage 0 when it does not parse, 1 when it parses but breaks a
rule such as "return outside function". Programs after the `enough`th that compiles are not read: they are False.
"""

import ast
import json
import warnings


def parses(source):
    try:
        compile(source, "<program>", "exec", ast.PyCF_ONLY_AST, True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def fault(source):
    try:
        compile(source, "<program>", "exec", 0, True)
    except SyntaxError as error:
        place = (error.lineno or 1, error.offset or 1, error.end_lineno or 0, error.end_offset or 0)
        return (int(parses(source)), type(error).__name__, error.msg or "invalid syntax", *place)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return (0, type(error).__name__, str(error), 1, 1, 0, 0)
    return None


def run(text):
    asked = json.loads(text)
    results, left = [], asked["enough"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for source in asked["programs"]:
            found = fault(source) if left > 0 else False
            left -= found is None
            results.append(found)
    return results
