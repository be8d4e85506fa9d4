"""Proposes fixes for one error in a Python file, without running it. Takes {text, code, line, column, message} and
gives a list of {start, end, text, fix, why, cost}: the text to put between two places, counted in UTF-16. For errors of the parser only what brings it further is proposed."""
import ast
import builtins
import difflib
import importlib
import io
import keyword
import re
import sys
import tokenize

QUIET = ("math re os sys json random datetime collections itertools functools string time statistics decimal fractions operator copy "
         "heapq bisect typing enum dataclasses textwrap pathlib io csv hashlib base64 uuid abc contextlib types calendar secrets").split()
# Looked into only where the file names them: they take longer to load.
LOADED = "asyncio logging threading subprocess sqlite3 argparse shutil glob tempfile queue traceback inspect struct array zlib hmac html unicodedata pprint reprlib urllib.parse".split()
WORDS = {"true": "True", "false": "False", "TRUE": "True", "FALSE": "False", "null": "None", "none": "None", "nil": "None", "NULL": "None", "undefined": "None", "this": "self", "xrange": "range",
         "raw_input": "input", "unicode": "str", "unichr": "chr", "long": "int", "println": "print", "puts": "print", "echo": "print", "printf": "print", "length": "len", "size": "len", "count": "len",
         "parseInt": "int", "parseFloat": "float", "String": "str", "string": "str", "Integer": "int", "boolean": "bool", "Boolean": "bool", "Array": "list", "double": "float", "Error": "Exception",
         "IllegalArgumentException": "ValueError", "ArgumentException": "ValueError", "char": "str", "List": "list", "Dict": "dict", "Math": "math", "console": "print"}
MEMBERS = [["append", "push", "add", "Add", "push_back", "append_all"], ["upper", "toUpperCase", "ToUpper", "upcase", "toUpper"], ["lower", "toLowerCase", "ToLower", "downcase", "toLower"],
           ["strip", "trim", "Trim"], ["lstrip", "trimStart", "ltrim"], ["rstrip", "trimEnd", "rtrim", "chomp"], ["startswith", "startsWith", "StartsWith", "hasPrefix"], ["endswith", "endsWith", "EndsWith", "hasSuffix"],
           ["replace", "replaceAll", "gsub", "Replace"], ["find", "indexOf", "IndexOf"], ["index", "indexOf"], ["extend", "addAll", "concat", "AddRange"], ["keys", "keySet", "Keys"], ["values", "Values"], ["items", "entrySet", "entries"],
           ["get", "getOrDefault", "TryGetValue"], ["sort", "Sort"], ["reverse", "Reverse"], ["remove", "delete", "Remove"], ["insert", "unshift"], ["isdigit", "isDigit", "isNumeric"], ["isalpha", "isLetter"], ["split", "Split"], ["join", "Join"],
           ["count", "Count"], ["copy", "clone"], ["clear", "Clear"], ["add", "append", "push"], ["union", "addAll"], ["sqrt", "squareRoot", "Sqrt"], ["floor", "Floor"], ["ceil", "ceiling", "Ceil"]]
