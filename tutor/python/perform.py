"""What a program does with the inputs of an exercise: trusted code, for `mutants.py`.

An input is {call} | {steps, before?, after?} | {stdin}, with files? and reads?. An outcome is ("value", value,
printed), ("raised", names of the exception's classes, message, first argument), ("output", printed, {file: text}) or
("steps", outcomes of the steps).
"""

import io
import os
import sys

MISSING = object()


class Steps(BaseException):
    """Raised in a program that takes too many steps."""


def clear(folder):
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            clear(path)
            os.rmdir(path)
        else:
            os.unlink(path)


def place(files):
    clear(".")
    for path, text in files.items():
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(path, "w", newline="") as file:
            file.write(text)


def read(path):
    try:
        with open(path, newline="") as file:
            return file.read()
    except OSError:
        return None


def follow(namespace, names, seen):
    """Shows a test the program's names as they are, but for those that the test has assigned itself."""
    for name, value in namespace.items():
        if seen.get(name, MISSING) is not value:
            if names.get(name, MISSING) is seen.get(name, MISSING):
                names[name] = value
            seen[name] = value


def raised(error):
    first = error.args[0] if error.args and isinstance(error.args[0], str) else None
    return ("raised", [kind.__name__ for kind in type(error).__mro__], str(error)[:2000], first)


def take(step, names):
    """What one step of a test gives, and what it prints."""
    printed = io.StringIO()
    before, sys.stdout = sys.stdout, printed
    try:
        if "do" in step:
            exec(step["do"], names)
            value = None
        else:
            value = eval(step["call"], names)
            if "by" in step:
                try:
                    value = eval(step["by"], {**names, "result": value})
                except Exception:
                    pass
        return ("value", value, printed.getvalue())
    except Steps:
        raise
    except BaseException as error:
        return raised(error)
    finally:
        sys.stdout = before


def perform_steps(given, namespace):
    names, seen = {}, {}
    try:
        for text in given["before"]:
            follow(namespace, names, seen)
            exec(text, names)
        results = []
        for step in given["steps"]:
            follow(namespace, names, seen)
            results.append(take(step, names))
        return ("steps", results)
    finally:
        for text in given["after"]:
            exec(text, names)


def perform(program, module_name, prelude, given):
    """What the program does with one input."""
    printed = io.StringIO()
    before = sys.stdin, sys.stdout
    if given.get("files") is not None:
        place(given["files"])
    sys.stdin, sys.stdout = io.StringIO(given.get("stdin") or ""), printed
    whole = "call" not in given and "steps" not in given
    shadowed = sys.modules.get(module_name)
    module = type(sys)(module_name)
    sys.modules[module_name] = module
    module.__dict__.update({"__name__": "__main__" if whole else module_name, "__builtins__": __builtins__})
    namespace = module.__dict__
    try:
        if prelude is not None:
            exec(prelude, namespace)
        exec(program, namespace)
        if "steps" in given:
            return perform_steps(given, namespace)
        if not whole:
            return ("value", eval(given["call"], namespace), printed.getvalue())
    except SystemExit as error:
        if not whole or error.code not in (None, 0):
            return ("raised", ["SystemExit", "BaseException"], "", None)
    except Steps:
        raise
    except BaseException as error:
        return raised(error)
    finally:
        sys.stdin, sys.stdout = before
        if shadowed is not None:
            sys.modules[module_name] = shadowed
    return ("output", printed.getvalue(), {path: read(path) for path in given.get("reads", [])})


def compiled(given):
    """A test with code objects for its texts."""
    if "call" in given:
        return {**given, "call": compile(given["call"].strip(), "test", "eval")}
    if "steps" not in given:
        return given
    modes = {"do": "exec", "call": "eval", "by": "eval"}

    def codes(step):
        return {key: compile(text if key == "do" else text.strip(), "test", modes[key]) for key, text in step.items()}

    steps = [codes(step) for step in given["steps"]]
    around = {key: [compile(text, "test", "exec") for text in given.get(key, [])] for key in ("before", "after")}
    return {**given, **around, "steps": steps}
