using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Secrets are found by shape, name and randomness, and never shown. The samples are put together here so that no scanner takes this file for a leak.</summary>
public sealed class SecretSecuritySpec
{
    private const string Random = "q9Zt2Lw8Xv4Kp7Rm3Ny6";

    public static TheoryData<string, string, string> Secrets => new()
    {
        { "SEC501", "a.pem", "-----BEGIN RSA " + "PRIVATE KEY-----" },
        { "SEC502", "a.cs", "var a = \"AKIA" + "J7QX3ZT5MNP2WL4R\";" },
        { "SEC502", "a.py", "t = 'ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'" },
        { "SEC502", "a.js", "const k = 'sk-" + "proj-" + Random + "'" },
        { "SEC502", "a.yaml", "key: AIza" + "SyD4f6G7h8J9k0L1z2X3c4V5b6N7m8Q9w0E" },
        { "SEC502", "a.sh", "export T=xoxb-" + "1234567890-abcdefGHIJ" },
        { "SEC502", "a.txt", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + Random + Random + "abcdEFGH12==" },
        { "SEC503", "a.cs", "string apiKey = \"" + Random + "\";" },
        { "SEC503", "a.json", "{ \"client_secret\": \"" + Random + "\" }" },
        { "SEC503", "a.env", "DB_PASSWORD=" + Random },
        { "SEC503", "a.ts", "const password: string = 'S0mmer" + "2024!'" },
        { "SEC504", "a.yaml", "url: postgres://app:" + Random + "@db.internal/app" },
        { "SEC505", "a.cs", "var c = \"Server=db;User Id=app;Password=" + Random + ";\";" },
    };

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task Scan_Secret_IsFoundAndNotShown(string rule, string path, string line)
    {
        var verdict = await Scan.FileAsync(path, "\n" + line);

        verdict.ShouldHold(rule, 2);
        var said = string.Join('\n', verdict.Findings.Select(f => f.Message + f.Advice)) + verdict.Unchecked;
        foreach (var part in line.Split('"', '\'', '=', ' ', ':', '@', ';').Where(p => p.Length >= 12 && p.Any(char.IsAsciiDigit)))
            said.ShouldNotContain(part);
    }

    [Theory]
    [InlineData("a.cs", "string password = Environment.GetEnvironmentVariable(\"DB_PASSWORD\");")]
    [InlineData("a.cs", "string apiKey = \"your-api-key-here\";")]
    [InlineData("a.cs", "public void SetPassword(string password) => this.password = password;")]
    [InlineData("a.cs", "var c = $\"Server=db;Password={password};\";")]
    [InlineData("a.yaml", "password: ${DB_PASSWORD}")]
    [InlineData("a.yaml", "token_url: https://login.example/oauth/token")]
    [InlineData("a.json", "{ \"integrity\": \"sha512-q9Zt2Lw8Xv4Kp7Rm3Ny6q9Zt2Lw8Xv4Kp7Rm3Ny6==\" }")]
    [InlineData("a.js", "const tokenType = 'Bearer'; const secretName = 'database-secret';")]
    [InlineData("a.cs", "var id = \"3f2504e0-4f89-11d3-9a0c-0305e82c3301\";")]
    [InlineData("a.md", "Set `API_KEY=<your key>` first.")]
    [InlineData("a.css", ".sk-circle-fade-dot-animation-large { }")]
    public async Task Scan_WhatOnlyLooksLikeOne_IsClean(string path, string line) =>
        (await Scan.FileAsync(path, line)).Findings.ShouldNotContain(f => f.Rule.StartsWith("SEC5", StringComparison.Ordinal));

    [Fact]
    public async Task Scan_AllowComment_CountsForItsLineAndTheNext()
    {
        const string secret = "apiKey = \"" + Random + "\"";
        (await Scan.FileAsync("a.txt", secret + " # platform:allow-secret")).ShouldBeClean();
        (await Scan.FileAsync("a.txt", "# platform:allow-secret: a test value\n" + secret)).ShouldBeClean();
        (await Scan.FileAsync("a.txt", "# platform:allow-secret\n\n" + secret)).ShouldHold("SEC503", 3);
        var strict = new SecurityScanner(new ValidationOptions(), new SecurityOptions { HonourComments = false });
        (await Scan.FileAsync("a.txt", secret + " # platform:allow-secret", strict)).ShouldHold("SEC503", 1);
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("correct-horse-battery-staple", false)]
    [InlineData("2024-01-01T00:00:00.000Z", false)]
    [InlineData(Random, true)]
    public void Randomness_Looks_AtEntropyAndMix(string text, bool random) => Randomness.Looks(text).ShouldBe(random);
}