ALIASES = {"np": "import numpy as np", "pd": "import pandas as pd", "plt": "import matplotlib.pyplot as plt", "tk": "import tkinter as tk", "ET": "import xml.etree.ElementTree as ET", "dt": "import datetime as dt"}
HEADERS = ("def", "class", "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "match", "case", "async")
FOREIGN = [(r"\belse\s+if\b", "elif"), (r"\belsei?f\b", "elif"), (r"&&", " and "), (r"\|\|", " or "), (r"!(?=\w|\()", "not "), (r"\b(\w+)\+\+", r"\1 += 1"), (r"\b(\w+)--", r"\1 -= 1"), (r"\bfunction\s+", "def "), (r"\b(?:func|fn|fun|sub)\s+(?=\w+\s*\()", "def "),
           (r"^(\s*)(?:var|let|const|auto|int|string|String|float|double|bool)\s+(?=\w+\s*=)", r"\1"), (r"\bnew\s+(?=\w+\s*\()", ""), (r";\s*$", ""), (r"<>", "!="), (r"===", "=="), (r"!==", "!="), (r"\s*\{\s*$", ":"), (r"^(\s*)//", r"\1#"), (r";\s*//\s", "  # "), (r"\s//\s+([^/]*)$", r"  # \1"),
           (r"^(\s*)print\s+(.+)$", r"\1print(\2)"), (r"\bexcept\s+([\w.]+)\s*,\s*(\w+)", r"except \1 as \2"), (r"\bcatch\b", "except"), (r"\bthrow\s+(?:new\s+)?", "raise "), (r"\braise\s+(\w+)\s*,\s*(.+)$", r"raise \1(\2)"), (r"\bforeach\s+", "for "),
           (r"\bfor\s+(\w+)\s+(?!in\b)(\w)", r"for \1 in \2"), (r"\bfor\s*\(\s*(\w+)\s+(?:in|of)\s+(.+?)\)\s*:?\s*\{?$", r"for \1 in \2:"), (r"\bimport\s+(\w[\w, ]*)\s+from\s+(\w+)", r"from \2 import \1"), (r"\bdo\s*:", ":"), (r"\bthen\b\s*:?", ":"),
           (r"=>", ">="), (r"=<", "<="), (r"\bnull\b", "None"), (r"\bif\s+(.*?[^=!<>])=([^=].*)", r"if \1==\2"), (r"\bwhile\s+(.*?[^=!<>])=([^=].*)", r"while \1==\2"), (r"\belif\s+(.*?[^=!<>])=([^=].*)", r"elif \1==\2"), (r"\b0(\d+)\b", r"0o\1"), (r"\\[ \t]+$", r"\\"),
           (r"`([^`]*)`", r"repr(\1)"), (r"->\s*(\w+)\s*$", r"-> \1:"), (r"\bdefault\s*:", "case _:"), (r"\bswitch\b", "match"), (r"\bpublic\s+|\bprivate\s+|\bstatic\s+", ""), (r"\bconstructor\s*\(", "def __init__("), (r"\?\?", " or "), (r"\bNULL\b", "None")]
MOST_EDITS, MOST_CHARACTERS = 12, 1_200_000
PARSER = "The parser could not go on here; written like this it can."


def error_of(text):
    try:
        compile(text, "file.py", "exec", dont_inherit=True)
    except SyntaxError as e:
        return e
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return SyntaxError("unreadable")
    return None


def syntax(text, line, message):
    lines = text.split("\n")
    at = min(max(line - 1, 0), len(lines) - 1)
    seen, good, further = {text}, [], []

    def attempt(new, fix, cost, why=PARSER):
        if new in seen or len(seen) > 1500:
            return
        seen.add(new)
        error = error_of(new)
        if error is None:
            good.append({"text": new, "fix": fix, "why": why, "cost": cost})
        elif (error.lineno or 0) > line + 1:
            further.append({"text": new, "fix": fix, "why": why, "cost": cost + 0.5})

    def with_line(n, new, fix, cost, why=PARSER):
        attempt("\n".join(lines[:n] + [new] + lines[n + 1:]), fix, cost, why)

    if "\t" in text:
        attempt(text.expandtabs(4), "tabs -> four spaces", 0.5, "Python counts a tab differently from spaces; with spaces only, lines that look alike are alike.")
    plain = text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'", 0xA0: " ", 0x200B: None, 0xFEFF: None, 0x2013: "-", 0x2212: "-"})
    attempt(plain, "typographic characters -> plain ones", 0.5, "Quotes and spaces of a word processor mean nothing to Python.")
    around = "Fences and sentences belong to the answer that the code came in, not to the code."
    fenced = [l for l in lines if not l.strip().startswith(("```", "~~~"))]
    if len(fenced) < len(lines):
        attempt("\n".join(fenced), "remove the fences", 0.5, around)
    said = [("# " + l if re.match(r"[A-Z][\w'\u2019-]*(?:,? [\w'\u2019`-]+){2,}[.:!]?\s*$", l) else l) for l in lines]
    attempt("\n".join(said), "make comments of the sentences", 0.6, around)
    attempt("\n".join(l for l in said if not l.strip().startswith(("```", "~~~"))), "remove the fences, make comments of the sentences", 0.7, around)
    near = [n for n in (at, at - 1, at + 1) if 0 <= n < len(lines)]
    opened = re.search(r"on line (\d+)", message)
    if opened and 0 < int(opened[1]) <= len(lines):
        near.append(int(opened[1]) - 1)
    for n in near:
        code, comment = split_comment(lines[n])
        stripped = code.rstrip()
        word = stripped.split("(")[0].split()[:1]
        if word and word[0].rstrip(":") in HEADERS and not stripped.endswith(":"):
            with_line(n, stripped + ":" + comment, "insert missing :", 0.5, "A line that opens a block ends with a colon.")
        for closer in (")", "]", "}", '"', "'", '"""', "))", ")]", "])"):
            with_line(n, stripped + closer + comment, f"insert missing {closer}", 0.9 + 0.1 * len(closer))
            if stripped.endswith((":", ")", ",")):
                with_line(n, stripped[:-1] + closer + stripped[-1] + comment, f"insert missing {closer}", 0.8 + 0.1 * len(closer))
            if stripped.endswith("):"):
                with_line(n, stripped[:-2] + closer + stripped[-2:] + comment, f"insert missing {closer}", 0.9 + 0.1 * len(closer))
        if code.count('"') % 2 and code.count("'") % 2:
            for found in re.finditer("[\"']", lines[n]):
                with_line(n, lines[n][:found.start()] + ("'" if found[0] == '"' else '"') + lines[n][found.end():], "the same quote on both sides", 0.6)
        inner = re.sub(r"(\{[^{}\"\n]*\[)\"(\w+)\"(\])", r"\1'\2'\3", lines[n])
        with_line(n, inner, "single quotes inside", 0.6, "Before Python 3.12 an f-string cannot hold its own quotes.")
        for word in re.finditer(r"[A-Za-z_]\w{3,}", lines[n]):
            for i in range(2, len(word[0]) - 1):
                if re.search(rf"(?<!\w){re.escape(word[0][i:])}(?!\w)", text) and not word[0][i:].isdigit():
                    for mark in ("(", ".", " "):
                        with_line(n, lines[n][:word.start() + i] + mark + lines[n][word.start() + i:], f"insert missing {mark.strip() or 'space'}", 1.1)
        for find, put in FOREIGN:
            changed = re.sub(find, put, lines[n])
            if changed != lines[n]:
                with_line(n, changed, f"{lines[n].strip()} -> {changed.strip()}", 1.0, "This is how another language, or an old Python, writes it.")
                if changed.split("(")[0].split()[:1] and changed.strip().split("(")[0].split()[0] in HEADERS and not changed.rstrip().endswith(":"):
                    with_line(n, changed.rstrip().rstrip("{").rstrip() + ":", f"{lines[n].strip()} -> {changed.strip()}:", 1.3, "This is how another language writes it.")
        for found in re.finditer(r"[A-Za-z_]\w+", lines[n]):
            for key in difflib.get_close_matches(found[0], keyword.kwlist, 2, 0.7):
                if key != found[0]:
                    with_line(n, lines[n][:found.start()] + key + lines[n][found.end():], f"{found[0]} -> {key}", 0.8, f"'{found[0]}' is no word of the language; '{key}' is, and is spelt almost the same.")
    expected = re.search(r"expect(?:ing|ed) '(.)'", message)
    for n in near if expected else []:
        for i in range(len(lines[n]), 0, -1):
            if i == len(lines[n]) or not lines[n][i].isalnum():
                with_line(n, lines[n][:i] + expected[1] + lines[n][i:], f"insert missing {expected[1]}", 0.9 + (0 if lines[n][i - 1].isalnum() else 0.2))
    indentation(lines, at, message, attempt)
    if "await" in message:
        for n in range(at, -1, -1):
            if re.match(r"\s*def ", lines[n]):
                with_line(n, re.sub(r"^(\s*)def ", r"\1async def ", lines[n]), "async def", 0.7, "await needs an async function around it.")
                break
    if not good:
        for n in near[:2]:
            brute(lines[n], lambda new, fix, cost, n=n: with_line(n, new, fix, cost))
    return good or further


def brute(line, attempt):
    places = [i for i in range(len(line) + 1) if i in (0, len(line)) or line[i - 1].isalnum() != line[i:i + 1].isalnum() or line[i] in "()[]{}\"',:"]
    for i in places:
        for text in (")", "(", "]", "[", "}", "{", ",", ":", '"', "'", "=", ".", " in ", " + ", "*"):
            attempt(line[:i] + text + line[i:], f"insert missing {text.strip()}", 2 + (0 if text in ")]},:\"'" else 0.4))
    for i, c in enumerate(line):
        if c in "()[]{}\"',:;.=":
            attempt(line[:i] + line[i + 1:], f"remove surplus {c}", 2.2)
    for one, other in (("(", "["), ("[", "("), (")", "]"), ("]", ")"), ("{", "("), ("}", ")"), (";", ","), (":", ","), (",", ":"), (".", ","), ("=", "=="), ("==", "=")):
        for found in re.finditer(re.escape(one), line):
            attempt(line[:found.start()] + other + line[found.end():], f"{one} -> {other}", 2.1)


def indentation(lines, at, message, attempt):
    why = "The lines of a block stand exactly as far to the right as each other, and further than the line that opens it."

    def width(n):
        return len(lines[n]) - len(lines[n].lstrip())

    def shifted(first, count, by):
        return lines[:first] + [(" " * by + l if by > 0 else l[-by:] if not l[:-by].strip() else l) if l.strip() else l for l in lines[first:first + count]] + lines[first + count:]

    if "indent" not in message and "outside function" not in message:
        return
    above = next((n for n in range(at - 1, -1, -1) if lines[n].strip()), None)
    levels = sorted({width(n) for n in range(at) if lines[n].strip()} | ({width(above) + 4} if above is not None else set()))
    run = 1
    while at + run < len(lines) and (not lines[at + run].strip() or width(at + run) >= width(at)) and run < 200:
        run += 1
    for level in levels:
        by = level - width(at)
        if by:
            closeness = abs(by) / 10 + (0 if above is not None and level in (width(above), width(above) + 4) else 0.4)
            attempt("\n".join(shifted(at, 1, by)), f"indent line {at + 1} by {level}", 0.8 + closeness, why)
            attempt("\n".join(shifted(at, run, by)), f"indent the block at line {at + 1} by {level}", 0.9 + closeness, why)
    # The line above slid out of the block that goes on here.
    if "unexpected indent" in message and above is not None:
        start = above
        while start > 0 and lines[start - 1].strip() and width(start - 1) == width(above):
            start -= 1
        for first in {above, start}:
            attempt("\n".join(shifted(first, above - first + 1, width(at) - width(above))), f"indent line {first + 1} like line {at + 1}", 0.7, why)
    if "expected an indented block" in message and above is not None:
        attempt("\n".join(lines[:above + 1] + [" " * (width(above) + 4) + "pass"] + lines[above + 1:]), "insert pass", 2.5, "A block must hold at least one statement; pass does nothing.")


def split_comment(line):
    try:
        for token in tokenize.generate_tokens(io.StringIO(line + "\n").readline):
            if token.type == tokenize.COMMENT:
                return line[:token.start[1]], line[token.start[1]:]
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return line, ""


def replaced(text, name, new, line=0, attribute=False):
    """The file with a name replaced at one line, or everywhere for line 0; in code only, never in strings."""
    found = []
    before = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and token.string == name and (line in (0, token.start[0])) and attribute == (before == "."):
                found.append(token.start)
            before = token.string
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return text
    lines = text.split("\n")
    for row, column in reversed(found):
        lines[row - 1] = lines[row - 1][:column] + new + lines[row - 1][column + len(name):]
    return "\n".join(lines)


def renamed(text, name, new):
    """The file with a name replaced everywhere in code, alone and after a dot."""
    return replaced(replaced(text, name, new), name, new, attribute=True)


def with_import(text, statement):
    lines = text.split("\n")
    at = 0
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) and node is tree.body[0]):
            at = node.end_lineno
    if at == 0:
        while at < len(lines) and lines[at].startswith("#"):
            at += 1
    return "\n".join(lines[:at] + [statement] + lines[at:])


