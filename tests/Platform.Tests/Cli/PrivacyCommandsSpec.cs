using System.Text.Json;

namespace Platform.Tests.Cli;

/// <summary>Keys, audit log and people's requests, as a user's shell runs them against a host that runs every module.</summary>
public sealed class PrivacyCommandsSpec : IDisposable
{
    private const string Task = "Write a function that greets Annegret Quittenbaum of Marzahn.";
    private readonly PlatformHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Person_FromJobToErasure_ByCommands()
    {
        await using var simulator = _home.Start("simulator", "--port", "0");
        await using var host = await StartHostAsync(JsonElement.Parse(await simulator.OutputLineAsync()).GetProperty("listening").GetString()!);
        var job = await JsonAsync("generate", "generate", Task, "--language", "python", "--subject", "anna@example.com");
        var id = job.GetProperty("job").GetString()!;
        await JsonAsync("feedback", "feedback", id, "rejected");
        await JsonAsync("privacy-subject", "privacy", "consent", "anna@example.com", "--purpose", "newsletter", "--text-version", "3");

        await JsonAsync("privacy-erase", "privacy", "request", "anna@example.com", "--kind", "rectify", "--law", "ccpa", "--received", "2026-01-05");
        var found = await JsonAsync("privacy-export", "privacy", "export", "anna@example.com");
        await JsonAsync("privacy-export", "privacy", "export", "anna@example.com", "--out", "for-anna");
        var erased = await JsonAsync("privacy-erase", "privacy", "erase", "anna@example.com", "--wait", "120");
        var after = await JsonAsync("privacy-export", "privacy", "export", "anna@example.com");
        var requests = await JsonAsync("privacy-requests", "privacy", "requests");
        var audit = await JsonAsync("audit-verify", "audit", "verify");
        var entries = (await _home.RunAsync("audit", "list", "--json")).ShouldExit(0).Lines;
        var query = (await _home.RunAsync("query", "greets Annegret Quittenbaum", "--json")).ShouldExit(0).Document;

        found.GetProperty("complete").GetBoolean().ShouldBeTrue();
        found.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("kind").GetString()).ShouldContain("job");
        found.GetRawText().ShouldContain("Quittenbaum");
        File.ReadAllText(Path.Combine(_home.Folder, "for-anna", "data.json")).ShouldContain("Quittenbaum");
        File.ReadAllText(Path.Combine(_home.Folder, "for-anna", "manifest.json")).ShouldContain("sha256");
        erased.GetProperty("state").GetString().ShouldBe("done");
        erased.GetProperty("modules").EnumerateArray().ShouldAllBe(module => module.GetProperty("acknowledged").GetBoolean());
        after.GetProperty("records").GetArrayLength().ShouldBe(0);
        requests.GetProperty("requests").EnumerateArray().Count(request => request.GetProperty("overdue").GetBoolean()).ShouldBe(1);
        (audit.GetProperty("ok").GetBoolean(), audit.GetProperty("signed").GetBoolean()).ShouldBe((true, true));
        entries.ShouldAllBe(entry => entry.ShouldFit("audit-list").ValueKind == JsonValueKind.Object);
        entries.Select(entry => entry.GetProperty("action").GetString()).ShouldBe(["privacy.consent", "privacy.opened", "privacy.exported", "privacy.closed", "privacy.exported", "privacy.closed", "privacy.erasing", "privacy.erased"]);
        string.Concat(entries.Select(entry => entry.GetRawText())).ShouldNotContain("anna");
        query.GetProperty("results").GetArrayLength().ShouldBe(0);
        Directory.EnumerateFiles(_home.Data, "*.db*").Where(file => Holds(file, "Quittenbaum")).ShouldBeEmpty();
        File.Exists(Path.Combine($"{_home.Data}-keys", "master.keys")).ShouldBeTrue("keys lie beside the data, not in it");
    }

    [Fact]
    public async Task Keys_MadeListedRevokedRotated_ByCommands()
    {
        await using var host = await StartHostAsync(null);

        var made = await JsonAsync("keys-create", "keys", "create", "--name", "build", "--tenant", "acme", "--expires", "30d");
        var id = made.GetProperty("id").GetString()!;
        var key = made.GetProperty("key").GetString()!;
        (await _home.RunAsync("projects", "--json", "--key", key)).ShouldExit(0);
        var refused = await _home.RunAsync("keys", "list", "--json", "--key", key);
        var listed = await JsonAsync("keys-list", "keys", "list");
        var revoked = await JsonAsync("keys-revoke", "keys", "revoke", id);
        var late = await _home.RunAsync("projects", "--json", "--key", key);
        await JsonAsync("keys-rotate-master", "keys", "rotate-master");
        await JsonAsync("privacy-retention", "privacy", "retention");
        await JsonAsync("privacy-reapply", "privacy", "reapply");
        await JsonAsync("audit-verify", "audit", "verify");

        (made.GetProperty("tenant").GetString(), made.GetProperty("role").GetString()).ShouldBe(("acme", "user"));
        listed.GetProperty("keys")[0].GetProperty("id").GetString().ShouldBe(id);
        listed.GetRawText().ShouldNotContain(key);
        revoked.GetProperty("state").GetString().ShouldBe("revoked");
        refused.ShouldExit(1).Errors.ShouldContain("administrator");
        late.ShouldExit(1).Errors.ShouldContain("valid key");
    }

    private async Task<JsonElement> JsonAsync(string schema, params string[] words) =>
        (await _home.RunAsync([.. words, "--json"])).ShouldExit(0).Document.ShouldFit(schema);

    private async Task<RunningCommand> StartHostAsync(string? simulator)
    {
        if (simulator is not null)
        {
            foreach (var engine in new[] { "Cerebras", "Claude" })
            {
                _home.Environment[$"Engines__{engine}__BaseUrl"] = simulator;
                _home.Environment[$"Engines__{engine}__ApiKey"] = "simulated";
                _home.Environment[$"Engines__{engine}__Simulated"] = "true";
            }
        }

        _home.Environment["HTTP_PORT"] = _home.Environment["GRPC_PORT"] = "0";
        var host = _home.Start("up");
        _home.Environment.Clear();
        await host.ErrorLineAsync(line => line.StartsWith("platform: http ", StringComparison.Ordinal));
        return host;
    }

    private static bool Holds(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }
}
