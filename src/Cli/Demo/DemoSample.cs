namespace Platform.Cli.Demo;

/// <summary>The small code base that an installed tool indexes when there is no repository around it: the demo's own files.</summary>
internal static class DemoSample
{
    private static readonly string[] Files = ["slug.md", "slug.tests.cs", "roman.md", "roman.tests.cs"];

    /// <summary>Writes the sample into a temporary folder.</summary>
    public static string Unpack()
    {
        var folder = Directory.CreateTempSubdirectory("platform-sample-").FullName;
        foreach (var file in Files)
            File.WriteAllText(Path.Combine(folder, file), DemoTask.Text(file));
        return folder;
    }
}
