using Platform.Inference;

namespace Platform.Tests.Inference;

/// <summary>Two parts of one answer, written by two calls, become one text.</summary>
public sealed class JointTests
{
    private const string Begun = "Here is the code:\n```csharp\npublic static int Add(int left, int right)\n{\n    return le";

    [Theory]
    [InlineData("ft + right;\n}\n```", "ft + right;\n}\n```")]
    [InlineData("```csharp\nft + right;\n}\n```", "ft + right;\n}\n```")]
    [InlineData("    return left + right;\n}\n```", "ft + right;\n}\n```")]
    public void Of_Continuation_IsJoinedWithoutRepetition(string next, string tail) =>
        Joint.Of(Begun, next).ShouldBe((false, tail));

    [Fact]
    public void Of_AnswerThatBeginsAnew_ReplacesWhatCame()
    {
        const string whole = Begun + "ft + right;\n}\n```";

        Joint.Of(Begun, whole).ShouldBe((true, whole));
    }

    [Fact]
    public void Of_EmptyContinuation_AddsNothing() => Joint.Of(Begun, "").ShouldBe((false, ""));

    [Fact]
    public void Of_ProseOutsideABlock_KeepsItsFence() =>
        Joint.Of("Some words and then ", "```\ncode\n```").ShouldBe((false, "```\ncode\n```"));
}
