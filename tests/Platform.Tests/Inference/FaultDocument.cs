using System.Text;
using Platform.Simulator;

namespace Platform.Tests.Inference;

/// <summary>Prints <see cref="FaultMatrix"/> as <c>docs/faults.md</c>; engines that behave alike share a line.</summary>
internal static class FaultDocument
{
    public const string Path = "docs/faults.md";

    /// <summary>With "1" the test that compares the file writes it anew.</summary>
    public const string RewriteVariable = "PLATFORM_WRITE_DOCS";

    private const string Introduction =
        """
        # What happens when an engine fails

        Every fault of the Simulator at every kind of engine, streamed (`stream`) and whole (`unary`). `tests/Platform.Tests/Inference/FaultMatrixSpec.cs` plays each line for each of
        its engines and this page is printed from the same data (`PLATFORM_WRITE_DOCS=1` writes it anew), with default settings: one retry an engine, broken streams restarted.

        - **Fails**: before the first token the failure is silent; after it the caller gets `restarted` and the new text under a higher draft number. Of a whole answer the caller
          sees nothing before it is there; one that was cut by the output limit is taken back the same way.
        - **Then**: who answers when one call fails and the rest is healthy, with upstream calls / retries / fallbacks, and what is counted for the failed call beside the answer's own cost.
        - **For ever**: what comes of the job, after how many upstream calls, when every call fails so and fallback is off. No broken answer is ever a success.


        """;

    private const string Head = "| fault | asked | engine | fails | then | calls / retries / fallbacks | cost of the failed call | for ever |\n|---|---|---|---|---|---|---|---|\n";

    public static string Write()
    {
        var text = new StringBuilder(Introduction).Append(Head);
        foreach (var fault in SimulatorOptions.FaultNames)
        {
            foreach (var alike in FaultMatrix.Cells.Where(cell => cell.Fault == fault).GroupBy(cell => (cell.Stream, Line: Line(cell))))
                text.Append($"| `{fault}` | {(alike.Key.Stream ? "stream" : "unary")} | {Names([.. alike])} | {alike.Key.Line} |\n");
        }

        return text.ToString();
    }

    private static string Line(FaultCell cell) =>
        $"{Fails(cell)} | {Then(cell)} | {cell.Calls} / {cell.Retries} / {cell.Fallbacks} | {Cost(cell)} | {Endless(cell)}";

    private static string Names(IReadOnlyList<FaultCell> cells) => cells.Count == FaultMatrix.Engines.Count ? "every" : string.Join(", ", cells.Select(cell => cell.Engine));

    private static string Fails(FaultCell cell) => cell.AfterFirstToken switch
    {
        null => "not at all",
        true => cell.Stream ? "after the first token" : "after the text",
        false => "before the first token",
    };

    private static string Then(FaultCell cell) => cell.Answered switch
    {
        Answered.AtOnce => "the answer is whole",
        Answered.Again => "the same engine answers",
        _ => "the next engine answers",
    };

    private static string Cost(FaultCell cell) => cell.Billed switch
    {
        _ when cell.AfterFirstToken is null => "none failed",
        Billed.Nothing => "none: refused",
        Billed.Prompt => "prompt, estimated",
        Billed.Written => "prompt and text so far, estimated",
        _ => "as the engine says",
    };

    private static string Endless(FaultCell cell) => cell.EndlessCode is { } code ? $"`{code}` after {cell.EndlessCalls}" : "success";
}
