namespace Platform.Validation;

/// <summary>Scripts that travel inside this assembly.</summary>
internal static class Embedded
{
    /// <summary>The text of an embedded file by its file name.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded file '{name}' is missing from {typeof(Embedded).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
