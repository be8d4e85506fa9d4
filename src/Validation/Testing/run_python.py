"""Runs Python tests inside the sandbox. The first line of standard input is the secret that marks result lines."""
import ast
import asyncio
import importlib.util
import inspect
import json
import os
import sys
import threading
import traceback
import unittest

SECRET = sys.stdin.readline().strip()
OUT = os.dup(1)
LIMIT = 4000


def emit(**event):
    sys.stdout.flush()
    os.write(OUT, ("\n" + SECRET + json.dumps(event) + "\n").encode("utf-8", "replace"))


def end(name, error=None, line=0, load=False):
    """The end of a test; with load, of a file that held none because it could not be read."""
    emit(event="end", name=name, passed=error is None, line=line, **({} if error is None else {"message": error[:LIMIT]}), **({"load": True} if load else {}))


def describe(error):
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    return text


def line_of(error, path):
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    if isinstance(error, SyntaxError) and error.filename == path:
        lines.append(error.lineno)
    return (lines[-1] or 0) if lines else 0


def load(path, names):
    """Imports a file as a module, with the code's names in reach for tests that import nothing."""
    name = os.path.splitext(path)[0].replace("/", ".")
    if name in sys.modules and getattr(sys.modules[name], "__file__", None) == os.path.abspath(path):
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, os.path.abspath(path))
    module = importlib.util.module_from_spec(spec)
    module.__dict__.update(names)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def names_of(modules):
    found = {}
    for module in modules:
        found.update({k: v for k, v in vars(module).items() if not (k.startswith("__") and k.endswith("__"))})
    return found


def show(node, scope):
    """Both sides of a failed comparison, for a message that a reader can act on."""
    if not (isinstance(node, ast.Compare) and len(node.ops) == 1):
        return "assertion failed"
    try:
        left, right = (eval(compile(ast.Expression(n), "<test>", "eval"), scope) for n in (node.left, node.comparators[0]))
        return f"expected {ast.unparse(node)[:200]}; left is {left!r:.300}, right is {right!r:.300}"
    except BaseException as e:
        return "assertion failed"


def run_statements(path, tree, names):
    """A file of plain asserts: every assert is a test; what fails between them ends the file."""
    scope = {"__name__": "__main__", "__file__": path, **names}
    full = os.path.abspath(path)
    for node in tree.body:
        is_test = isinstance(node, ast.Assert)
        name = f"{path}:{node.lineno} {ast.unparse(node)[:120]}" if is_test else f"{path}:{node.lineno}"
        if is_test:
            emit(event="start", name=name)
        try:
            exec(compile(ast.Module([node], []), full, "exec"), scope)
            if is_test:
                end(name)
        except AssertionError as e:
            message = describe(e) if str(e) or not is_test else "AssertionError: " + show(node.test, scope)
            end(name, message, node.lineno)
        except (Exception, SystemExit) as e:
            if isinstance(e, SystemExit) and not is_test and e.code in (None, 0):
                return
            end(name, describe(e), node.lineno, load=isinstance(node, (ast.Import, ast.ImportFrom)))
            if not is_test:
                return


def run_function(name, call, path):
    emit(event="start", name=name)
    try:
        result = call()
        if inspect.iscoroutine(result):
            asyncio.run(result)
        end(name)
    except unittest.SkipTest as e:
        emit(event="skip", name=name)
    except (Exception, SystemExit) as e:
        end(name, describe(e), line_of(e, path))


