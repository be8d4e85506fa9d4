using System.Reflection;

namespace Platform.TestHost;

/// <summary>
/// Runs inside the sandbox: <c>Platform.TestHost.dll SUITE.dll</c>. The first line of standard input is the secret that marks
/// every result line, so that what the tested code prints cannot be taken for a result.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var secret = Console.In.ReadLine() ?? "";
        using var output = new ResultWriter(Console.OpenStandardOutput(), secret);
        Console.SetIn(TextReader.Null);
        var printed = new BoundedWriter(64 * 1024);
        Console.SetOut(printed);
        Console.SetError(printed);
        if (args is [var folder, "results"])
        {
            new ReportRun(output).Read(folder);
            output.Done("");
            return 0;
        }
        var suite = Assembly.LoadFrom(Path.GetFullPath(args[0]));
        var failed = args is [_, "program", ..]
            ? await new ProgramRun(output).RunAsync(suite)
            : await new SuiteRun(output).RunAsync(suite);
        if (suite.GetType("PlatformCoverageProbes")?.GetField("Reached")?.GetValue(null) is bool[] reached)
            output.Reached(reached.Index().Where(probe => probe.Item).Select(probe => probe.Index));
        output.Done(printed.ToString());
        // Threads that the tested code left behind must not keep the process alive.
        Environment.Exit(failed ? 1 : 0);
        return 0;
    }
}
