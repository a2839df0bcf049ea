"""Where the Python in an exercise file does not parse: trusted code.

`run(text)` takes JSON [[mode, text]], mode "eval" or "exec", and returns for each None or (line, column, message).
"""

import json


def fault(mode, text):
    try:
        compile(text.strip() if mode == "eval" else text, "exercise", mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        return (line or 1, column or 1, getattr(error, "msg", str(error)))
    return None


def run(text):
    return [fault(mode, source) for mode, source in json.loads(text)]
