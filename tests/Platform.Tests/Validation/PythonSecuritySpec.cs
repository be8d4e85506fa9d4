using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Python: every family of rules once bad and once good.</summary>
public sealed class PythonSecuritySpec
{
    [Theory]
    [InlineData("B101", "assert x")]
    [InlineData("B102", "exec(x)")]
    [InlineData("B103", "import os; os.chmod(p, 0o777)")]
    [InlineData("B104", "s.bind(('0.0.0.0', 80))")]
    [InlineData("B105", "db_password = 'hunter2'")]
    [InlineData("B106", "connect(password='hunter2')")]
    [InlineData("B107", "def f(password='hunter2'): pass")]
    [InlineData("B108", "open('/tmp/a')")]
    [InlineData("B113", "import requests; requests.get(u)")]
    [InlineData("B201", "import flask; app.run(debug=True)")]
    [InlineData("B202", "import tarfile; tarfile.open(p).extractall()")]
    [InlineData("B301", "import pickle as p; p.loads(x)")]
    [InlineData("B302", "import marshal; marshal.load(x)")]
    [InlineData("B303", "from Crypto.Hash import MD5; MD5.new()")]
    [InlineData("B304", "from Crypto.Cipher import DES; DES.new(k)")]
    [InlineData("B305", "from cryptography.hazmat.primitives.ciphers.modes import ECB; ECB()")]
    [InlineData("B306", "import tempfile; tempfile.mktemp()")]
    [InlineData("B307", "eval(x)")]
    [InlineData("B310", "from urllib.request import urlopen; urlopen(x)")]
    [InlineData("B311", "import random; random.choice(x)")]
    [InlineData("B312", "import telnetlib; telnetlib.Telnet(h)")]
    [InlineData("B314", "import xml.etree.ElementTree as ET; ET.fromstring(x)")]
    [InlineData("B318", "from xml.dom import minidom; minidom.parseString(x)")]
    [InlineData("B321", "import ftplib; ftplib.FTP(h)")]
    [InlineData("B323", "import ssl; ssl._create_unverified_context()")]
    [InlineData("B324", "import hashlib; hashlib.new('md5')")]
    [InlineData("B401", "import telnetlib")]
    [InlineData("B403", "import importlib; importlib.import_module('pickle')")]
    [InlineData("B404", "from subprocess import run")]
    [InlineData("B411", "import xmlrpc.client")]
    [InlineData("B413", "import Crypto.Cipher")]
    [InlineData("B501", "import requests; requests.get(u, verify=False, timeout=1)")]
    [InlineData("B502", "import ssl; ssl.wrap_socket(s, ssl_version=ssl.PROTOCOL_SSLv3)")]
    [InlineData("B503", "import ssl\ndef f(v=ssl.PROTOCOL_SSLv2): pass", 2)]
    [InlineData("B504", "import ssl; ssl.wrap_socket(s)")]
    [InlineData("B505", "from cryptography.hazmat.primitives.asymmetric import rsa; rsa.generate_private_key(65537, 1024)")]
    [InlineData("B506", "import yaml; yaml.load(x)")]
    [InlineData("B507", "import paramiko; c.set_missing_host_key_policy(paramiko.AutoAddPolicy())")]
    [InlineData("B508", "from pysnmp.hlapi import CommunityData; CommunityData('p', mpModel=0)")]
    [InlineData("B509", "from pysnmp.hlapi import UsmUserData; UsmUserData('u')")]
    [InlineData("B601", "import paramiko; c.exec_command(x)")]
    [InlineData("B602", "import subprocess; subprocess.run('ls ' + x, shell=True)")]
    [InlineData("B603", "import subprocess; subprocess.run(['/bin/ls', x])")]
    [InlineData("B604", "start(x, shell=True)")]
    [InlineData("B605", "import os; os.system('ls ' + x)")]
    [InlineData("B606", "import os; os.execv(p, a)")]
    [InlineData("B607", "import subprocess; subprocess.run(['ls'])")]
    [InlineData("B608", "q = f\"SELECT * FROM t WHERE n = '{x}'\"")]
    [InlineData("B608", "q = \"DELETE FROM t WHERE n = '%s'\" % x")]
    [InlineData("B608", "q = 'INSERT INTO t VALUES ({})'.format(x)")]
    [InlineData("B609", "import os; os.system('tar cf a *')")]
    [InlineData("B610", "import django; q.extra(where=[x])")]
    [InlineData("B611", "from django.db.models.expressions import RawSQL; RawSQL(x, [])")]
    [InlineData("B612", "import logging.config; logging.config.listen(9999)")]
    [InlineData("B613", "a = 1 # \u202e")]
    [InlineData("B614", "import torch; torch.load(p)")]
    [InlineData("B615", "from transformers import AutoModel; AutoModel.from_pretrained('a/b')")]
    [InlineData("B701", "import jinja2; jinja2.Environment(loader=l)")]
    [InlineData("B702", "from mako.template import Template; Template(x)")]
    [InlineData("B703", "from django.utils.safestring import mark_safe; mark_safe(x)")]
    [InlineData("B704", "from markupsafe import Markup; Markup(x)")]
    [InlineData("B110", "try:\n  f()\nexcept Exception:\n  pass", 3)]
    [InlineData("B112", "for a in b:\n  try:\n    f()\n  except:\n    continue", 4)]
    public async Task Scan_WeakCode_IsFound(string rule, string code, int line = 1)
    {
        var verdict = await ScanAsync(code);

        verdict.ShouldHold(rule, line);
        SecurityRules.Find(rule).Cwe.ShouldStartWith("CWE-");
    }

