"""What is dangerous by name alone. Ids follow bandit's, so that its documentation and its nosec comments apply."""

LOW, MEDIUM, HIGH = "low", "medium", "high"


def _names(prefixes, names):
    return [p + "." + n for p in prefixes for n in names.split()]


_PYCRYPTO = ["Crypto", "Cryptodome"]
_URLLIB = ["urllib", "urllib.request", "six.moves.urllib.request"]
_PARSERS = "parse iterparse fromstring XMLParser"

# id, severity, dotted names, what is wrong
CALLS = [
    ("B301", MEDIUM, _names(["pickle", "cPickle", "_pickle", "dill"], "load loads Unpickler") + [
        "shelve.open", "shelve.DbfilenameShelf", "jsonpickle.decode", "jsonpickle.unpickler.decode",
        "jsonpickle.unpickler.Unpickler", "pandas.read_pickle", "joblib.load"], "unpickling runs code that the data names"),
    ("B302", MEDIUM, ["marshal.load", "marshal.loads"], "marshal crashes or runs code on crafted data"),
    ("B303", MEDIUM, _names([p + ".Hash" for p in _PYCRYPTO], "MD2.new MD4.new MD5.new SHA.new") + [
        "cryptography.hazmat.primitives.hashes.MD5", "cryptography.hazmat.primitives.hashes.SHA1"], "the hash is broken"),
    ("B304", HIGH, _names([p + ".Cipher" for p in _PYCRYPTO], "ARC2.new ARC4.new Blowfish.new DES.new XOR.new")
     + _names(["cryptography.hazmat.primitives.ciphers.algorithms"], "ARC4 Blowfish CAST5 IDEA SEED TripleDES"), "the cipher is broken"),
    ("B305", MEDIUM, ["cryptography.hazmat.primitives.ciphers.modes.ECB"], "ECB shows which blocks are equal"),
    ("B306", MEDIUM, ["tempfile.mktemp"], "another process can create the file first"),
    ("B307", MEDIUM, ["eval"], "eval runs whatever the text says"),
    ("B310", MEDIUM, _names(_URLLIB, "urlopen urlretrieve URLopener FancyURLopener") + [
        "urllib2.urlopen", "urllib2.Request"], "the address may be file: or another scheme than expected"),
    ("B311", LOW, _names(["random"], "Random random randrange randint choice choices uniform triangular randbytes getrandbits"),
     "the generator can be predicted; never use it for keys, tokens or passwords"),
    ("B312", HIGH, ["telnetlib.Telnet"], "telnet sends everything in clear text"),
    ("B313", MEDIUM, _names(["xml.etree.cElementTree"], _PARSERS), "the XML parser expands entities of the document"),
    ("B314", MEDIUM, _names(["xml.etree.ElementTree"], _PARSERS), "the XML parser expands entities of the document"),
    ("B315", MEDIUM, ["xml.sax.expatreader.create_parser"], "the XML parser expands entities of the document"),
    ("B316", MEDIUM, _names(["xml.dom.expatbuilder"], "parse parseString"), "the XML parser expands entities of the document"),
    ("B317", MEDIUM, _names(["xml.sax"], "parse parseString make_parser"), "the XML parser expands entities of the document"),
    ("B318", MEDIUM, _names(["xml.dom.minidom"], "parse parseString"), "the XML parser expands entities of the document"),
    ("B319", MEDIUM, _names(["xml.dom.pulldom"], "parse parseString"), "the XML parser expands entities of the document"),
    ("B321", HIGH, ["ftplib.FTP"], "FTP sends everything in clear text"),
    ("B323", MEDIUM, ["ssl._create_unverified_context"], "certificates are not checked"),
    ("B325", MEDIUM, ["os.tempnam", "os.tmpnam"], "another process can create the file first"),
]

IMPORTS = [
    ("B401", HIGH, ["telnetlib"], "telnet sends everything in clear text"),
    ("B402", HIGH, ["ftplib"], "FTP sends everything in clear text"),
    ("B403", LOW, ["pickle", "cPickle", "dill", "shelve"], "unpickling runs code that the data names"),
    ("B404", LOW, ["subprocess"], "starting programs needs care with what callers can influence"),
    ("B405", LOW, ["xml.etree.cElementTree", "xml.etree.ElementTree"], "the XML parser expands entities of the document"),
    ("B406", LOW, ["xml.sax"], "the XML parser expands entities of the document"),
    ("B407", LOW, ["xml.dom.expatbuilder"], "the XML parser expands entities of the document"),
    ("B408", LOW, ["xml.dom.minidom"], "the XML parser expands entities of the document"),
    ("B409", LOW, ["xml.dom.pulldom"], "the XML parser expands entities of the document"),
    ("B411", HIGH, ["xmlrpc", "xmlrpclib"], "the XML parser expands entities of the document"),
    ("B412", HIGH, ["wsgiref.handlers.CGIHandler", "twisted.web.twcgi.CGIScript", "twisted.web.twcgi.CGIDirectory"],
     "CGI takes HTTP_PROXY from a request's header"),
    ("B413", HIGH, _names(["Crypto"], "Cipher Hash IO Protocol PublicKey Random Signature Util"), "pycrypto is unmaintained and has known holes"),
    ("B415", HIGH, ["pyghmi"], "IPMI has weak authentication"),
]

