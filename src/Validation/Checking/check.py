"""Parses Python, never runs it: a list of {path, text} in, a list of error lists out.

Beside syntax it reports, as warnings, what fails when the code runs: names that nothing defines, attributes that no module or
built-in type has and that are a slip away from one that exists, and default values that all calls share.
"""
import ast
import builtins
import importlib
import symtable
import warnings

# Modules that do nothing when they are imported, so that their names can be looked up.
QUIET = ("math re os sys json random datetime collections itertools functools string time statistics decimal fractions operator copy "
         "heapq bisect typing enum dataclasses textwrap pathlib io csv hashlib base64 uuid abc contextlib types calendar secrets").split()
ALWAYS = set(dir(builtins)) | {"__file__", "__name__", "__doc__", "__spec__", "__loader__", "__package__", "__builtins__", "__path__", "__class__", "__annotations__", "__module__", "__qualname__", "__dict__"}
TYPES = (str, list, dict, set, frozenset, tuple, int, float, bytes, bytearray, complex, type(None), type, BaseException, object)
MOST = 20


def distance(a, b, most=2):
    if abs(len(a) - len(b)) > most:
        return most + 1
    last, before = list(range(len(b) + 1)), None
    for i, x in enumerate(a, 1):
        now = [i]
        for j, y in enumerate(b, 1):
            now.append(min(last[j] + 1, now[-1] + 1, last[j - 1] + (x != y)))
            if before is not None and j > 1 and x == b[j - 2] and a[i - 2] == y:
                now[j] = min(now[j], before[j - 2] + 1)
        before, last = last, now
    return last[-1]


def is_open(tree):
    """Whether names may come from places that cannot be seen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "eval", "globals", "locals", "vars", "__import__", "setattr"):
            return True
    return False


def guarded(tree):
    """Names tried inside `try: ... except NameError`."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and any("NameError" in ast.dump(h.type) for h in node.handlers if h.type):
            names |= {n.id for part in node.body for n in ast.walk(part) if isinstance(n, ast.Name)}
    return names


class Places(ast.NodeVisitor):
    """Every name that is read, with the scope it is read in."""

    def __init__(self):
        self.scope, self.found = ("top", 0), []

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.found.append((self.scope, node))

    def inside(self, name, node, outer, inner):
        for part in outer:
            if part is not None:
                self.visit(part)
        before, self.scope = self.scope, (name, node.lineno)
        for part in inner:
            self.visit(part)
        self.scope = before

    def function(self, node):
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *filter(None, [arguments.vararg, arguments.kwarg])]
        outer = [*getattr(node, "decorator_list", []), *arguments.defaults, *arguments.kw_defaults, *(a.annotation for a in every), getattr(node, "returns", None)]
        self.inside(getattr(node, "name", "lambda"), node, outer, node.body if isinstance(node.body, list) else [node.body])

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = function

    def comprehension(self, node):
        first, *others = node.generators
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        name = {ast.ListComp: "listcomp", ast.SetComp: "setcomp", ast.DictComp: "dictcomp", ast.GeneratorExp: "genexpr"}[type(node)]
        self.inside(name, node, [first.iter], [first.target, *first.ifs, *others, *results])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def visit_ClassDef(self, node):
        self.inside(node.name, node, [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)], node.body)


def undefined(text, path, tree):
    top = symtable.symtable(text, path, "exec")
    tables, known, wanted = [top], set(ALWAYS), set()
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        for symbol in table.get_symbols():
            given = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
            if given and (table is top or symbol.is_declared_global()):
                known.add(symbol.get_name())
            if symbol.is_referenced() and (symbol.is_global() or (table is top and not given)):
                wanted.add((table.get_name(), 0 if table is top else table.get_lineno(), symbol.get_name()))
    known |= guarded(tree)
    places = Places()
    places.visit(tree)
    for (scope, line), node in places.found:
        if node.id not in known and (scope, line, node.id) in wanted:
            yield ["UndefinedName", node.lineno, node.col_offset + 1, f"name '{node.id}' is not defined", False]


def imported(tree):
    """Names bound to whole modules, and whether anything comes from outside of the quiet ones."""
    modules, foreign = {}, False
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in QUIET:
                    modules[alias.asname or alias.name] = alias.name
                else:
                    foreign = True
        elif isinstance(node, ast.ImportFrom):
            foreign = foreign or node.level > 0 or node.module not in QUIET
    return modules, foreign


def attributes(tree):
    modules, foreign = imported(tree)
    own = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and not isinstance(n.ctx, ast.Load)}
    own |= {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    own |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    assigned = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    common = {a for t in TYPES for a in dir(t)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        at = [node.lineno, (node.end_col_offset or 0) - len(node.attr) + 1]
        if isinstance(node.value, ast.Name) and node.value.id in modules and node.value.id not in assigned:
            module = importlib.import_module(modules[node.value.id])
            # Constants in capitals come and go with the platform.
            if not hasattr(module, node.attr) and not node.attr.isupper():
                yield ["UnknownAttribute", *at, f"module '{modules[node.value.id]}' has no attribute '{node.attr}'", False]
        elif not foreign and node.attr not in own and node.attr not in common and len(node.attr) >= 4 and not any(hasattr(importlib.import_module(m), node.attr) for m in modules.values()):
            near = [c for c in common if not c.startswith("__") and distance(node.attr.lower(), c, 1) <= 1]
            if near and not modules:
                yield ["UnknownAttribute", *at, f"no built-in type has an attribute '{node.attr}'", False]


def shared_defaults(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            for default in [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]:
                if isinstance(default, (ast.List, ast.Dict, ast.Set)):
                    yield ["MutableDefault", default.lineno, default.col_offset + 1, "this default value is made once and shared by all calls; use None and make it inside", False]


def look(text, path):
    tree = ast.parse(text, path)
    found = list(shared_defaults(tree))
    if not is_open(tree):
        found += [*undefined(text, path, tree), *attributes(tree)]
    return sorted(found, key=lambda f: (f[1], f[2]))[:MOST]


def check(path, text):
    found, parsed = [], False
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(text, path, "exec", dont_inherit=True)
            parsed = True
        except SyntaxError as e:
            found.append([type(e).__name__, e.lineno or 0, e.offset or 0, e.msg or "invalid syntax", True])
        except (ValueError, RecursionError, MemoryError, OverflowError) as e:
            found.append([type(e).__name__, 0, 0, str(e) or "the file cannot be parsed", True])
        if parsed:
            try:
                found += look(text, path)
            except (RecursionError, MemoryError) as e:
                # It compiles; only this reader's own recursion ends. Nothing is known of its names, which is no error of the file.
                found.append(["NamesUnchecked", 0, 0, f"names were not looked at: {type(e).__name__}, the code is nested too deep", False])
    for w in {(w.category.__name__, w.lineno or 0, str(w.message)) for w in caught}:
        found.append([w[0], w[1], 0, w[2], False])
    return found


def answer(files):
    return [check(f["path"], f["text"]) for f in files]
