# What programs print, or do step by step; each in a namespace and a folder of its own.

import json
import os
import tempfile
import traceback


def output_of(source, stdin):
    printed = io.StringIO()
    kept = sys.stdin, sys.stdout
    sys.stdin, sys.stdout = io.StringIO(stdin), printed
    try:
        exec(compile(source, '<program>', 'exec'), {'__name__': '__main__'})
    except Exception as error:
        # The last line of the traceback, which Python itself writes.
        print(traceback.format_exception(error)[-1], file=printed)
    finally:
        sys.stdin, sys.stdout = kept
    return '\n'.join(line.rstrip() for line in printed.getvalue().split('\n')).strip()


def run(text):
    shown = []
    for asked in json.loads(text):
        with tempfile.TemporaryDirectory() as folder:
            before = os.getcwd()
            os.chdir(folder)
            try:
                source = asked['code']
                shown.append(steps_of(source) if asked['steps'] else output_of(source, asked['stdin']))
            finally:
                os.chdir(before)
    return shown
