using Microsoft.CodeAnalysis;
using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>C#: the CA rules in-process, also on packages that are not there, and our own rules where they are blind.</summary>
public sealed class CSharpSecuritySpec
{
    private const string Top = "using System; using System.Data; using System.Diagnostics; using System.IO; using System.Net.Http; using System.Security.Cryptography;\n";

    [Fact]
    public void Analyzers_OfThePackage_AreBesideTheLibrary()
    {
        CSharpAnalyzers.All.Length.ShouldBeGreaterThan(50);
        CSharpAnalyzers.RuleIds.ShouldContain("CA2100");
        CSharpAnalyzers.RuleIds.ShouldContain("CA5404");
    }

    [Fact]
    public void Rules_OfTheAnalyzers_AllHaveAWeaknessAndAdvice() =>
        CSharpAnalyzers.RuleIds.Where(id => SecurityRules.Find(id) is { Cwe: "" } or { Advice.Length: < 10 }).ShouldBeEmpty();

    [Fact]
    public void PackageShapes_Compile() =>
        PackageShapes.All.SelectMany(shape => shape.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error)).ShouldBeEmpty();

    [Theory]
    [InlineData("CA5351", "class A { byte[] M(byte[] b) => MD5.HashData(b); }")]
    [InlineData("CA5350", "class A { byte[] M(byte[] b) { using var h = SHA1.Create(); return h.ComputeHash(b); } }")]
    [InlineData("CA2300", "using System.Runtime.Serialization.Formatters.Binary; class A { object M(Stream s) => new BinaryFormatter().Deserialize(s); }")]
    [InlineData("CA2300", "using System.Runtime.Serialization.Formatters.Binary; class A { object M(Stream s) => new BinaryFormatter().UnsafeDeserialize(s, null); }")]
    [InlineData("CA5394", "class A { int M() => new Random().Next(); }")]
    [InlineData("CA5359", "class A { HttpClientHandler M() => new() { ServerCertificateCustomValidationCallback = (a, b, c, d) => true }; }")]
    [InlineData("CA5359", "class A { HttpClientHandler M() => new() { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator }; }")]
    [InlineData("CA5390", "class A { void M(SymmetricAlgorithm a) { a.Key = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }; } }")]
    [InlineData("CA5397", "class A { System.Security.Authentication.SslProtocols P => System.Security.Authentication.SslProtocols.Tls11; }")]
    [InlineData("CA3003", "using Microsoft.AspNetCore.Mvc; public class FilesController : Controller { public IActionResult Get(string name) => Content(System.IO.File.ReadAllText(\"/data/\" + name)); }")]
    [InlineData("CA3006", "using Microsoft.AspNetCore.Mvc; public class C : Controller { public void Get(string name) { Process.Start(name); } }")]
    public async Task Scan_WeakCode_IsFound(string rule, string code) => (await Scan.FileAsync("a.cs", Top + code)).ShouldHold(rule, 2);

    [Theory]
    [InlineData("CA5394", "class A { int M() => new Random().Next(); }")]
    [InlineData("CA3003", "using System; using Microsoft.AspNetCore.Mvc; static class Disk { public static string Read(string path) => File.ReadAllText(path); } public class FilesController : Controller { public IActionResult Get(string name) { Directory.Delete(name); return Content(Disk.Read(name)); } }")]
    public async Task Scan_CodeOfAProjectWithImplicitUsings_IsSeenWithThem(string rule, string code)
    {
        (await Scan.FileAsync("a.cs", code, new SecurityScanner(new ValidationOptions { InferUsings = true }))).ShouldHold(rule, 1);
        (await Scan.FileAsync("a.cs", code)).Findings.ShouldNotContain(found => found.Rule == rule);
    }

    [Theory]
    [InlineData("CA2100", "using Microsoft.Data.SqlClient; class A { void M(SqlConnection c, string n) { var k = new SqlCommand(\"SELECT * FROM t WHERE n = '\" + n + \"'\", c); } }")]
    [InlineData("CA2100", "using Npgsql; class A { void M(NpgsqlConnection c, string n) { using var k = c.CreateCommand(); k.CommandText = $\"DELETE FROM t WHERE n = {n}\"; } }")]
    [InlineData("CA2327", "using Newtonsoft.Json; class A { object? M(string s) => JsonConvert.DeserializeObject(s, new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.All }); }")]
    [InlineData("CA5404", "using Microsoft.IdentityModel.Tokens; class A { TokenValidationParameters M() => new() { ValidateLifetime = false }; }")]
    [InlineData("CA5396", "using System.Web; class A { HttpCookie M() => new HttpCookie(\"a\"); }")]
    [InlineData("CA2305", "using System.Web.UI; class A { object M(string s) => new LosFormatter().Deserialize(s); }")]
    [InlineData("SEC101", "using Dapper; class A { object M(IDbConnection c, string n) => c.Query<int>($\"SELECT id FROM t WHERE n = '{n}'\"); }")]
    [InlineData("SEC101", "using Microsoft.EntityFrameworkCore; class A { object M(DbSet<A> c, string n) => c.FromSqlRaw(\"SELECT id FROM t WHERE n = \" + n); }")]
    public async Task Scan_PackageThatIsNotHere_IsStillUnderstood(string rule, string code) => (await Scan.FileAsync("a.cs", Top + code)).ShouldHold(rule, 2);

    [Theory]
    [InlineData("SEC102", "class A { void M(string n) { Process.Start(\"bash\", \"-c 'ls \" + n + \"'\"); } }")]
    [InlineData("SEC102", "class A { void M(string n) { var i = new ProcessStartInfo { FileName = \"/bin/sh\", Arguments = $\"-c {n}\" }; } }")]
    [InlineData("SEC105", "using Microsoft.CodeAnalysis.CSharp.Scripting; class A { object M(string n) => CSharpScript.EvaluateAsync(n); }")]
    [InlineData("SEC106", "class A { string NewToken() { var r = new Random(); return r.Next(100000).ToString(); } }")]
    [InlineData("SEC107", "class A { void M(dynamic b) { b.AllowAnyOrigin().AllowAnyHeader().AllowCredentials(); } }")]
    [InlineData("SEC109", "class A { object M(dynamic Html, string n) => Html.Raw(n); }")]
    [InlineData("SEC110", "using Microsoft.AspNetCore.Builder; class A { void M(WebApplication app) { app.MapGet(\"/f\", (string name) => System.IO.File.ReadAllText(System.IO.Path.Combine(\"/data\", name))); } }")]
    [InlineData("SEC111", "using Microsoft.AspNetCore.Builder; using Microsoft.AspNetCore.Http; class A { void M(WebApplication app) { app.MapGet(\"/r\", (string url) => Results.Redirect(url)); } }")]
    public async Task Scan_WhereTheCaRulesAreBlind_OursFind(string rule, string code) => (await Scan.FileAsync("a.cs", Top + code)).ShouldHold(rule, 2);

    [Theory]
    [InlineData("class A { byte[] M(byte[] b) => SHA256.HashData(b); }")]
    [InlineData("class A { void M(IDbCommand c, string n) { c.CommandText = \"SELECT 1 FROM t WHERE n = @n\"; } }")]
    [InlineData("class A { void M(IDbCommand c) { const string t = \"t\"; var where = \"1 = 1\"; c.CommandText = \"SELECT 1 FROM \" + t + \" WHERE \" + where; } }")]
    [InlineData("class A { void M(string n) { var i = new ProcessStartInfo(\"git\"); i.ArgumentList.Add(n); Process.Start(i); } }")]
    [InlineData("using Microsoft.EntityFrameworkCore; class A { object M(DbSet<A> c, string n) => c.FromSql($\"SELECT id FROM t WHERE n = {n}\"); }")]
    [InlineData("using Microsoft.AspNetCore.Builder; class A { void M(WebApplication app) { app.MapGet(\"/f\", (string name) => System.IO.File.ReadAllText(System.IO.Path.Combine(\"/data\", System.IO.Path.GetFileName(name)))); } }")]
    [InlineData("class A { HttpClientHandler M() => new() { ServerCertificateCustomValidationCallback = (a, b, c, d) => { if (c is null) return false; return true; } }; }")]
    public async Task Scan_SafeCode_IsClean(string code) => (await Scan.FileAsync("a.cs", Top + code)).ShouldBeClean(SecuritySeverity.Medium);

    [Fact]
    public async Task Scan_SqlFromValues_IsGraverThanTextThatIsOnlyNotConstant()
    {
        var built = await Scan.FileAsync("a.cs", Top + "using Npgsql; class A { void M(NpgsqlCommand c, string n) { c.CommandText = \"SELECT 1 FROM t WHERE n = \" + n; } }");
        var given = await Scan.FileAsync("a.cs", Top + "using Npgsql; class A { void M(NpgsqlCommand c, string n) { c.CommandText = n; } }");

        built.Findings.Single(f => f.Rule == "CA2100").Severity.ShouldBe(SecuritySeverity.High);
        given.Findings.Single(f => f.Rule == "CA2100").Severity.ShouldBe(SecuritySeverity.Medium);
    }

    [Fact]
    public async Task Scan_SilencedByPragmaOrCalledGenerated_CountsOnlyWhereCommentsAreHonoured()
    {
        const string code = "// <auto-generated/>\n#pragma warning disable CA5351\nusing System.Security.Cryptography;\nclass A { byte[] M(byte[] b) => MD5.HashData(b); }";
        var strict = new SecurityScanner(new ValidationOptions(), new SecurityOptions { HonourComments = false });

        (await Scan.FileAsync("a.cs", code)).ShouldBeClean(SecuritySeverity.High);
        (await Scan.FileAsync("a.cs", code, strict)).ShouldHold("CA5351", 4);
    }

    [Fact]
    public async Task Scan_FilesOfOneProgram_AreFollowedAcross()
    {
        var files = new[]
        {
            SourceFile.FromPath("Sql.cs", "class Sql { public static string Text(string n) => \"SELECT \" + n; }"),
            SourceFile.FromPath("Run.cs", "using Npgsql;\nclass Run { void M(NpgsqlCommand c, string n) { c.CommandText = Sql.Text(n); } }"),
        };

        var verdicts = await Scan.Scanner.ScanAsync(files, TestContext.Current.CancellationToken);

        verdicts[0].Findings.ShouldBeEmpty();
        verdicts[1].ShouldHold("CA2100", 2);
    }
}
