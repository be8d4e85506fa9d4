"""Reads Python, never runs it: an object {files: [text], comments: bool} in, a list of [[rule, severity, line, message]] or an error text per file out."""
import ast
import io
import re
import sys
import tokenize
import warnings

NOSEC = re.compile(r"#\s*nosec:?\s*(?P<ids>[^#]*)")


def on_text(tree, node):
    value = node.value
    parent = tree.parents.get(node)
    if isinstance(parent, ast.Expr):
        return
    if value == "0.0.0.0" or value == "::":
        yield "B104", MEDIUM, "The service listens on all interfaces."
    if value.startswith(("/tmp", "/var/tmp", "/dev/shm")):
        yield "B108", MEDIUM, "Others can write to the folder, and so place a file or link under that name first."
    yield from on_password(tree, node, parent)
    yield from on_sql(tree, node, parent)


def on_password(tree, node, parent):
    names = []
    if isinstance(parent, ast.Assign) and parent.value is node:
        names = [t.slice.value if isinstance(t, ast.Subscript) and text_of(t.slice) else last(t) for t in parent.targets]
    elif isinstance(parent, (ast.AnnAssign, ast.NamedExpr)) and parent.value is node:
        names = [last(parent.target)]
    elif isinstance(parent, ast.Compare) and parent.comparators[0] is node:
        names = [last(parent.left) if not isinstance(parent.left, ast.Constant) else None]
    elif isinstance(parent, ast.Dict) and node in parent.values:
        names = [text_of(parent.keys[parent.values.index(node)])]
    name = next((n for n in names if isinstance(n, str) and PASSWORD.search(n)), None)
    if name:
        yield "B105", LOW, f"'{name}' is compared with or given a hard-coded password."


def on_sql(tree, node, parent):
    whole, outer, text = None, parent, node.value
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Add, ast.Mod)):
        whole = parent
        while isinstance(tree.parents.get(whole), ast.BinOp):
            whole = tree.parents[whole]
        if first_text(whole) is not node:
            return
        text = joined(whole)
        if all_text(whole):
            return
        outer = tree.parents.get(whole)
    elif isinstance(parent, ast.Attribute) and parent.attr in ("format", "replace") and isinstance(tree.parents.get(parent), ast.Call):
        whole, outer = tree.parents[parent], tree.parents.get(tree.parents[parent])
    elif isinstance(parent, ast.JoinedStr) and parent.values and any(isinstance(v, ast.FormattedValue) for v in parent.values):
        if next((v for v in parent.values if isinstance(v, ast.Constant)), None) is not node:
            return
        whole, outer = parent, tree.parents.get(parent)
        text = "".join(v.value if isinstance(v, ast.Constant) else "?" for v in parent.values)
    if whole is not None and SQL.search(text[:20_000]):
        yield "B608", MEDIUM, "SQL is put together from text and values, so that values can change its meaning.", whole


def pieces(node):
    """The operands of a chain of + and %, from left to right; the chain is walked, not recursed into."""
    found, pending = [], [node]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.BinOp):
            pending.extend((part.right, part.left))
        else:
            found.append(part)
    return found


def first_text(node):
    return next((p for p in pieces(node) if text_of(p) is not None), None)


def joined(node):
    return "".join(text_of(p) or "?" for p in pieces(node))


def all_text(node):
    return all(isinstance(p, ast.Constant) for p in pieces(node))


def on_node(tree, node):
    if isinstance(node, ast.Call):
        yield from on_call(tree, node)
        if tree.name(node.func) == "exec":
            yield "B102", MEDIUM, "exec runs whatever the text says."
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from on_text(tree, node)
    elif isinstance(node, ast.Import):
        for name in node.names:
            yield from on_import(name.name)
    elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        for name in node.names:
            yield from on_import(node.module + "." + name.name)
    elif isinstance(node, ast.Assert):
        yield "B101", LOW, "Assertions vanish when Python is started with -O."
    elif isinstance(node, ast.ExceptHandler):
        yield from on_handler(node)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield from on_function(node)


def on_handler(node):
    broad = node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
    if broad and len(node.body) == 1:
        if isinstance(node.body[0], ast.Pass):
            yield "B110", LOW, "Every error is silenced, also those that tell of an attack."
        elif isinstance(node.body[0], ast.Continue):
            yield "B112", LOW, "Every error is silenced, also those that tell of an attack."


def on_function(node):
    places = node.args.posonlyargs + node.args.args
    pairs = list(zip(places[len(places) - len(node.args.defaults):], node.args.defaults)) + list(zip(node.args.kwonlyargs, node.args.kw_defaults))
    for argument_, default in pairs:
        if text_of(default) and PASSWORD.search(argument_.arg):
            yield "B107", LOW, f"'{argument_.arg}' has a hard-coded password as its default.", default
        if default is not None and last(default) in BAD_TLS:
            yield "B503", MEDIUM, f"'{argument_.arg}' has a broken protocol version as its default.", default


def on_characters(text):
    for number, line in enumerate(text.splitlines(), 1):
        if any(c in line for c in BIDI):
            yield ["B613", HIGH, number, number, "Hidden characters change the order in which the code is shown."]


def find(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = Tree(text)
    found = list(on_characters(text))
    for node in tree.nodes:
        for result in on_node(tree, node):
            place = result[3] if len(result) > 3 else node
            found.append([result[0], result[1], place.lineno, place.end_lineno or place.lineno, result[2]])
    return found


def allowed(text):
    """Lines with a nosec comment, and the rules it names; None for all."""
    lines = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            match = NOSEC.search(token.string) if token.type == tokenize.COMMENT else None
            if match:
                words = [NICKNAMES.get(w, w) for w in re.split(r"[\s,]+", match["ids"]) if w]
                lines[token.start[0]] = {w for w in words if re.fullmatch(r"B\d{3}", w)} or None
    except (tokenize.TokenError, SyntaxError):
        pass
    return lines


def scan(text, comments):
    try:
        found = find(text)
    except SyntaxError as e:
        return f"line {e.lineno or 0} is not valid Python {sys.version_info.major}.{sys.version_info.minor}"
    except (ValueError, RecursionError, MemoryError) as e:
        return "the file cannot be parsed: " + (str(e) or type(e).__name__)
    skip = allowed(text) if comments and "nosec" in text else {}
    silenced = lambda f: any(line in skip and (skip[line] is None or f[0] in skip[line]) for line in range(f[2], min(f[3], f[2] + 200) + 1))
    return [[f[0], f[1], f[2], f[4]] for f in found if not silenced(f)]


def answer(request):
    return [scan(text, request["comments"]) for text in request["files"]]
