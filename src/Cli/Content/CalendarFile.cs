using System.Globalization;
using System.Text;
using Platform.V1;

namespace Platform.Cli;

/// <summary>Writes posts as an iCalendar file (RFC 5545): one event a slot and post, in UTC, so that every calendar shows it in its own zone.</summary>
internal static class CalendarFile
{
    private const int MostOctets = 75;
    private const int TitleLength = 60;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    /// <summary>Begins a calendar.</summary>
    public static void Begin(TextWriter writer, string name)
    {
        Line(writer, "BEGIN:VCALENDAR");
        Line(writer, "VERSION:2.0");
        Line(writer, "PRODID:-//Platform//Campaign export//EN");
        Line(writer, "CALSCALE:GREGORIAN");
        Line(writer, $"X-WR-CALNAME:{Escape(name)}");
    }

    /// <summary>Writes a post; one without a slot has no place in a calendar and is left out.</summary>
    public static bool Write(TextWriter writer, Post post, DateTimeOffset stamp)
    {
        if (!DateTimeOffset.TryParse(post.Slot, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return false;
        Line(writer, "BEGIN:VEVENT");
        Line(writer, $"UID:{Escape(post.Id)}@platform");
        Line(writer, $"DTSTAMP:{Time(stamp)}");
        Line(writer, $"DTSTART:{Time(at)}");
        Line(writer, $"DTEND:{Time(at + Length)}");
        Line(writer, $"SUMMARY:{Escape($"{post.Platform} ({post.Variant}): {Title(post.Text)}")}");
        Line(writer, $"DESCRIPTION:{Escape(string.Join("\n\n", post.Parts.DefaultIfEmpty(post.Text)))}");
        Line(writer, $"CATEGORIES:{Escape(post.Platform)}");
        Line(writer, $"STATUS:{(post.State == "approved" ? "CONFIRMED" : post.State is "rejected" or "cancelled" or "failed" or "invalid" or "blocked" ? "CANCELLED" : "TENTATIVE")}");
        Line(writer, "END:VEVENT");
        return true;
    }

    /// <summary>Ends a calendar.</summary>
    public static void End(TextWriter writer) => Line(writer, "END:VCALENDAR");

    /// <summary>Lines are folded at 75 octets and never inside a character.</summary>
    private static void Line(TextWriter writer, string line)
    {
        var (octets, folded) = (0, new StringBuilder(line.Length + 8));
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MostOctets)
            {
                folded.Append("\r\n ");
                octets = 1;
            }

            folded.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        writer.Write(folded.Append("\r\n"));
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
        .Replace("\r\n", "\\n", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\n", StringComparison.Ordinal);

    private static string Title(string text)
    {
        var line = text.Split('\n', 2)[0];
        var info = new StringInfo(line);
        return info.LengthInTextElements <= TitleLength ? line : $"{info.SubstringByTextElements(0, TitleLength)}…";
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