class Result(unittest.TestResult):
    def __init__(self, path):
        super().__init__()
        self.path = path
        self.failed = set()

    def startTest(self, test):
        super().startTest(test)
        emit(event="start", name=test.id())

    def report(self, test, error):
        self.failed.add(test)
        end(test.id(), describe(error[1]), line_of(error[1], self.path))

    def addSuccess(self, test):
        end(test.id())

    def addFailure(self, test, err):
        self.report(test, err)

    def addError(self, test, err):
        self.report(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None and test not in self.failed:
            self.report(test, err)

    def addExpectedFailure(self, test, err):
        end(test.id())

    def addUnexpectedSuccess(self, test):
        end(test.id(), "The test was expected to fail and passed.")

    def addSkip(self, test, reason):
        emit(event="skip", name=test.id())


def run_class(kind, path):
    for name in [n for n in vars(kind) if n.startswith("test")]:
        def call(name=name):
            instance = kind()
            for before in ("setup_method", "setup"):
                if hasattr(instance, before):
                    getattr(instance, before)()
                    break
            try:
                return getattr(instance, name)()
            finally:
                if hasattr(instance, "teardown_method"):
                    instance.teardown_method()
        run_function(f"{kind.__name__}.{name}", call, path)


def run_module(path, names):
    module = load(path, names)
    full = os.path.abspath(path)
    own = [(k, v) for k, v in vars(module).items() if k not in names or names[k] is not v]
    for name, value in own:
        if inspect.isfunction(value) and name.startswith("test") and value.__module__ == module.__name__:
            run_function(name, value, full)
        elif inspect.isclass(value) and issubclass(value, unittest.TestCase) and value.__module__ == module.__name__:
            unittest.defaultTestLoader.loadTestsFromTestCase(value).run(Result(full))
        elif inspect.isclass(value) and name.startswith("Test") and value.__module__ == module.__name__:
            run_class(value, full)


def has_tests(tree):
    return any(
        isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and n.name.startswith("test")
        or isinstance(n, ast.ClassDef) and (n.name.startswith("Test") or any("TestCase" in ast.unparse(b) for b in n.bases))
        for n in tree.body)


def run_pytest(tests):
    import pytest

    class Plugin:
        def pytest_runtest_logstart(self, nodeid, location):
            emit(event="start", name=nodeid)

        def pytest_runtest_logreport(self, report):
            if report.skipped:
                emit(event="skip", name=report.nodeid)
            elif report.failed:
                crash = getattr(report.longrepr, "reprcrash", None)
                end(report.nodeid, crash.message if crash else str(report.longrepr), crash.lineno if crash else 0)
            elif report.when == "call":
                end(report.nodeid)

        def pytest_collectreport(self, report):
            if report.failed:
                end(report.nodeid or "collection", str(report.longrepr), load=True)

    pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:terminal", *tests], plugins=[Plugin()])


REACHED = {}


def trace(frame, event, argument):
    """Notes the lines of the measured files; other files are not followed at all."""
    lines = REACHED.get(frame.f_code.co_filename)
    if lines is None:
        return None

    def line(frame, event, argument):
        if event == "line":
            lines.add(frame.f_lineno)
        return line

    return line


def lines_of(path):
    """The lines with something to run, as the interpreter numbers them; a docstring and the def of a function are none of the tests' doing."""
    with open(path, encoding="utf-8") as f:
        open_codes = [compile(f.read(), path, "exec")]
    found = set()
    while open_codes:
        code = open_codes.pop()
        open_codes.extend(c for c in code.co_consts if inspect.iscode(c))
        if code.co_name != "<module>":
            found.update(n for _, _, n in code.co_lines() if n and n != code.co_firstlineno)
    return found


def measure(paths):
    for path in paths:
        if path.endswith(".py"):
            REACHED[os.path.abspath(path)] = set()
    sys.settrace(trace)
    threading.settrace(trace)


def measured(paths):
    sys.settrace(None)
    threading.settrace(None)
    files = []
    for path in paths:
        try:
            lines = lines_of(path)
        except (SyntaxError, OSError, ValueError):
            continue
        files.append({"path": path, "lines": sorted(lines), "covered": sorted(REACHED.get(os.path.abspath(path), set()) & lines)})
    emit(event="coverage", files=files)


def main():
    with open(sys.argv[1]) as f:
        run = json.load(f)
    sys.path.insert(0, os.getcwd())
    code = [path for path in run["code"] if path not in run["tests"]]
    if run.get("coverage"):
        measure(code)
    try:
        tests(run)
    finally:
        if run.get("coverage"):
            measured(code)


def tests(run):
    if run.get("workspace"):
        run["code"] = []
        sys.path.insert(1, os.path.join(os.getcwd(), "src"))
        # Tests of a package may import what lies beside them, as pytest lets them.
        sys.path.extend(sorted({os.path.dirname(os.path.abspath(t)) for t in run["tests"]}))
    if run["pytest"]:
        run_pytest(run["tests"])
        return
    modules = []
    for path in run["code"]:
        if path in run["tests"]:
            continue
        try:
            modules.append(load(path, {}))
        except (Exception, SystemExit) as e:
            end(path, "The code cannot be imported: " + describe(e), line_of(e, os.path.abspath(path)), load=True)
            return
    names = names_of(modules)
    for path in run["tests"]:
        try:
            with open(path, encoding="utf-8") as f:
                tree = ast.parse(f.read(), path)
            if has_tests(tree):
                run_module(path, names)
            else:
                run_statements(path, tree, names)
        except (Exception, SystemExit) as e:
            end(path, describe(e), line_of(e, os.path.abspath(path)), load=True)


main()
emit(event="done")
sys.stdout.flush()
os._exit(0)
