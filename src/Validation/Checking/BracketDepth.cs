namespace Platform.Validation;

/// <summary>How deep brackets are nested, counted without a parser: a bound on what a recursive one may be given.</summary>
internal static class BracketDepth
{
    /// <summary>Deepest nesting that is parsed; code that people or engines write stays below 50.</summary>
    public const int Most = 500;

    /// <summary>True when more brackets are open at once than allowed. Texts and comments count too, which matters only for those that hold hundreds of open brackets.</summary>
    public static bool Exceeds(string text)
    {
        var (depth, angles) = (0, 0);
        foreach (var c in text)
        {
            switch (c)
            {
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth = Math.Max(0, depth - 1);
                    break;
                case '<':
                    angles++;
                    break;
                case '>':
                    angles = Math.Max(0, angles - 1);
                    break;
                case ';':
                    // A comparison has no partner; a list of type arguments does not reach over a semicolon.
                    angles = 0;
                    break;
            }
            if (depth + angles > Most)
                return true;
        }
        return false;
    }
}
