"""Reads a unittest or pytest file as tests of an exercise: trusted code, after the files that `scripts.ts` names.

`run(text)` takes JSON {source, reference?, module?} and returns JSON {module, entry, kind, helpers, title, tests,
skipped: [[line, message]]}.
"""

import json

MOST_STEPS = 200


def run(asked):
    asked = json.loads(asked)
    file = File(asked["source"], asked.get("module"))
    world = World(file, asked.get("reference"))
    tests = []
    for case in file.cases():
        if len(tests) >= 1000:
            file.skip(case.node, "more than 1,000 tests")
            break
        try:
            one = read_case(file, world, case)
        except Unsupported as found:
            file.skip(found if found.line else case.node, f"{case.name}: {found}")
        except RecursionError:
            file.skip(case.node, f"{case.name}: nested too deeply")
        else:
            tests.append(one)
    world.begin()
    tests = list({json.dumps({**one, "note": ""}): one for one in reversed(tests)}.values())[::-1]
    return json.dumps({
        "module": file.module, "entry": file.entries(tests), "kind": file.kind(tests), "helpers": file.helpers(tests),
        "title": file.title(), "tests": tests, "skipped": sorted(file.skipped),
    })


def read_case(file, world, case):
    world.begin()
    reader = Reader(file, world, case.owner)
    for statement in case.before:
        reader.statement(located(statement, case.node))
    for target, value in case.patches:
        reader.patch(case.node, target, value)
    reader.body(case.body)
    reader.flush()
    steps = reader.steps
    undone = [f"{name}.undo()\n" for name, _ in SHIMS.items() if f"{name.capitalize()}()" in str(steps)]
    if undone:
        steps.append({"do": "".join(undone)})
    steps = pruned(steps)
    if not steps:
        raise Unsupported(case.node, "it asserts nothing")
    if len(steps) > MOST_STEPS:
        raise Unsupported(case.node, f"more than {MOST_STEPS} steps")
    patch = {"patch": reader.patches} if reader.patches else {}
    note = {"note": case.name[:500]}
    if len(steps) == 1 and "call" in steps[0]:
        return {**steps[0], **patch, **note}
    return {"steps": steps, **patch, **note}
