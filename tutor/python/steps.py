"""What each line of a student's program does to its variables: for an interpreter that is not trusted, after `values.py`.

`run(text)` takes JSON {code, stdin} and returns the steps as `steps_of` tells them, the first of them only where they are many.
"""

import json


def run(text):
    asked = json.loads(text)
    sys.stdin = io.StringIO(asked["stdin"])
    return steps_of(asked["code"])
