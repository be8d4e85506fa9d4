namespace Platform.Validation;

/// <summary>The languages the library knows, and how file names and fence words map to them.</summary>
public static class Languages
{
    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        [".cs"] = "csharp",
        [".csx"] = "csharp",
        [".py"] = "python",
        [".pyi"] = "python",
        [".js"] = "javascript",
        [".mjs"] = "javascript",
        [".cjs"] = "javascript",
        [".jsx"] = "javascript",
        [".ts"] = "typescript",
        [".tsx"] = "typescript",
        [".mts"] = "typescript",
        [".cts"] = "typescript",
        [".go"] = "go",
        [".rs"] = "rust",
        [".java"] = "java",
        [".sh"] = "shell",
        [".bash"] = "shell",
        [".sql"] = "sql",
        [".json"] = "json",
        [".yaml"] = "yaml",
        [".yml"] = "yaml",
        [".xml"] = "xml",
        [".csproj"] = "xml",
        [".props"] = "xml",
        [".targets"] = "xml",
        [".config"] = "xml",
        [".resx"] = "xml",
        [".svg"] = "xml",
        [".xaml"] = "xml",
        [".md"] = "markdown",
        [".markdown"] = "markdown",
        [".txt"] = "text",
    };

    private static readonly Dictionary<string, string> Fences = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cs"] = "csharp",
        ["c#"] = "csharp",
        ["dotnet"] = "csharp",
        ["py"] = "python",
        ["python3"] = "python",
        ["js"] = "javascript",
        ["node"] = "javascript",
        ["mjs"] = "javascript",
        ["cjs"] = "javascript",
        ["jsx"] = "javascript",
        ["ts"] = "typescript",
        ["tsx"] = "typescript",
        ["golang"] = "go",
        ["rs"] = "rust",
        ["sh"] = "shell",
        ["bash"] = "shell",
        ["zsh"] = "shell",
        ["console"] = "shell",
        ["shell-session"] = "shell",
        ["postgresql"] = "sql",
        ["sqlite"] = "sql",
        ["tsql"] = "sql",
        ["jsonc"] = "json",
        ["yml"] = "yaml",
        ["csproj"] = "xml",
        ["html"] = "xml",
        ["svg"] = "xml",
        ["md"] = "markdown",
        ["txt"] = "text",
        ["plaintext"] = "text",
        ["plain"] = "text",
    };

    /// <summary>Every language name in use, the most often generated first.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["csharp", "python", "javascript", "typescript", "go", "rust", "java", "shell", "sql", "json", "yaml", "xml", "markdown", "text"];

    /// <summary>The language of a file by its extension; <c>text</c> when the extension says nothing.</summary>
    public static string FromPath(string path) => Extensions.GetValueOrDefault(System.IO.Path.GetExtension(path), "text");

    /// <summary>The language behind a fence word or a user's word (<c>c#</c>, <c>py</c>, <c>bash</c>); null when it names none.</summary>
    public static string? FromFence(string? word)
    {
        word = word?.Trim();
        if (string.IsNullOrEmpty(word))
            return null;
        return Fences.GetValueOrDefault(word) ?? All.FirstOrDefault(l => l.Equals(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The usual extension with its dot, for a file that has no name yet.</summary>
    public static string ExtensionOf(string language) =>
        Extensions.FirstOrDefault(e => e.Value == language).Key ?? ".txt";
}