def names(text, name, line):
    tree = ast.parse(text)
    out = []

    def give(new, fix, why, cost):
        if new != text and error_of(new) is None:
            out.append({"text": new, "fix": fix, "why": why, "cost": cost})

    unknown = f"Nothing defines '{name}' here"
    for found in re.finditer(rf"(?m)^(\s*){name} == (?=\S)", text):
        give(text[:found.start()] + f"{found[1]}{name} = " + text[found.end():], "== -> =", "A comparison alone does nothing; one = gives the name its value.", 0.3)
    if name in WORDS:
        give(replaced(text, name, WORDS[name], line), f"{name} -> {WORDS[name]}", f"'{name}' is another language's word; Python says '{WORDS[name]}'.", 0.7)
        give(replaced(text, name, WORDS[name]), f"{name} -> {WORDS[name]} everywhere", f"'{name}' is another language's word; Python says '{WORDS[name]}'.", 0.9)
    if name in sys.stdlib_module_names:
        give(with_import(text, f"import {name}"), f"import {name}", f"{unknown}; it is a module of the standard library.", 0.6 if re.search(rf"\b{name}\.", text) else 1.6)
    if name in ALIASES:
        give(with_import(text, ALIASES[name]), ALIASES[name], f"{unknown}; it is the usual short name of that module.", 1.4)
    for module in QUIET:
        if hasattr(importlib.import_module(module), name) and not name.startswith("_"):
            common = {"datetime": 0.8, "collections": 0.8, "math": 0.9, "typing": 0.9, "functools": 0.8, "dataclasses": 0.8, "pathlib": 0.8, "enum": 0.8, "abc": 0.8, "itertools": 0.8}.get(module, 1.5)
            give(with_import(text, f"from {module} import {name}"), f"from {module} import {name}", f"{unknown}; the standard library has it in '{module}'.", common)
    owner = method = None
    for cls in (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)):
        for function in (n for n in cls.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))):
            if line == 0 or function.lineno <= line <= (function.end_lineno or line):
                owner, method = cls, function
    if owner is not None:
        if name == "self":
            give(with_self(text, method), "add self to the parameters", "A method gets its object as the first parameter, called self.", 0.4)
        members = {n.attr for n in ast.walk(owner) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "self"} | {n.name for n in owner.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
        if name in members:
            give(replaced(text, name, f"self.{name}", line), f"{name} -> self.{name}", f"'{name}' belongs to the object and is reached through self.", 0.7)
    known = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {a.arg for a in ast.walk(tree) if isinstance(a, ast.arg)} | {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))}
    known |= {a.asname or a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names} | {n for n in dir(builtins) if not n.startswith("_")} | set(keyword.kwlist)
    for other, near in closest(name, known - {name}):
        give(replaced(text, name, other, line), f"{name} -> {other}", f"{unknown}; '{other}' exists and is spelt almost the same.", 0.6 + (1 - near) * 4)
        give(replaced(text, name, other), f"{name} -> {other} everywhere", f"{unknown}; '{other}' exists and is spelt almost the same.", 0.9 + (1 - near) * 4)
        if other not in dir(builtins) and not keyword.iskeyword(other):
            give(replaced(text, other, name), f"{other} -> {name} everywhere", f"'{name}' is used and '{other}' is defined; with one spelling they are the same.", 1.4 + (1 - near) * 4)
    return out


