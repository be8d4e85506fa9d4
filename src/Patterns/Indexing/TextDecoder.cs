using System.Text;

namespace Platform.Patterns;

/// <summary>Bytes of a source file to text: byte order marks, UTF-8, else Latin-1, which never fails. Binary content is told apart.</summary>
internal static class TextDecoder
{
    private const int Probe = 8192;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text; null when the bytes are no text.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[3..];
        else if (bytes.StartsWith(Encoding.UTF32.Preamble))
            return Clean(Encoding.UTF32.GetString(bytes[4..]));
        else if (bytes.StartsWith(Encoding.Unicode.Preamble))
            return Clean(Encoding.Unicode.GetString(bytes[2..]));
        else if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Clean(Encoding.BigEndianUnicode.GetString(bytes[2..]));
        if (bytes[..Math.Min(bytes.Length, Probe)].Contains((byte)0))
            return null;
        try
        {
            return Clean(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return Clean(Encoding.Latin1.GetString(bytes));
        }
    }

    /// <summary>A text that both stores can hold: no NUL, no half of a surrogate pair.</summary>
    public static string Clean(string text)
    {
        if (!text.Contains('\0') && !HasLoneSurrogate(text))
            return text;
        var characters = text.ToCharArray();
        for (var i = 0; i < characters.Length; i++)
        {
            if (characters[i] == '\0')
                characters[i] = ' ';
            else if (char.IsHighSurrogate(characters[i]) && i + 1 < characters.Length && char.IsLowSurrogate(characters[i + 1]))
                i++;
            else if (char.IsSurrogate(characters[i]))
                characters[i] = '\uFFFD';
        }

        return new string(characters);
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return true;
        }

        return false;
    }
}
