using System.Collections.Frozen;

namespace Platform.Patterns;

/// <summary>Languages by the names of files.</summary>
public static class Languages
{
    /// <summary>What a file is when nothing else fits.</summary>
    public const string Text = "text";

    private static readonly FrozenDictionary<string, string> ByExtension = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
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
        [".kt"] = "kotlin",
        [".kts"] = "kotlin",
        [".scala"] = "scala",
        [".swift"] = "swift",
        [".c"] = "c",
        [".h"] = "c",
        [".cc"] = "cpp",
        [".cpp"] = "cpp",
        [".cxx"] = "cpp",
        [".hpp"] = "cpp",
        [".php"] = "php",
        [".rb"] = "ruby",
        [".sql"] = "sql",
        [".sh"] = "shell",
        [".bash"] = "shell",
        [".zsh"] = "shell",
        [".ps1"] = "powershell",
        [".md"] = "markdown",
        [".markdown"] = "markdown",
        [".rst"] = Text,
        [".txt"] = Text,
        [".adoc"] = Text,
        [".html"] = "html",
        [".htm"] = "html",
        [".css"] = "css",
        [".scss"] = "css",
        [".razor"] = "razor",
        [".cshtml"] = "razor",
        [".yaml"] = "yaml",
        [".yml"] = "yaml",
        [".json"] = "json",
        [".toml"] = "toml",
        [".xml"] = "xml",
        [".csproj"] = "xml",
        [".props"] = "xml",
        [".targets"] = "xml",
        [".proto"] = "protobuf",
        [".tf"] = "terraform",
        [".bicep"] = "bicep",
        [".fs"] = "fsharp",
        [".vb"] = "vb",
        [".lua"] = "lua",
        [".dart"] = "dart",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> ByAlias = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["c#"] = "csharp",
        ["cs"] = "csharp",
        ["py"] = "python",
        ["js"] = "javascript",
        ["ts"] = "typescript",
        ["golang"] = "go",
        ["rs"] = "rust",
        ["c++"] = "cpp",
        ["bash"] = "shell",
        ["sh"] = "shell",
        ["md"] = "markdown",
        ["postgresql"] = "sql",
        ["rb"] = "ruby",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Language of a path, by its extension; "text" when it is not known.</summary>
    public static string Of(string path)
    {
        var name = Path.GetFileName(path);
        if (ByExtension.TryGetValue(Path.GetExtension(path), out var language))
            return language;
        return name.Equals("Dockerfile", StringComparison.OrdinalIgnoreCase) ? "dockerfile" : name.Equals("Makefile", StringComparison.OrdinalIgnoreCase) ? "makefile" : Text;
    }

    /// <summary>One spelling for a language that a caller names: "C#" becomes "csharp".</summary>
    public static string Normalise(string language)
    {
        var trimmed = language.Trim();
        return ByAlias.TryGetValue(trimmed, out var name) ? name : trimmed.ToLowerInvariant();
    }
}
