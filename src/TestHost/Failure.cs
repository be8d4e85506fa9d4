using System.Diagnostics;
using System.Reflection;

namespace Platform.TestHost;

/// <summary>What went wrong and where: the innermost cause and the last line of the tests' own files that was reached.</summary>
internal sealed record Failure(string Message, int Line)
{
    /// <summary>Reads an exception; line 0 when the stack names no file.</summary>
    public static Failure Of(Exception exception)
    {
        var cause = Unwrap(exception);
        var name = cause.GetType().Namespace == "Xunit.Sdk" ? "" : cause.GetType().FullName + ": ";
        return new Failure(name + cause.Message, LineOf(cause));
    }

    public static Exception Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        TypeInitializationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions.Count: 1 } many => Unwrap(many.InnerExceptions[0]),
        _ => exception,
    };

    private static int LineOf(Exception exception)
    {
        // The outermost frame with a file is the test method: that is the line a reader wants.
        var frames = new StackTrace(exception, fNeedFileInfo: true).GetFrames();
        return frames.LastOrDefault(f => f.GetFileName() is not null)?.GetFileLineNumber() ?? 0;
    }
}
