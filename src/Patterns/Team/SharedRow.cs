using Platform.V1;

namespace Platform.Patterns;

/// <summary>Row of a pattern on its way out.</summary>
internal sealed class SharedRow
{
    public long Number { get; set; }

    public string Id { get; set; } = "";

    public string ContentHash { get; set; } = "";

    public string Project { get; set; } = "";

    public string Licence { get; set; } = "";

    public string? Origin { get; set; }

    public string Path { get; set; } = "";

    public long StartLine { get; set; }

    public long EndLine { get; set; }

    public string Language { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string Doc { get; set; } = "";

    public string Text { get; set; } = "";

    public string Signature { get; set; } = "";

    public string Space { get; set; } = "";

    public string? Files { get; set; }

    public string? Task { get; set; }

    public long? TestsPassed { get; set; }

    public string? TestsTrust { get; set; }

    /// <summary>Whether it holds a secret: such a one never leaves.</summary>
    public bool HoldsSecret => new[] { Text, Doc, Task ?? "", Files ?? "" }.Any(t => SecretScan.Find(t) is not null);

    public SharedPattern ToShared()
    {
        var shared = new SharedPattern
        {
            Cursor = Number,
            Project = SharedPatterns.Bare(Project),
            Licence = Licence,
            Origin = Origin ?? "",
            Path = Path,
            StartLine = (int)StartLine,
            EndLine = (int)EndLine,
            Language = Language,
            Kind = Kind,
            Name = Name,
            Doc = Doc,
            Text = Text,
            Task = Task ?? "",
            TestsPassed = TestsPassed is > 0,
            TestsTrust = Files is null ? "" : StoredResult.TrustOf(TestsTrust ?? "", TestsPassed ?? 0),
            Signature = Signature,
            Space = Space,
        };
        if (Files is not null)
            shared.Files.Add(StoredResult.Unpack(Files));
        shared.Hash = SharedPatterns.HashOf(shared);
        return shared;
    }
}
