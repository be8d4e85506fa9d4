using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Platform.Simulator;
using Platform.Simulator.Answers;
using Platform.Simulator.Http;
using Shouldly;
using Xunit;
using static Platform.Tests.Simulator.SimulatorCalls;

namespace Platform.Tests.Simulator;

public sealed class GeneratedAnswerTests
{
    private static string Write(string user, int seed = 1, string system = "") =>
        GeneratedAnswer.Write(new ChatRequest { Model = "m", Turns = [new("system", system), new("user", user)] }, seed).Text;

    [Theory]
    [InlineData("Write a function that adds two numbers in Python.", "python")]
    [InlineData("Implement a C# class Basket.", "csharp")]
    [InlineData("Language: go\nImplement a method that reverses a list.", "go")]
    [InlineData("Refactor this:\n```ts\nlet a = 1;\n```", "typescript")]
    [InlineData("Implement a stub in Rust", "rust")]
    [InlineData("Write code: a debounce function, using JavaScript", "javascript")]
    [InlineData("Implement a class for orders", "csharp")]
    public void Code_InALanguage_IsOneLabelledFencedBlock(string prompt, string language)
    {
        var text = Write(prompt);

        text.ShouldStartWith("```" + language + "\n");
        text.ShouldEndWith("\n```");
        text.Split("```").Length.ShouldBe(3);
        text.ShouldContain("simulated");
    }

    [Theory]
    [InlineData("Implement a C# class Basket.", "Basket")]
    [InlineData("Write a C# method that sorts orders by date", "SimulatedSortsOrdersDate")]
    public void Code_CSharp_CompilesWithoutImplicitUsings(string prompt, string name)
    {
        var code = Write(prompt).Replace("```csharp", "", StringComparison.Ordinal).Replace("```", "", StringComparison.Ordinal);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create("made", [CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], options);

        compilation.GetDiagnostics(TestContext.Current.CancellationToken).ShouldBeEmpty();
        code.ShouldContain("class " + name);
    }

    [Fact]
    public void Posts_OfACampaign_AreDistinctDeterministicAndWithinTheLimit()
    {
        var platforms = (string[])["twitter", "linkedin", "instagram", "facebook"];
        List<string> Posts(int seed) => [.. Enumerable.Range(0, 200).Select(index => Write(
            $"Write one social post for {platforms[index % 4]}.\nBrief: electric cargo bicycles for city families, quiet, sturdy, financed monthly\nSlot: {index / 4}\nVariant: A\nUse at most 120 characters.", seed))];

        var posts = Posts(1);

        posts.ShouldAllBe(post => post.Length <= 120 && post.Length >= 20);
        posts.Distinct().Count().ShouldBeGreaterThanOrEqualTo(198);
        posts.Count(post => post.Contains("bicycle", StringComparison.OrdinalIgnoreCase) || post.Contains("cargo", StringComparison.OrdinalIgnoreCase)).ShouldBeGreaterThan(20);
        Posts(1).ShouldBe(posts);
        Posts(2).ShouldNotBe(posts);
    }

    [Fact]
    public void Posts_OfACampaign_AreNotNearDuplicates()
    {
        var posts = Enumerable.Range(0, 200).Select(index => Write($"Write a LinkedIn post.\nTopic: mountain tea from small farms, fair prices, slow drying\nSlot: day {index}")).ToList();
        var shingles = posts.Select(Shingles).ToList();
        var near = 0;
        for (var left = 0; left < shingles.Count; left++)
        {
            for (var right = left + 1; right < shingles.Count; right++)
            {
                var shared = shingles[left].Count(shingles[right].Contains);
                near += shared > 0.8 * (shingles[left].Count + shingles[right].Count - shared) ? 1 : 0;
            }
        }

        near.ShouldBe(0);
    }

    private static HashSet<string> Shingles(string text)
    {
        var words = text.ToLowerInvariant().Split(' ');
        return [.. words.Zip(words.Skip(1), (left, right) => left + " " + right)];
    }

    [Theory]
    [InlineData("at most 40 characters", 40)]
    [InlineData("in 60 characters or less", 60)]
    [InlineData("maximum length: 50", 50)]
    [InlineData("a 70-character limit", 70)]
    [InlineData("no more than 1,000 characters", 1_000)]
    public void Posts_KeepAStatedLimit(string words, int limit) =>
        Write($"Write a tweet about sunny holidays on quiet islands, {words}").Length.ShouldBeLessThanOrEqualTo(limit);

    [Fact]
    public void JsonArray_AskedInWords_HasTheAskedNumberAndTheExampleKeys()
    {
        var text = Write("Write 7 posts about garden tools. Answer with a JSON array only, like [{\"text\": \"...\", \"platform\": \"...\"}]. Each at most 90 characters.");

        var items = JsonDocument.Parse(text).RootElement.EnumerateArray().ToList();

        items.Count.ShouldBe(7);
        items.Select(item => item.GetProperty("text").GetString()).Distinct().Count().ShouldBe(7);
        items.ShouldAllBe(item => item.GetProperty("text").GetString()!.Length <= 90);
    }

    [Fact]
    public void JsonArray_WithoutExample_IsAListOfTexts() =>
        JsonDocument.Parse(Write("Give 3 tweets about tea as a JSON array of strings")).RootElement.EnumerateArray().Count(item => item.ValueKind == JsonValueKind.String).ShouldBe(3);

    [Fact]
    public void JsonObject_WithoutExample_SaysSimulated() =>
        JsonDocument.Parse(Write("Respond in JSON: what is tea?")).RootElement.GetProperty("simulated").GetBoolean().ShouldBeTrue();

    [Fact]
    public void Prose_LongHostilePrompt_IsShortAndQuick() =>
        Write(string.Concat(Enumerable.Repeat("{\"a", 200_000))).Length.ShouldBeLessThan(500);

    [Fact]
    public async Task Calls_AreLoggedWithoutKeysAndBounded()
    {
        await using var server = await StartAsync(new() { CallLogCapacity = 3 });
        using var client = Client(server);
        client.DefaultRequestHeaders.Add("x-api-key", "sk-secret");
        for (var number = 1; number <= 5; number++)
            await PostAsync(client, Chat, ChatBody($"question {number}"));

        server.TotalCalls.ShouldBe(5);
        server.Calls.Select(call => call.Number).ShouldBe([3, 4, 5]);
        server.Calls[^1].Prompt.ShouldContain("user: question 5");
        server.Calls[^1].Model.ShouldBe("gpt-oss-120b");
        server.Calls[^1].Answer.ShouldNotBeEmpty();
        server.Calls[^1].Headers.Values.ShouldAllBe(value => !value.Contains("secret") && !value.Contains("test-key"));
    }

    [Fact]
    public async Task Start_TakenPort_SaysWhich()
    {
        await using var server = await StartAsync();

        var problem = await Should.ThrowAsync<IOException>(() => StartAsync(new() { Port = server.Address.Port }));

        problem.Message.ShouldStartWith($"port: {server.Address.Port} on 127.0.0.1 cannot be opened");
        server.Address.IsLoopback.ShouldBeTrue();
    }
}
