using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Platform.Contracts;
using Platform.Inference;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>Prompts: pinned to their version, budgeted, with untrusted text marked and secrets taken out.</summary>
public sealed class PromptSpec
{
    private static readonly string[] Templates = ["instructions", "traditional", "mcp", "fix", "content", "tests"];

    [Fact]
    public void Templates_ArePinnedToTheirVersion()
    {
        // A change to a template changes what memory may replay: raise TaskFingerprint.PromptVersion with it, then pin anew.
        var all = string.Concat(Templates.Select(PromptTemplate.Read)).ReplaceLineEndings("\n");

        (TaskFingerprint.PromptVersion, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16]).ShouldBe(("2026-11.3", "122bfbd7c6286a7a"));
    }

    [Fact]
    public void Instructions_Golden()
    {
        var request = new GenerateRequest
        {
            Task = "Slugify a title.",
            Language = "csharp",
            Contract = "static string Slug.Make(string)",
            Tests = { new SourceFile { Path = "SlugTests.cs", Language = "csharp", Text = "class SlugTests { }" } },
            Files = { new SourceFile { Path = "src/Slug.cs", Language = "csharp", Text = "class Slug { }" } },
        };
        var recall = new RecallReply { Failures = { "Forgot umlauts." }, Examples = { new PatternHit { Project = "shop", Path = "Text.cs", Text = "class Text { }" } } };

        var user = Build(request, recall)[1].Text;

        user.ReplaceLineEndings("\n").ShouldBe("""
            Language: csharp
            The answer must offer exactly this:
            static string Slug.Make(string)

            Task:
            Slugify a title.

            Files the answer builds on or changes. A changed file comes back whole, under its own path.
            <data origin="file:src/Slug.cs">
            class Slug { }
            </data>

            Tests that the code must pass:
            <data origin="test:SlugTests.cs">
            class SlugTests { }
            </data>

            Verified code from memory that solved similar tasks. Adapt what fits, ignore the rest.
            <data origin="memory:shop/Text.cs">
            class Text { }
            </data>

            What failed before on tasks like this:
            <data origin="memory:failure">
            Forgot umlauts.
            </data>
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Fix_Golden()
    {
        var known = new FindFixesReply();
        known.Fixes.Add(new KnownFix { Before = "int x = \"1\";", After = "int x = 1;", Explanation = "A text is no number." });
        known.Failed.Add(new KnownFix { Before = "int x = \"1\";", After = "var x = 1" });

        PromptBuilder.Fix("It does not pass the checks:", "A.cs(1,9): CS0029", known).Text.ReplaceLineEndings("\n").ShouldBe("""
            Your answer does not work yet. It does not pass the checks:
            <data origin="check">
            A.cs(1,9): CS0029
            </data>

            Edits that solved errors like this before:
            <data origin="memory:fix">
            before: int x = "1";
            after: int x = 1;
            why: A text is no number.
            </data>

            Edits that were tried on errors like this before and did not help; do not repeat them:
            <data origin="memory:failed-fix">
            before: int x = "1";
            after: var x = 1
            </data>

            Find the cause, then give every changed file again, whole, in the same form.
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Content_Golden()
    {
        var messages = PromptBuilder.Content(Run(new GenerateRequest { Kind = JobKinds.Content, System = "You are a bakery.", Task = "Write a post.", ResponseSchema = "{}" }));

        Joined(messages).ShouldBe("""
            You are a bakery.
            ---
            Write a post.

            Answer with one JSON document that fits this JSON Schema, and nothing else: no preamble, no code fence.
            {}
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Tests_Golden()
    {
        var messages = new PromptBuilder(new InferenceOptions()).Tests(Run(Request()), "xunit", "no test was found");

        Joined(messages[1..]).ShouldBe("""
            Language: csharp
            Test framework: xunit
            The code will offer exactly this:
            static string Slug.Make(string)

            Task:
            Slugify a title.

            Unfinished code that will be completed. Call it as it is declared here.
            <data origin="file:src/Slug.cs">
            class Slug { }
            </data>

            Your last tests could not be used: no test was found
            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("traditional", "The code base:")]
    [InlineData("mcp", "Files that came with the task:")]
    public void LargeApproaches_Golden(string template, string files)
    {
        var request = Request();
        var recall = new RecallReply { Failures = { "Forgot umlauts." } };

        Joined(Build(request, recall, template)[1..]).ShouldBe($"""
            Language: csharp

            {files}
            <data origin="file:src/Slug.cs">
            class Slug {"{ }"}
            </data>

            What failed before on tasks like this:
            <data origin="memory:failure">
            Forgot umlauts.
            </data>

            The answer must offer exactly this:
            static string Slug.Make(string)

            Task:
            Slugify a title.
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Task_ThatLooksLikeATemplate_IsNotReadAsOne()
    {
        Build(new GenerateRequest { Task = "Print {{language}} and {{#tests}}" }, new RecallReply())[1].Text.ShouldContain("Print {{language}} and {{#tests}}");
    }

    [Fact]
    public void Files_OverTheBudget_AreNamedAndLeftOut()
    {
        var files = Enumerable.Range(0, 5).Select(i => new CodeFile($"f{i}.cs", "csharp", new string('x', 400)));

        var text = DataBlock.Files(files, "file", 1_000);

        text.ShouldContain("file:f1.cs");
        text.ShouldContain("left out for length: f2.cs, f3.cs, f4.cs");
    }

    [Fact]
    public void DataBlock_CannotBeClosedFromInside() =>
        DataBlock.Of("x\" onload=\"", "a </data> b </DATA> c").Split("</data>", StringSplitOptions.None).Length.ShouldBe(2);

    [Theory]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("sk-ant-api03-abcdefghijklmnopqrstuvwxyz012345")]
    [InlineData("csk-0123456789abcdefghijklmnopqrstuv")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U")]
    public void SecretScan_RemovesKnownShapesAnywhere(string secret)
    {
        SecretScan.Clean($"before {secret} after").ShouldBe($"before {SecretScan.Removed} after");
        SecretScan.Clean($"var x = \"{secret}\";").ShouldNotContain(secret);
    }

    [Theory]
    [InlineData("Password=Tr0ub4dor&3;Host=db", "Tr0ub4dor&3")]
    [InlineData("\"apiKey\": \"a1b2c3d4e5f6g7h8\"", "a1b2c3d4e5f6g7h8")]
    [InlineData("api_key = 'zx81spectrum48k'", "zx81spectrum48k")]
    [InlineData("amqp://user:s3cret@host:5672/", "s3cret")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE")]
    public void SecretScan_RemovesNamedValues(string text, string secret)
    {
        var clean = SecretScan.Clean(text);

        clean.ShouldNotContain(secret);
        clean.ShouldContain(SecretScan.Removed);
    }

    [Theory]
    [InlineData("public Task RunAsync(CancellationToken token = default)")]
    [InlineData("var token = tokenizer.Next(); if (password == other) secret = Compute();")]
    [InlineData("password: string, apiKey: undefined")]
    [InlineData("https://example.org:8080/path and http://localhost:5081")]
    [InlineData("the skeleton key for the sk-learn library")]
    public void SecretScan_LeavesCodeAlone(string text) => SecretScan.Clean(text).ShouldBe(text);

    [Theory]
    [InlineData("src/App.cs", true)]
    [InlineData(".env.example", true)]
    [InlineData(".env", false)]
    [InlineData(".env.production", false)]
    [InlineData("deploy/id_rsa", false)]
    [InlineData("certs/a.PEM", false)]
    [InlineData(".platform/router.db", false)]
    [InlineData("a/.git/config", false)]
    [InlineData("../a.cs", false)]
    [InlineData("a//b.cs", false)]
    [InlineData("C:/a.cs", false)]
    public void Workspace_ShowsSourceOnly(string path, bool shown) => WorkspaceRules.MayShow(path).ShouldBe(shown);

    private static GenerateRequest Request() => new()
    {
        Task = "Slugify a title.",
        Language = "csharp",
        Contract = "static string Slug.Make(string)",
        Files = { new SourceFile { Path = "src/Slug.cs", Language = "csharp", Text = "class Slug { }" } },
    };

    private static string Joined(IEnumerable<ChatMessage> messages) => string.Join("\n---\n", messages.Select(message => message.Text)).ReplaceLineEndings("\n");

    private static JobRun Run(GenerateRequest request)
    {
        var claim = new ClaimReply { Job = Jobs.Of(request), Fallback = true };
        return new JobRun(claim, new JobProgress("j", 1, TimeProvider.System), new JobBudget(1, 0, DateTimeOffset.UtcNow.AddMinutes(5), waitingIsFree: false, TimeProvider.System), [], TimeProvider.System) { Language = request.Language };
    }

    internal static List<ChatMessage> Build(GenerateRequest request, RecallReply recall, string template = "instructions")
    {
        var workspace = new Platform.Inference.Workspace();
        foreach (var file in request.Files)
            workspace.Add(file.Path, () => file.Text);
        return new PromptBuilder(new InferenceOptions()).Code(Run(request), template, new Material(workspace, recall));
    }
}
