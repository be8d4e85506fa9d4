"""Parses Python, never runs it. Reads a JSON list of {path, text} on standard input and writes a list of error lists."""
import json
import sys
import warnings


def check(path, text):
    found = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(text, path, "exec", dont_inherit=True)
        except SyntaxError as e:
            found.append([type(e).__name__, e.lineno or 0, e.offset or 0, e.msg or "invalid syntax", True])
        except (ValueError, RecursionError, MemoryError, OverflowError) as e:
            found.append([type(e).__name__, 0, 0, str(e) or "the file cannot be parsed", True])
    for w in caught:
        found.append([w.category.__name__, w.lineno or 0, 0, str(w.message), False])
    return found


json.dump([check(f["path"], f["text"]) for f in json.load(sys.stdin)], sys.stdout)