def closest(name, others):
    found = [(o, difflib.SequenceMatcher(None, name.lower(), o.lower()).ratio()) for o in others]
    return sorted((f for f in found if f[1] >= 0.72), key=lambda f: -f[1])[:5]


def with_self(text, function):
    lines = text.split("\n")
    for n in range(function.lineno - 1, min(len(lines), function.lineno + 3)):
        found = re.search(r"def\s+\w+\s*\(", lines[n])
        if found:
            rest = lines[n][found.end():]
            lines[n] = lines[n][:found.end()] + ("self" if rest.lstrip().startswith(")") else "self, ") + rest.lstrip()
            break
    return "\n".join(lines)


def members(text, attr, line, module):
    out = []

    def give(new, fix, why, cost):
        if new != text and error_of(new) is None:
            out.append({"text": new, "fix": fix, "why": why, "cost": cost})

    for group in MEMBERS:
        if attr in group[1:]:
            give(replaced(text, attr, group[0], line, True), f".{attr} -> .{group[0]}", f"'{attr}' is another language's name; Python calls it '{group[0]}'.", 0.9)
    if attr in ("length", "size", "count", "Length", "Count", "len"):
        give(re.sub(rf"([\w.]+)\.{attr}\b(?:\(\))?", r"len(\1)", text), f".{attr} -> len(...)", "The number of elements comes from the function len.", 1.1)
    # Set in a method without self, it was gone when the method ended.
    bare = [m for m in re.finditer(rf"(?m)^([ \t]+){attr}(?=(?:\s*:\s*\w+)? [-+*/]?= )", text)]
    for found in bare[:4]:
        give(text[:found.start()] + found[1] + "self." + attr + text[found.end():], f"{attr} -> self.{attr}", "A name alone is a variable of the method; the object keeps what is set through self.", 0.6)
    # Only others use the name: what the file declares under nearly that name is meant.
    if not re.search(rf"\.{attr}\b|\bdef {attr}\b|\bclass {attr}\b", text):
        declared = {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))} | {n.attr for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
        for other, near in closest(attr, declared):
            give(renamed(text, other, attr), f"{other} -> {attr} everywhere", f"'{attr}' is used and '{other}' is declared; with one spelling they are the same.", 0.6 + (1 - near) * 4)
    pool = set(dir(importlib.import_module(module))) if module in QUIET or module in LOADED else {a for t in (str, list, dict, set, tuple, int, float, bytes) for a in dir(t)}
    pool |= {n.attr for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Attribute)} | {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
    for other, near in closest(attr, {p for p in pool if not p.startswith("__")} - {attr}):
        give(replaced(text, attr, other, line, True), f".{attr} -> .{other}", f"There is no '{attr}'; '{other}' exists and is spelt almost the same.", 0.7 + (1 - near) * 4)
    return out


def calls(text, message):
    """Calls with one argument too many or too few: a method that lacks self."""
    out = []
    found = re.search(r"(?:(\w+)\.)?(\w+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given", message) or re.search(r"(?:(\w+)\.)?(\w+)\(\) missing \d+ required positional arguments?: '(\w+)'", message)
    for function in (n for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and found and n.name == found[2]):
        if not function.args.args or function.args.args[0].arg not in ("self", "cls"):
            new = with_self(text, function)
            if error_of(new) is None:
                out.append({"text": new, "fix": f"add self to {function.name}", "why": "A method gets its object as the first parameter, called self.", "cost": 0.6})
    return out


def propose(text, code, line, column, message):
    error = error_of(text)
    if error is not None:
        return syntax(text, error.lineno or line, f"{error.msg} {message}")
    name = re.search(r"name '(\w+)'", message) or re.search(r"variable '(\w+)'", message)
    if code in ("UndefinedName", "NameError", "UnboundLocalError") and name:
        return names(text, name[1], line)
    attr = re.search(r"attribute '(\w+)'", message)
    if code in ("UnknownAttribute", "AttributeError") and attr:
        module = re.search(r"module '(\w+)'", message)
        return members(text, attr[1], line, module[1] if module else "")
    module = re.search(r"No module named '(\w+)'", message)
    if module:
        near = difflib.get_close_matches(module[1], sorted(sys.stdlib_module_names), 3, 0.6)
        return [{"text": replaced(text, module[1], n), "fix": f"{module[1]} -> {n}", "why": f"There is no module '{module[1]}'; the standard library has '{n}'.", "cost": 1 + i / 5} for i, n in enumerate(near)]
    imported = re.search(r"cannot import name '(\w+)' from '(\w+)'", message)
    if imported and imported[2] not in QUIET and imported[2] not in sys.stdlib_module_names:
        declared = {n.name for n in ast.parse(text).body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
        return [{"text": renamed(text, n, imported[1]), "fix": f"{n} -> {imported[1]}", "why": f"'{imported[1]}' is imported and '{n}' is declared; with one spelling they are the same.", "cost": 1 + i / 5} for i, (n, _) in enumerate(closest(imported[1], declared))]
    if imported and imported[2] in QUIET:
        return [{"text": replaced(text, imported[1], n), "fix": f"{imported[1]} -> {n}", "why": f"'{imported[2]}' has no '{imported[1]}' but a '{n}'.", "cost": 1 + i / 5} for i, (n, _) in enumerate(closest(imported[1], set(dir(importlib.import_module(imported[2])))))]
    return calls(text, message) if code == "TypeError" else []


def common(one, other):
    """How many characters two texts have in common at their start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def edit(old, new):
    def units(text):
        return len(text.encode("utf-16-le", "surrogatepass")) // 2

    start = common(old, new)
    end = common(old[start:][::-1], new[start:][::-1])
    return {"start": units(old[:start]), "end": units(old[:len(old) - end]), "text": new[start:len(new) - end]}


def answer(request):
    edits, left = [], MOST_CHARACTERS
    for found in sorted(propose(**request), key=lambda f: f["cost"])[:MOST_EDITS]:
        change = edit(request["text"], found["text"])
        left -= len(change["text"])
        if left >= 0:
            edits.append({**found, **change})
    return edits
