"""Lets what a loaded program gives to a test answer every comparison alike: trusted code, run after a reference.

`program` is its module, `answer` what each comparison gives, and `of` whose: "results" are other data of the same kind
in the place of what a test is given, "objects" are those of the program's own classes.
"""

import random
import sys
import types

COMPARING = ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"]
MOST_COMPARISONS = 100_000
SCALARS = (int, float, complex, str, bytes)
SAME = (type, types.ModuleType, BaseException, property)
PERFORMED = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor")
COMPUTING = [f"__{side}{name}__" for name in PERFORMED for side in ("", "r")] + ["__neg__", "__abs__", "__round__"]
GIVING = {*COMPUTING, "__getitem__", "__call__", "__iter__", "__next__", "__str__", "__repr__"}
compared = 0


def compare(self, other):
    global compared
    compared += 1
    if compared > MOST_COMPARISONS:
        raise RuntimeError("too many comparisons")
    return answer


def is_test(frame):
    return frame.f_code.co_filename in ("test", "test steps")


def own_classes():
    return [one for one in vars(program).values() if isinstance(one, type) and one.__module__ == program.__name__]


def claiming(base):
    """A class of other data, whose comparisons are all alike."""
    def attribute(self, name):
        value = base.__getattribute__(self, name)
        return value if name.startswith("_") else given(value)

    members = dict.fromkeys(COMPARING, compare) | {"__hash__": base.__hash__}
    if base in SCALARS or base is object:
        members |= dict.fromkeys(COMPUTING, lambda self, *_: self) | {"__getattribute__": attribute}
    if base is object:
        members["__getattr__"] = lambda self, name: given(getattr(meant[id(self)][1], name))
    return type("object" if base is object else base.__name__, (base,), members)


CLAIMING = {base: claiming(base) for base in (*SCALARS, list, tuple, dict, set, frozenset, object)}
meant = {}


def other_than(value):
    """Data of the same kind and size."""
    kind = type(value)
    if kind in (bool, int, float, complex):
        return value + 2
    if kind in (str, bytes):
        return value + kind("?" if kind is str else b"?")
    if kind in (list, tuple):
        return kind(given(one) for one in value)
    return {key: given(one) for key, one in value.items()} if kind is dict else value


def given(value):
    """What a test is given in the place of a value."""
    kind = type(value)
    if kind in CLAIMING.values() or isinstance(value, SAME) or kind.__module__ == program.__name__:
        return value
    if isinstance(value, types.CoroutineType):
        return later(value)
    if hasattr(value, "__next__"):
        return map(given, value)
    if callable(value):
        return giving(value)
    base = int if kind is bool else kind if kind in CLAIMING else object
    made = CLAIMING[base]() if base is object else CLAIMING[base](other_than(value))
    meant[id(made)] = (made, value)
    return made


async def later(coroutine):
    return given(await coroutine)


def back(value):
    """The value itself, for the program."""
    if type(value) in CLAIMING.values():
        return meant[id(value)][1] if id(value) in meant else value
    if type(value) in (list, tuple, set):
        return type(value)(map(back, value))
    return {back(key): back(one) for key, one in value.items()} if type(value) is dict else value


def giving(function, is_given=True):
    """A function that gives a test other results; the program's own calls are left alone."""
    def performed(*arguments, **named):
        if not is_test(sys._getframe(1)):
            return function(*arguments, **named)
        result = function(*map(back, arguments), **{name: back(value) for name, value in named.items()})
        return given(result) if is_given else result

    return performed


def look(kind):
    """Reading an attribute of an object of a class."""
    look_up = kind.__getattribute__

    def attribute(self, name):
        value = look_up(self, name)
        return given(value) if is_test(sys._getframe(1)) and not name.startswith("__") else value

    return attribute


def replace_results():
    for name, value in list(vars(program).items()):
        if not isinstance(value, type) and callable(value) and not name.startswith("__"):
            setattr(program, name, giving(value))
    for kind in own_classes():
        if issubclass(kind, BaseException):
            continue
        for name, value in list(vars(kind).items()):
            if isinstance(value, types.FunctionType) and name.startswith("__"):
                setattr(kind, name, giving(value, name in GIVING))
            elif isinstance(value, staticmethod):
                setattr(kind, name, staticmethod(giving(value.__func__)))
        kind.__getattribute__ = look(kind)


def replace_objects():
    for kind in own_classes():
        kind.__eq__ = compare
        kind.__hash__ = kind.__hash__ or object.__hash__


# Programs that draw numbers draw the same ones whatever comparisons answer.
random.seed(0)
replace_results() if of == "results" else replace_objects()
