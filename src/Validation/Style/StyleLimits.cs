namespace Platform.Validation;

/// <summary>From where on style and size are remarked on.</summary>
public sealed record StyleLimits
{
    /// <summary>Longest line, in characters; default 160.</summary>
    public int LineLength { get; init; } = 160;

    /// <summary>Longest file, in lines; default 1,000.</summary>
    public int FileLines { get; init; } = 1000;

    /// <summary>Longest function or method, in lines; default 100.</summary>
    public int FunctionLines { get; init; } = 100;

    /// <summary>Whether a last line without an end is remarked on. Texts that are no files, such as an answer of an engine, usually have none.</summary>
    public bool LastLineEnd { get; init; }

    /// <summary>Most places of one rule in one file that are listed; the last says how many more there are. Default 10.</summary>
    public int Places { get; init; } = 10;
}
