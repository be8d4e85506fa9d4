"""The rules that need more than a name. Each takes the tree and a node and yields (id, severity, message) or (id, severity, message, node)."""
import ast
import re

PASSWORD = re.compile(r"(^(pas+wo?r?d|pass(phrase)?|pwd|token|secrete?)$|_(pas+wo?r?d|pass(phrase)?|pwd|token|secrete?)_"
                      r"|^(pas+wo?r?d|pass(phrase)?|pwd|token|secrete?)_|_(pas+wo?r?d|pass(phrase)?|pwd|token|secrete?)$)", re.IGNORECASE)
SQL = re.compile(r"(select\s.{0,4000}?from\s|delete\s+from\s|(insert|replace)\s+into\s.{0,4000}?values[\s(]|update\s.{0,4000}?set\s"
                 r"|drop\s+table\s|alter\s+table\s|merge\s+into\s)", re.IGNORECASE | re.DOTALL)


def on_call(tree, call):
    name = tree.name(call.func)
    for rule, severity, names, why in CALLS:
        if name in names:
            yield rule, severity, f"{name}: {why}"
    if name in ("importlib.import_module", "importlib.__import__", "__import__"):
        yield from on_import(text_of(argument(call, 0, "name")) or "")
    if any(name in modules for rule, _, modules, _ in IMPORTS if rule == "B412"):
        yield from on_import(name)
    yield from on_process(tree, call, name)
    yield from on_crypto(tree, call, name)
    yield from on_network(tree, call, name)
    yield from on_web(tree, call, name)
    yield from on_files(tree, call, name)
    yield from on_models(tree, call, name)
    for item in call.keywords:
        if item.arg and PASSWORD.search(item.arg) and text_of(item.value):
            yield "B106", LOW, f"The argument '{item.arg}' is given a hard-coded password."


def on_import(name):
    for rule, severity, modules, why in IMPORTS:
        if any(name == m or name.startswith(m + ".") for m in modules):
            yield rule, severity, f"import of {name}: {why}"


def on_process(tree, call, name):
    first = argument(call, 0, "args")
    shell = perhaps(keyword(call, "shell"))
    if name in SUBPROCESS:
        if shell:
            yield "B602", LOW if text_of(first) is not None else HIGH, "A shell reads the command" + (
                "." if text_of(first) is not None else ", so that values in it can add commands of their own.")
        else:
            yield "B603", LOW, "A program is started; make sure that callers cannot choose it or its arguments."
    elif name in SHELL:
        command = argument(call, 0)
        if command is not None or call.keywords:
            yield "B605", LOW if text_of(command) is not None else HIGH, "A shell reads the command" + (
                "." if text_of(command) is not None else ", so that values in it can add commands of their own.")
    elif name in NO_SHELL:
        yield "B606", LOW, "A program is started; make sure that callers cannot choose it or its arguments."
    elif shell:
        yield "B604", MEDIUM, f"{name.lstrip('?.') or 'A function'} is told to use a shell."
    if name in SUBPROCESS or name in SHELL or name in NO_SHELL:
        yield from on_program(call, name, first if first is not None else argument(call, 0), shell)
    if name.rsplit(".", 1)[-1] == "exec_command" and tree.imports("paramiko"):
        yield "B601", MEDIUM, "A remote shell reads the command; make sure that callers cannot influence it."


def on_program(call, name, first, shell):
    program = first.elts[0] if isinstance(first, (ast.List, ast.Tuple)) and first.elts else first
    if name.startswith("os.spawn"):
        program = argument(call, 1)
    text = text_of(program)
    if text and not re.match(r"(?:[A-Za-z]:)?[/\\.]", text):
        yield "B607", LOW, "The program is found through PATH, which may lead to another one."
    command = text_of(first)
    if command is None and isinstance(first, (ast.List, ast.Tuple)) and shell:
        command = " ".join(text_of(e) or "" for e in first.elts)
    if command and (shell or name in SHELL) and "*" in command and any(p in command for p in WILDCARD_PROGRAMS):
        yield "B609", HIGH, "File names matched by the wildcard can be taken for options of the program."


