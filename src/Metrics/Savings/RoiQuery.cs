using System.Globalization;
using Microsoft.AspNetCore.Http;
using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>The return on investment as an address asks for it; page, report and export read it alike.</summary>
internal sealed class RoiQuery
{
    private const int LongestName = 200;
    private const int LongestShown = 40;
    private readonly List<string> _problems = [];
    private readonly IQueryCollection _query;

    /// <summary>Reads an address.</summary>
    public RoiQuery(IQueryCollection query)
    {
        _query = query;
        Request = new RoiRequest { Simulated = query["simulated"] == "1", Team = Name("team"), Project = Name("project") };
        Read("baseline", v => Request.BaselineSeconds = v);
        Read("seconds", v => Request.Seconds = v);
        Read("rate", v => Request.Rate = v);
        Read("tasks", v => Request.TasksPerDay = v);
        Read("people", v => Request.People = v);
        Read("review", v => Request.ReviewSeconds = v);
        Read("line", v => Request.LineSeconds = v);
        Read("running", v => Request.RunningCostMonth = v);
        Read("target", v => Request.TargetUsd = v);
    }

    /// <summary>What is asked for.</summary>
    public RoiRequest Request { get; }

    /// <summary>What cannot be read, each naming field and value.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>A field as it was written.</summary>
    public string Text(string field) => _query[field].ToString();

    private void Read(string field, Action<double> set)
    {
        var text = _query[field].ToString();
        if (string.IsNullOrWhiteSpace(text))
            return;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            set(value);
        else
            _problems.Add($"{field} is '{Short(text)}'; it must be a number such as 210.5.");
    }

    private string Name(string field)
    {
        var text = _query[field].ToString();
        if (text.Length <= LongestName)
            return text;
        _problems.Add($"{field} has {text.Length} characters; the limit is {LongestName}.");
        return "";
    }

    private static string Short(string text) => text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");
}