# Names that nosec comments may use instead of ids.
NICKNAMES = {
    "assert_used": "B101", "exec_used": "B102", "set_bad_file_permissions": "B103", "hardcoded_bind_all_interfaces": "B104",
    "hardcoded_password_string": "B105", "hardcoded_password_funcarg": "B106", "hardcoded_password_default": "B107",
    "hardcoded_tmp_directory": "B108", "try_except_pass": "B110", "try_except_continue": "B112", "request_without_timeout": "B113",
    "flask_debug_true": "B201", "tarfile_unsafe_members": "B202", "pickle": "B301", "marshal": "B302", "md5": "B303", "ciphers": "B304",
    "cipher_modes": "B305", "mktemp_q": "B306", "eval": "B307", "mark_safe": "B308", "urllib_urlopen": "B310", "random": "B311",
    "telnetlib": "B312", "ftplib": "B321", "unverified_context": "B323", "hashlib": "B324", "tempnam": "B325",
    "import_telnetlib": "B401", "import_ftplib": "B402", "import_pickle": "B403", "import_subprocess": "B404", "import_xml_etree": "B405",
    "import_xml_sax": "B406", "import_xml_expat": "B407", "import_xml_minidom": "B408", "import_xml_pulldom": "B409",
    "import_xmlrpclib": "B411", "import_httpoxy": "B412", "import_pycrypto": "B413", "import_pyghmi": "B415",
    "request_with_no_cert_validation": "B501", "ssl_with_bad_version": "B502", "ssl_with_bad_defaults": "B503",
    "ssl_with_no_version": "B504", "weak_cryptographic_key": "B505", "yaml_load": "B506", "ssh_no_host_key_verification": "B507",
    "snmp_insecure_version": "B508", "snmp_weak_cryptography": "B509", "paramiko_calls": "B601",
    "subprocess_popen_with_shell_equals_true": "B602", "subprocess_without_shell_equals_true": "B603",
    "any_other_function_with_shell_equals_true": "B604", "start_process_with_a_shell": "B605", "start_process_with_no_shell": "B606",
    "start_process_with_partial_path": "B607", "hardcoded_sql_expressions": "B608", "linux_commands_wildcard_injection": "B609",
    "django_extra_used": "B610", "django_rawsql_used": "B611", "logging_config_insecure_listen": "B612", "trojansource": "B613",
    "pytorch_load": "B614", "huggingface_unsafe_download": "B615", "jinja2_autoescape_false": "B701", "use_of_mako_templates": "B702",
    "django_mark_safe": "B703", "markupsafe_markup_xss": "B704",
}

NO_SHELL = _names(["os"], "execl execle execlp execlpe execv execve execvp execvpe spawnl spawnle spawnlp spawnlpe"
                  " spawnv spawnve spawnvp spawnvpe startfile posix_spawn posix_spawnp")
SHELL = _names(["os"], "system popen popen2 popen3 popen4") + _names(
    ["popen2"], "popen2 popen3 popen4 Popen3 Popen4") + _names(["commands"], "getoutput getstatusoutput") + _names(
    ["subprocess"], "getoutput getstatusoutput")
SUBPROCESS = _names(["subprocess"], "Popen call check_call check_output run") + ["utils.execute", "utils.execute_with_timeout"]
WILDCARD_PROGRAMS = ("chown", "chmod", "tar", "rsync")

BAD_TLS = {"PROTOCOL_SSLv2", "SSLv2_METHOD", "SSLv23_METHOD", "PROTOCOL_SSLv3", "PROTOCOL_TLSv1", "SSLv3_METHOD", "TLSv1_METHOD",
           "PROTOCOL_TLSv1_1", "TLSv1_1_METHOD"}
WEAK_HASHES = {"md4", "md5", "sha", "sha1"}
WEAK_CRYPT = {"METHOD_CRYPT", "METHOD_MD5", "METHOD_BLOWFISH"}
HTTP_VERBS = {"get", "options", "head", "post", "put", "patch", "delete"}
HTTPX = HTTP_VERBS | {"request", "stream", "Client", "AsyncClient"}
SMALL_CURVES = {"SECP192R1": 192, "SECT163K1": 163, "SECT163R2": 163}
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f"
