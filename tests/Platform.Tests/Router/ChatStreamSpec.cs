using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Router;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>What clients of the OpenAI-compatible door receive as a stream: every character once, and an error instead of two drafts mixed.</summary>
public sealed class ChatStreamSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly DefaultHttpContext _context = new();
    private readonly MemoryStream _body = new();
    private readonly ChatStream _stream;

    public ChatStreamSpec()
    {
        _context.Response.Body = _body;
        _stream = new ChatStream(_context.Response, new ChatAnswer("job-1", ChatModel.Find("platform-text")!, 0));
    }

    [Fact]
    public async Task EndAsync_AfterPieces_AddsOnlyWhatIsMissing()
    {
        await _stream.WriteAsync(1, "Tides ", Token);
        await _stream.WriteAsync(1, "rise", Token);
        await _stream.EndAsync(new JobResult { Text = "Tides rise and fall." }, withUsage: true, Token);

        Content().ShouldBe("Tides rise and fall.");
        Events().Count(e => e.TryGetProperty("usage", out _)).ShouldBe(1);
        Encoding.UTF8.GetString(_body.ToArray()).ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task EndAsync_TextThatWasTrimmed_IsTheSameText()
    {
        await _stream.WriteAsync(1, "\nTides rise.\n", Token);
        await _stream.EndAsync(new JobResult { Text = "Tides rise." }, withUsage: false, Token);

        Content().Trim().ShouldBe("Tides rise.");
    }

    [Fact]
    public async Task WriteAsync_AnotherDraftBeforeAnyText_Goes()
    {
        await _stream.BeatAsync(Token);
        await _stream.WriteAsync(2, "Tides", Token);

        Content().ShouldBe("Tides");
    }

    [Fact]
    public async Task WriteAsync_AnotherDraftAfterText_IsAnError()
    {
        await _stream.WriteAsync(1, "Tid", Token);

        (await Should.ThrowAsync<ChatException>(() => _stream.WriteAsync(2, "Tides", Token))).Code.ShouldBe("restarted");
        (await Should.ThrowAsync<ChatException>(() => _stream.EndAsync(new JobResult { Text = "Moons" }, withUsage: false, Token))).Code.ShouldBe("restarted");
    }

    [Fact]
    public void TextOf_CodeMendedWithoutAnEngine_IsTheMendedCode()
    {
        var result = new JobResult { Text = "```csharp\nint x = 1\n```", Code = "int x = 1;", Files = { new ResultFile { Path = "a.cs", Language = "csharp", Text = "int x = 1;\n" } } };

        ChatAnswer.TextOf(result).ShouldBe("```csharp\nint x = 1;\n```");
        result.Text = "Here:\n```csharp\nint x = 1;\n```";
        ChatAnswer.TextOf(result).ShouldBe(result.Text);
    }

    private string Content() => string.Concat(Events().SelectMany(e => e.GetProperty("choices").EnumerateArray())
        .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""));

    private List<JsonElement> Events() => [.. Encoding.UTF8.GetString(_body.ToArray()).Split("\n\n").Where(e => e.StartsWith("data: {", StringComparison.Ordinal)).Select(e => JsonElement.Parse(e["data: ".Length..]))];
}
