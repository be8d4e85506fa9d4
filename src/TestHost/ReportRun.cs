using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Platform.TestHost;

/// <summary>Says what <c>dotnet test</c> wrote into its reports: <c>Platform.TestHost.dll FOLDER results</c>, where the folder holds logs and the reports.</summary>
internal sealed partial class ReportRun(ResultWriter output)
{
    private const int MostShown = 5;

    /// <summary>Reads all reports; projects that were not restored, and those that did not build, are said as well.</summary>
    public void Read(string folder)
    {
        var unrestored = Lines(folder, "unrestored");
        var reports = Directory.GetFiles(Path.Combine(folder, "results"), "*.trx", SearchOption.AllDirectories);
        foreach (var report in reports.Order(StringComparer.Ordinal))
            Report(report);
        var failed = Lines(folder, "failed");
        if (reports.Length == 0 && failed.Count > 0)
        {
            foreach (var project in failed)
                output.End($"build of {project}", passed: false, "It does not build: " + Errors(folder, "test.log"), 0);
        }
        else if (reports.Length == 0 && unrestored.Count > 0)
            output.Missing("Packages are not on this machine and nothing is fetched: " + Errors(folder, "restore.log"));
    }

    private void Report(string path)
    {
        XDocument document;
        try
        {
            using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            document = XDocument.Load(reader);
        }
        catch (XmlException)
        {
            return; // Cut off in the middle: its tests count as not run.
        }
        foreach (var result in document.Descendants().Where(e => e.Name.LocalName == "UnitTestResult"))
        {
            var name = (string?)result.Attribute("testName") ?? "";
            var outcome = (string?)result.Attribute("outcome") ?? "";
            var message = result.Descendants().FirstOrDefault(e => e.Name.LocalName == "Message")?.Value;
            var stack = result.Descendants().FirstOrDefault(e => e.Name.LocalName == "StackTrace")?.Value ?? "";
            output.End(name, outcome == "Passed", outcome == "Passed" ? null : message ?? outcome, Line(stack), skipped: outcome == "NotExecuted");
        }
    }

    private static int Line(string stack) => FrameLine().Matches(stack).LastOrDefault() is { } frame && int.TryParse(frame.Groups[1].Value, out var line) ? line : 0;

    private static string Errors(string folder, string log)
    {
        var lines = Lines(folder, log).Select(l => ErrorLine().Match(l)).Where(m => m.Success).Select(m => m.Value.Trim()).Distinct().Take(MostShown).ToList();
        return lines.Count == 0 ? "see the output." : string.Join(" | ", lines);
    }

    private static List<string> Lines(string folder, string name) => File.Exists(Path.Combine(folder, name)) ? [.. File.ReadLines(Path.Combine(folder, name))] : [];

    [GeneratedRegex(@":line (\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex FrameLine();

    [GeneratedRegex(@"error [A-Z]{2,6}\d+: [^\[]*", RegexOptions.NonBacktracking)]
    private static partial Regex ErrorLine();
}
