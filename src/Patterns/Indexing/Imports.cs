using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>
/// The packages that a file imports and the names it knows them by. A pattern that uses one of the names is tagged <c>api:</c> and the package. C# imports name no
/// types, so that there the types of well-known packages tell.
/// </summary>
internal sealed partial class Imports
{
    /// <summary>Begins every tag of a package.</summary>
    public const string Prefix = "api:";

    private const int MostNames = 200;
    private const int MostTags = 6;
    private const int LongestTag = 60;

    private static readonly FrozenDictionary<string, string> DotNet = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["System.Net.Http"] = "HttpClient HttpRequestMessage HttpResponseMessage",
        ["System.Text.Json"] = "JsonSerializer JsonDocument JsonElement JsonNode Utf8JsonReader",
        ["Newtonsoft.Json"] = "JsonConvert JObject JArray JToken",
        ["System.Text.RegularExpressions"] = "Regex GeneratedRegex",
        ["System.IO"] = "File Directory FileStream StreamReader StreamWriter FileInfo DirectoryInfo",
        ["System.Diagnostics"] = "Process Stopwatch ActivitySource",
        ["System.Threading.Channels"] = "Channel ChannelReader ChannelWriter",
        ["System.Collections.Concurrent"] = "ConcurrentDictionary ConcurrentQueue BlockingCollection",
        ["System.Security.Cryptography"] = "SHA256 SHA512 Aes AesGcm HMACSHA256 RandomNumberGenerator",
        ["System.Net.Sockets"] = "Socket TcpClient TcpListener UdpClient",
        ["Microsoft.Data.Sqlite"] = "SqliteConnection SqliteCommand",
        ["Npgsql"] = "NpgsqlConnection NpgsqlDataSource NpgsqlCommand",
        ["Microsoft.EntityFrameworkCore"] = "DbContext DbSet ModelBuilder",
        ["Microsoft.Extensions.Logging"] = "ILogger LoggerMessage",
        ["Microsoft.Extensions.Hosting"] = "BackgroundService IHostedService",
        ["Microsoft.AspNetCore"] = "WebApplication HttpContext ControllerBase IActionResult",
        ["Grpc"] = "RpcException ServerCallContext GrpcChannel CallInvoker",
        ["MassTransit"] = "IConsumer ConsumeContext IPublishEndpoint",
        ["xunit"] = "Fact Theory InlineData",
    }.SelectMany(p => p.Value.Split(' ').Select(name => (Name: name, Package: p.Key))).ToFrozenDictionary(p => p.Name, p => p.Package, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> DotNetByWord = DotNet.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly List<(string Tag, string Name)> _names = [];
    private readonly bool _isDotNet;

    private Imports(bool isDotNet) => _isDotNet = isDotNet;

    /// <summary>What a text imports.</summary>
    public static Imports Of(string language, string text)
    {
        var imports = new Imports(language == "csharp");
        switch (language)
        {
            case "python":
                imports.Read(Python(), text, static m => m.Groups["from"].Success ? m.Groups["from"].Value : "", '.');
                break;
            case "javascript" or "typescript":
                imports.Read(Script(), text, static m => m.Groups["from"].Value, '\0');
                break;
            case "java" or "kotlin" or "scala":
                foreach (Match match in Java().Matches(text).Take(MostNames))
                    imports.Add(match.Groups["from"].Value, match.Groups["name"].Value);
                break;
            case "go":
                foreach (Match match in Go().Matches(text).Take(MostNames))
                    imports.Add(match.Groups["from"].Value, match.Groups["name"].Length > 0 ? match.Groups["name"].Value : match.Groups["from"].Value[(match.Groups["from"].Value.LastIndexOf('/') + 1)..]);
                break;
            case "rust":
                imports.Read(Rust(), text, static m => m.Groups["from"].Value, '\0');
                break;
        }

        return imports;
    }

    /// <summary>Tags of the packages that a piece of code uses.</summary>
    public IEnumerable<string> UsedIn(string code)
    {
        var used = _isDotNet ? DotNetIn(code) : _names.Where(n => Says(code, n.Name)).Select(n => n.Tag);
        return used.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostTags).Select(t => Prefix + t.ToLowerInvariant());
    }

    /// <summary>Packages by the types that a code names; read word by word without making strings of them.</summary>
    private static HashSet<string> DotNetIn(ReadOnlySpan<char> code)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < code.Length;)
        {
            var start = i;
            while (i < code.Length && IsWord(code[i]))
                i++;
            if (i > start && char.IsAsciiLetterUpper(code[start]) && DotNetByWord.TryGetValue(code[start..i], out var package))
                used.Add(package);
            i = i == start ? i + 1 : i;
        }

        return used;
    }

    /// <summary>Names after an import: with "as" the second counts.</summary>
    private void Read(Regex pattern, string text, Func<Match, string> packageOf, char separator)
    {
        foreach (Match match in pattern.Matches(text).Take(MostNames))
        {
            foreach (var part in match.Groups["names"].Value.Split([',', '{', '}', '(', ')', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var words = part.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
                if (words.Length == 0)
                    continue;
                var package = packageOf(match) is { Length: > 0 } from ? from : words[0];
                var name = words[^1];
                Add(separator == '\0' ? package : package.Split(separator)[0], separator == '\0' || words.Length > 1 ? name : name.Split(separator)[0]);
            }
        }
    }

    private void Add(string package, string name)
    {
        if (_names.Count < MostNames && package.Length is > 0 and <= LongestTag && package[0] is not ('.' or '/') && package is not ("crate" or "self" or "super") && name.Length > 1 && !package.Contains(' '))
            _names.Add((package, name));
    }

    private static bool Says(string code, string name)
    {
        for (var at = code.IndexOf(name, StringComparison.Ordinal); at >= 0; at = code.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            if ((at == 0 || !IsWord(code[at - 1])) && (end == code.Length || !IsWord(code[end])))
                return true;
        }

        return false;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    [GeneratedRegex(@"(?m)^[ \t]*(?:from[ \t]+(?<from>[\w.]+)[ \t]+)?import[ \t]+(?<names>\([\w\s,]+\)|[\w., \t]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Python();

    [GeneratedRegex(@"(?m)^[ \t]*(?:import[ \t]+(?<names>[\w\s,{}*$]+)[ \t]+from[ \t]+|(?:const|let|var)[ \t]+(?<names>[\w\s,:{}$]+)=[ \t]*require\()['""](?<from>[@\w./-]+)['""]", RegexOptions.NonBacktracking)]
    private static partial Regex Script();

    [GeneratedRegex(@"(?m)^[ \t]*import[ \t]+(?:static[ \t]+)?(?<from>[a-z][\w.]*)\.(?<name>[A-Z]\w*)", RegexOptions.NonBacktracking)]
    private static partial Regex Java();

    [GeneratedRegex(@"(?m)^[ \t]*(?:import[ \t]+)?(?<name>\w*)[ \t]*""(?<from>[\w./-]+)""[ \t]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Go();

    [GeneratedRegex(@"(?m)^[ \t]*(?:pub[ \t]+)?use[ \t]+(?<from>\w+)::(?<names>[\w\s:,{}]+);", RegexOptions.NonBacktracking)]
    private static partial Regex Rust();
}
