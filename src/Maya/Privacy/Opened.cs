namespace Platform.Maya;

/// <summary>Rows that are opened one by one, because each may be about another person.</summary>
internal static class Opened
{
    /// <summary>Those that open; what is about people who were erased in between is left out.</summary>
    public static async Task<List<T>> EachAsync<T>(List<T> rows, Func<T, Task<T?>> open)
        where T : class
    {
        var there = new List<T>(rows.Count);
        foreach (var row in rows)
        {
            if (await open(row) is { } known)
                there.Add(known);
        }

        return there;
    }
}
