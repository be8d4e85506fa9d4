using System.Text;

namespace Platform.TestHost;

/// <summary>Keeps the first <paramref name="limit"/> characters that the tested code prints and drops the rest.</summary>
internal sealed class BoundedWriter(int limit) : TextWriter
{
    private readonly StringBuilder kept = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (kept)
        {
            if (kept.Length < limit)
                kept.Append(value);
        }
    }

    public override void Write(char[] buffer, int index, int count) => Keep(buffer.AsSpan(index, count));

    public override void Write(string? value) => Keep(value);

    private void Keep(ReadOnlySpan<char> text)
    {
        lock (kept)
            kept.Append(text[..Math.Min(text.Length, Math.Max(0, limit - kept.Length))]);
    }

    public override string ToString()
    {
        lock (kept)
            return kept.ToString();
    }
}
