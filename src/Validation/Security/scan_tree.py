"""Reading syntax trees: names through import aliases, constant values, enclosing nodes. No recursion over the code's own depth."""
import ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Tree:
    def __init__(self, text):
        self.root = ast.parse(text)
        self.aliases, self.modules, self.nodes, self.parents = {}, set(), [], {}
        pending = [self.root]
        while pending:
            node = pending.pop()
            self.nodes.append(node)
            children = list(ast.iter_child_nodes(node))
            for child in children:
                self.parents[child] = node
            pending.extend(reversed(children))
            self._learn(node)

    def _learn(self, node):
        if isinstance(node, ast.Import):
            for name in node.names:
                self.modules.add(name.name)
                if name.asname:
                    self.aliases[name.asname] = name.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            self.modules.add(node.module)
            for name in node.names:
                self.modules.add(node.module + "." + name.name)
                self.aliases[name.asname or name.name] = node.module + "." + name.name

    def name(self, node):
        """Dotted name of an expression, the first part through the imports; it begins with '?' where the first part is no name."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            parts.append(self.aliases.get(node.id, node.id))
        else:
            parts.append("?")
        return ".".join(reversed(parts))

    def imports(self, module):
        return any(m == module or m.startswith(module + ".") for m in self.modules)

    def enclosing(self, node, kinds):
        node = self.parents.get(node)
        while node is not None and not isinstance(node, kinds):
            node = self.parents.get(node)
        return node


def text_of(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def number_of(node):
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def last(node):
    """The last part of a name, or a text as it stands: how a constant of some library is usually given."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    return text_of(node)


def keyword(call, name):
    return next((k.value for k in call.keywords if k.arg == name), None)


def argument(call, place, name=None):
    if len(call.args) > place:
        return None if isinstance(call.args[place], ast.Starred) else call.args[place]
    return keyword(call, name) if name else None


def is_constant(node, value):
    return isinstance(node, ast.Constant) and node.value is value


def truthy(node):
    """Whether an expression is certainly true: debug=True, debug=1."""
    return isinstance(node, ast.Constant) and bool(node.value)


def perhaps(node):
    """Whether an argument was given and may be true; only literals that are false or empty are not."""
    if node is None or (isinstance(node, ast.Constant) and not node.value):
        return False
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return bool(node.elts)
    return not isinstance(node, ast.Dict) or bool(node.keys)


def own_nodes(scope):
    """The nodes of a function or module without those of the functions inside it."""
    pending = [scope]
    while pending:
        node = pending.pop()
        yield node
        if node is scope or not isinstance(node, FUNCTIONS):
            pending.extend(ast.iter_child_nodes(node))


def assigned(name, scope):
    """Every value given to a name in a scope; None among them for one that cannot be known."""
    values = []
    for node in own_nodes(scope):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                values.extend(bound(name, target, node.value))
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            values.extend([None] if name in names_in(node.target) else [])
        elif isinstance(node, ast.withitem):
            values.extend([None] if node.optional_vars and name in names_in(node.optional_vars) else [])
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            values.extend([None] if any((a.asname or a.name) == name for a in node.names) else [])
    if isinstance(scope, FUNCTIONS) and name in {a.arg for a in every_argument(scope.args)}:
        values.append(None)
    return values


def bound(name, target, value):
    """What a name is given by one assignment."""
    if isinstance(target, ast.Name):
        return [value] if target.id == name else []
    if not isinstance(target, (ast.Tuple, ast.List)):
        return []
    parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) else [None] * len(target.elts)
    return [v for t, v in zip(target.elts, parts) if isinstance(t, ast.Name) and t.id == name]


def names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def every_argument(arguments):
    extra = [a for a in (arguments.vararg, arguments.kwarg) if a]
    return arguments.posonlyargs + arguments.args + arguments.kwonlyargs + extra


def fixed(node, scope, seen=frozenset(), depth=0):
    """Whether an expression is made of literals only, also through local names. A name that is given itself again adds nothing."""
    inner = lambda n: fixed(n, scope, seen, depth + 1)
    if depth > 50 or node is None:
        return False
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.JoinedStr):
        return all(inner(v.value) for v in node.values if isinstance(v, ast.FormattedValue))
    if isinstance(node, ast.BinOp):
        return inner(node.left) and inner(node.right)
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(inner(e) for e in node.elts)
    if isinstance(node, ast.Dict):
        return all(k is not None and inner(v) for k, v in zip(node.keys, node.values))
    if isinstance(node, ast.Starred):
        return inner(node.value)
    if isinstance(node, ast.IfExp):
        return inner(node.body) and inner(node.orelse)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return inner(node.func.value) and all(inner(a) for a in node.args) and all(inner(k.value) for k in node.keywords)
    if isinstance(node, ast.Name):
        values = [] if node.id in seen else assigned(node.id, scope)
        return node.id in seen or (bool(values) and all(fixed(v, scope, seen | {node.id}, depth + 1) for v in values))
    return False
