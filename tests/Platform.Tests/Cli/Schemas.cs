using System.Text.Json;

namespace Platform.Tests.Cli;

/// <summary>The schemas in docs/schemas, one per document that a command prints.</summary>
internal static class Schemas
{
    public static string Folder { get; } = Find();

    public static JsonElement Read(string name) => JsonElement.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")));

    /// <summary>Fails when a document does not fit, and says where.</summary>
    public static JsonElement ShouldFit(this JsonElement document, string schema)
    {
        string.Join('\n', JsonSchema.Problems(Read(schema), document)).ShouldBe("", $"{schema}.json against {document}");
        return document;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
                return Path.Combine(folder.FullName, "docs", "schemas");
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Platform.sln.");
    }
}