def on_crypto(tree, call, name):
    function = name.rsplit(".", 1)[-1]
    harmless = is_constant(keyword(call, "usedforsecurity"), False)
    if name.startswith("hashlib.") and not harmless:
        chosen = text_of(argument(call, 0, "name")) if function == "new" else function
        if chosen and chosen.lower() in WEAK_HASHES:
            yield "B324", HIGH, f"The hash {chosen.upper()} is broken."
    if name in ("crypt.crypt", "crypt.mksalt"):
        method = argument(call, 1, "salt") if function == "crypt" else argument(call, 0, "method")
        if last(method) in WEAK_CRYPT:
            yield "B324", MEDIUM, "The password hash is weak."
    bits = key_bits(name, call)
    if bits:
        kind, size, weak, broken = bits
        if size < broken:
            yield "B505", HIGH, f"A {kind} key of {size} bits can be broken."
        elif size < weak:
            yield "B505", MEDIUM, f"A {kind} key of {size} bits is too short; {weak} are the least."


def key_bits(name, call):
    parts = name.split(".")
    if len(parts) < 3 or parts[0] not in ("cryptography", "Crypto", "Cryptodome"):
        return None
    module, function = parts[-2], parts[-1]
    if function == "generate_private_key" and module in ("rsa", "dsa"):
        size = number_of(argument(call, 1 if module == "rsa" else 0, "key_size"))
        return (module.upper(), size, 2048, 1024) if size is not None else None
    if function == "generate_private_key" and module == "ec":
        curve = argument(call, 0, "curve")
        size = SMALL_CURVES.get(last(curve.func if isinstance(curve, ast.Call) else curve))
        return ("EC", size, 224, 160) if size else None
    if function == "generate" and module in ("RSA", "DSA"):
        size = number_of(argument(call, 0, "bits"))
        return (module, size, 2048, 1024) if size is not None else None
    return None


def on_network(tree, call, name):
    root, function = name.split(".")[0], name.rsplit(".", 1)[-1]
    http = (root == "requests" and function in HTTP_VERBS | {"request"}) or (root == "httpx" and function in HTTPX)
    if http and name.count(".") == 1:
        if is_constant(keyword(call, "verify"), False):
            yield "B501", HIGH, "Certificates are not checked: anyone on the way can read and change what is sent."
        timeout = keyword(call, "timeout")
        if is_constant(timeout, None) or (root == "requests" and timeout is None and not any(k.arg is None for k in call.keywords)):
            yield "B113", MEDIUM, "Without a timeout a silent server holds the caller for ever."
    version = last(keyword(call, "ssl_version")) or last(keyword(call, "method"))
    if name == "ssl.wrap_socket":
        if keyword(call, "ssl_version") is None:
            yield "B504", LOW, "Without a version old protocols may be chosen."
        elif version in BAD_TLS:
            yield "B502", HIGH, "The protocol version is broken."
    elif version in BAD_TLS:
        yield "B502", HIGH if name.endswith("SSL.Context") else MEDIUM, "The protocol version is broken."
    if function == "set_missing_host_key_policy" and tree.imports("paramiko"):
        policy = argument(call, 0)
        if last(policy.func if isinstance(policy, ast.Call) else policy) in ("AutoAddPolicy", "WarningPolicy"):
            yield "B507", HIGH, "Unknown host keys are trusted, so the server can be another one."
    if tree.imports("pysnmp") and function == "CommunityData" and number_of(keyword(call, "mpModel")) in (0, 1):
        yield "B508", MEDIUM, "SNMP before version 3 has neither encryption nor real authentication."
    if tree.imports("pysnmp") and function == "UsmUserData" and len(call.args) < 3 and not any(k.arg == "privKey" for k in call.keywords):
        yield "B509", MEDIUM, "SNMP without a privacy key is not encrypted."
    if name == "logging.config.listen" and keyword(call, "verify") is None and len(call.args) < 2:
        yield "B612", MEDIUM, "Configuration from a socket can run code; it is not verified."


