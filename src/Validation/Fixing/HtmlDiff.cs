using System.Net;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Platform.Validation;

/// <summary>Renders changes as HTML, old text on the left and new on the right. Everything that comes from a file is encoded.</summary>
public static class HtmlDiff
{
    private const int Context = 4;

    private const string Style = """
        table.diff{border-collapse:collapse;width:100%;table-layout:fixed;font:13px/1.45 ui-monospace,monospace}
        table.diff td{vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere;padding:0 .5em}
        table.diff td.n{width:3.5em;text-align:right;opacity:.6;user-select:none}
        table.diff td.old{background:#fdeaea}table.diff td.new{background:#e8f6ec}
        table.diff del{background:#f4b6b6;text-decoration:none}table.diff ins{background:#a9dfb8;text-decoration:none}
        table.diff td.skip{text-align:center;opacity:.6}
        @media (prefers-color-scheme:dark){body{background:#16181c;color:#dde1e7}table.diff td.old{background:#40191c}table.diff td.new{background:#12331f}table.diff del{background:#7d2b30}table.diff ins{background:#1f6a3a}}
        """;

    /// <summary>A table of one file's change, for a page that brings its own style; empty when nothing changed.</summary>
    /// <param name="path">The file's name, shown as the caption.</param>
    /// <param name="before">The old text.</param>
    /// <param name="after">The new text.</param>
    public static string Table(string path, string before, string after)
    {
        if (before == after)
            return "";
        var model = new SideBySideDiffBuilder(new Differ()).BuildDiffModel(before, after, ignoreWhitespace: false);
        var html = new StringBuilder($"<table class=\"diff\"><caption>{WebUtility.HtmlEncode(path)}</caption><tbody>\n");
        var shown = Shown(model);
        for (var i = 0; i < model.OldText.Lines.Count; i++)
        {
            if (!shown[i])
            {
                if (i == 0 || shown[i - 1])
                    html.Append("<tr><td class=\"skip\" colspan=\"4\">&#8943;</td></tr>\n");
                continue;
            }
            html.Append("<tr>");
            Side(html, model.OldText.Lines[i], "old", "del");
            Side(html, model.NewText.Lines[i], "new", "ins");
            html.Append("</tr>\n");
        }
        return html.Append("</tbody></table>\n").ToString();
    }

    /// <summary>A whole page with the changes of all files and what was done; opens without any other file.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="before">The old files.</param>
    /// <param name="result">What came of the fix.</param>
    public static string Page(string title, IReadOnlyList<SourceFile> before, FixResult result)
    {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(WebUtility.HtmlEncode(title)).Append("</title><style>").Append(Style)
            .Append("</style></head><body><h1>").Append(WebUtility.HtmlEncode(title)).Append("</h1>\n");
        html.Append($"<p>{result.ErrorsBefore} errors before, {result.ErrorsAfter} after; {(result.Fixed ? "fixed" : "not fixed")}.</p>\n<ol>\n");
        foreach (var step in result.Steps)
            html.Append($"<li><code>{WebUtility.HtmlEncode(step.Error)}</code><br><b>{WebUtility.HtmlEncode(step.Fix)}</b> ({step.Source}): {WebUtility.HtmlEncode(step.Explanation)}</li>\n");
        html.Append("</ol>\n");
        foreach (var (old, now) in before.Zip(result.Files))
            html.Append(Table(old.Path, old.Text, now.Text));
        return html.Append("</body></html>\n").ToString();
    }

    private static bool[] Shown(SideBySideDiffModel model)
    {
        var count = model.OldText.Lines.Count;
        var shown = new bool[count];
        for (var i = 0; i < count; i++)
        {
            if (model.OldText.Lines[i].Type == ChangeType.Unchanged && model.NewText.Lines[i].Type == ChangeType.Unchanged)
                continue;
            for (var near = Math.Max(0, i - Context); near <= Math.Min(count - 1, i + Context); near++)
                shown[near] = true;
        }
        return shown;
    }

    private static void Side(StringBuilder html, DiffPiece line, string side, string mark)
    {
        var changed = line.Type is ChangeType.Deleted or ChangeType.Inserted or ChangeType.Modified;
        html.Append($"<td class=\"n\">{line.Position}</td><td{(changed ? $" class=\"{side}\"" : "")}>");
        if (line.Type == ChangeType.Modified && line.SubPieces.Count > 0)
        {
            foreach (var piece in line.SubPieces.Where(p => p.Text is not null))
                html.Append(piece.Type == ChangeType.Unchanged ? WebUtility.HtmlEncode(piece.Text) : $"<{mark}>{WebUtility.HtmlEncode(piece.Text)}</{mark}>");
        }
        else
            html.Append(WebUtility.HtmlEncode(line.Text ?? ""));
        html.Append("</td>");
    }
}