    [Theory]
    [InlineData("import hashlib; hashlib.sha256(x)")]
    [InlineData("import hashlib; hashlib.md5(x, usedforsecurity=False)")]
    [InlineData("import yaml; yaml.load(x, Loader=yaml.SafeLoader)")]
    [InlineData("import os; os.chmod(p, 0o600)")]
    [InlineData("import requests; requests.get(u, timeout=5)")]
    [InlineData("class A:\n  def eval(self): pass\nA().eval()")]
    [InlineData("import os\nos.environ['DB_PASSWORD']")]
    [InlineData("password = None\ntoken = read()")]
    [InlineData("q = 'SELECT * FROM t ' + 'WHERE a = 1'")]
    [InlineData("c.execute('SELECT * FROM t WHERE n = %s', (x,))")]
    [InlineData("from django.utils.safestring import mark_safe\ndef f():\n  a = 'b'\n  a = '<b>{}</b>'.format(a)\n  mark_safe(a)")]
    [InlineData("import jinja2; jinja2.Environment(autoescape=jinja2.select_autoescape())")]
    [InlineData("run(debug=True)")]
    [InlineData("import torch; torch.load(p, weights_only=True)")]
    public async Task Scan_SafeCode_IsClean(string code) => (await ScanAsync(code)).ShouldBeClean();

    [Fact]
    public async Task Scan_Nosec_SilencesTheRulesItNames()
    {
        (await ScanAsync("import os\nos.system('ls ' + x)  # nosec B605")).Findings.ShouldNotContain(f => f.Rule == "B605");
        (await ScanAsync("import os\nos.system('ls ' + x)  # nosec B101")).ShouldHold("B605", 2);
        (await ScanAsync("import os\nos.system('ls # nosec' + x)")).ShouldHold("B605", 2);
        var strict = new SecurityScanner(new ValidationOptions(), new SecurityOptions { HonourComments = false });
        (await Scan.FileAsync("a.py", "import os\nos.system('ls ' + x)  # nosec", strict)).ShouldHold("B605", 2);
    }

    [Fact]
    public async Task Scan_InvalidPython_IsUncheckedWithTheLine()
    {
        var verdict = await ScanAsync("a = 1\ndef f(:\n");

        verdict.Findings.ShouldBeEmpty();
        verdict.Unchecked.ShouldNotBeNull().ShouldContain("line 2 is not valid Python");
    }

    private static async Task<SecurityVerdict> ScanAsync(string code)
    {
        Assert.SkipWhen(Tool.Find("python3") is null, "python3 is not installed");
        return await Scan.FileAsync("a.py", code);
    }
}