def on_web(tree, call, name):
    function = name.rsplit(".", 1)[-1]
    if function == "run" and isinstance(call.func, ast.Attribute) and truthy(keyword(call, "debug")) and tree.imports("flask"):
        yield "B201", HIGH, "The debugger lets visitors run code."
    if name in ("jinja2.Environment", "jinja2.environment.Environment"):
        escape = keyword(call, "autoescape")
        safe = is_constant(escape, True) or (isinstance(escape, ast.Call) and last(escape.func) == "select_autoescape")
        if not safe and not any(k.arg is None for k in call.keywords):
            yield "B701", HIGH, "Templates do not escape what is put into them."
    if tree.imports("mako") and function == "Template" and name.startswith("mako"):
        yield "B702", MEDIUM, "Mako templates do not escape what is put into them."
    if name.startswith("django.utils.safestring.") and function in ("mark_safe", "SafeText", "SafeUnicode", "SafeString", "SafeBytes"):
        scope = tree.enclosing(call, FUNCTIONS) or tree.root
        if call.args and not fixed(call.args[0], scope):
            yield "B703", MEDIUM, "Text that is not constant is marked as safe HTML."
    if name in ("markupsafe.Markup", "flask.Markup", "jinja2.Markup", "markupsafe.escape.Markup"):
        scope = tree.enclosing(call, FUNCTIONS) or tree.root
        value = argument(call, 0)
        cleaned = isinstance(value, ast.Call) and tree.name(value.func) in ("bleach.clean", "markupsafe.escape", "html.escape", "nh3.clean")
        if value is not None and not cleaned and not isinstance(value, ast.Constant) and not fixed(value, scope):
            yield "B704", MEDIUM, "Text that is not constant is marked as safe HTML."
    if function == "extra" and isinstance(call.func, ast.Attribute) and tree.imports("django"):
        if any(not plain_texts(part) for part in extra_parts(call)):
            yield "B610", MEDIUM, "Text that is not constant becomes part of the SQL."
    if function == "RawSQL" and tree.imports("django"):
        scope = tree.enclosing(call, FUNCTIONS) or tree.root
        sql = argument(call, 0, "sql")
        if sql is not None and not fixed(sql, scope):
            yield "B611", MEDIUM, "Text that is not constant becomes part of the SQL."


def extra_parts(call):
    names = ["select", "where", "params", "tables", "order_by"]
    given = dict(zip(names, call.args))
    given.update({k.arg: k.value for k in call.keywords})
    return [v for k, v in given.items() if k in ("select", "where", "tables")]


def plain_texts(node):
    if isinstance(node, ast.Dict):
        return all(text_of(k) is not None and text_of(v) is not None for k, v in zip(node.keys, node.values))
    return isinstance(node, (ast.List, ast.Tuple)) and all(text_of(e) is not None for e in node.elts)


def on_files(tree, call, name):
    function = name.rsplit(".", 1)[-1]
    if "chmod" in function and len(call.args) == 2:
        mode = number_of(call.args[1])
        if mode is None and set(n.attr for n in ast.walk(call.args[1]) if isinstance(n, ast.Attribute)) & {"S_IWOTH", "S_IRWXO"}:
            mode = 0o002
        if mode is not None and mode & 0o033:
            yield "B103", HIGH if mode & 0o002 else MEDIUM, f"The mode {oct(mode)} lets others use the file."
    if function == "extractall" and tree.imports("tarfile"):
        members = keyword(call, "members")
        if isinstance(keyword(call, "filter"), ast.Constant) and keyword(call, "filter").value == "data":
            return
        if members is None:
            yield "B202", HIGH, "Members of the archive can be written outside the folder."
        elif isinstance(members, ast.Call):
            yield "B202", LOW, "Make sure that the function lets no member out of the folder."
        elif not (isinstance(members, (ast.List, ast.Tuple)) and not members.elts):
            yield "B202", MEDIUM, "Members of the archive may be written outside the folder."
    if name == "yaml.load":
        loader = last(argument(call, 1, "Loader"))
        if loader not in ("SafeLoader", "CSafeLoader"):
            yield "B506", MEDIUM, "The loader creates objects that the document names."


def on_models(tree, call, name):
    function = name.rsplit(".", 1)[-1]
    if name == "torch.load" and not is_constant(keyword(call, "weights_only"), True):
        yield "B614", MEDIUM, "The file is unpickled, which runs code that it names."
    downloads = function in ("from_pretrained", "load_dataset", "hf_hub_download", "snapshot_download")
    if downloads and any(tree.imports(m) for m in ("transformers", "datasets", "huggingface_hub")):
        revision = text_of(keyword(call, "revision")) or text_of(keyword(call, "commit_id"))
        source = text_of(argument(call, 0)) or ""
        local = source.startswith(("./", "/", "../"))
        if not local and not (revision and re.fullmatch(r"[0-9a-f]{7,40}", revision)):
            yield "B615", MEDIUM, "Without a fixed commit the download can change under you."
