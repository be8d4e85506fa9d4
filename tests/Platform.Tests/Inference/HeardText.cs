using Platform.V1;

namespace Platform.Tests.Inference;

/// <summary>The text that a client which follows a stream ends with.</summary>
internal static class HeardText
{
    public static string Heard(this IEnumerable<JobEvent> events) => events.Aggregate("", static (text, said) => said switch
    {
        { Token: { Reasoning: false } piece } => text + piece.Text,
        { Snapshot: { } whole } => whole.Text,
        { Restarted: not null } => "",
        _ => text,
    });
}
