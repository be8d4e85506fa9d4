using System.Reflection;

namespace Platform.TestHost;

/// <summary>A plain program as a test: it passes when its entry point returns 0 (or nothing) and throws nothing.</summary>
internal sealed class ProgramRun(ResultWriter output)
{
    /// <summary>Runs the entry point; true when it failed.</summary>
    public async Task<bool> RunAsync(Assembly suite)
    {
        const string name = "program";
        output.Start(name);
        try
        {
            var code = await InvokeAsync(suite);
            output.End(name, code == 0, code == 0 ? null : $"The program ended with exit code {code}.", 0);
            return code != 0;
        }
        catch (Exception e)
        {
            var failure = Failure.Of(e);
            output.End(name, false, failure.Message, failure.Line);
            return true;
        }
    }

    private static async Task<int> InvokeAsync(Assembly suite)
    {
        var entry = suite.EntryPoint ?? throw new InvalidOperationException("The program has no entry point.");
        object?[] arguments = entry.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];
        var result = entry.Invoke(null, arguments);
        switch (result)
        {
            case int code: return code;
            case Task<int> codeLater: return await codeLater;
            case Task later: await later; break;
        }
        return Environment.ExitCode;
    }
}
