using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Platform.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>What is said of a piece of code, what it is called and what it says itself, as stems.</summary>
internal sealed record TrainingPair(string[] Said, string[] Names, string[] Body);

/// <summary>
/// Reads pairs from source folders (documented members, and undocumented ones whose name says what they do) and from XML documentation files.
/// The same description counts twice at most and one package gives a limited number, so that generated clients do not drown the rest.
/// </summary>
internal sealed partial class TrainingPairs
{
    private const int MostOfOneDescription = 2;
    private const int MostOfOnePackage = 6000;
    private const int MostNamesOfOnePackage = 3000;
    private const int MostBodyTerms = 150;
    private const int MostDescription = 300;
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public List<TrainingPair> Pairs { get; } = [];

    public void Read(string root)
    {
        if (root.EndsWith(".xml", StringComparison.Ordinal))
            ReadXml(root);
        else
            foreach (var file in FolderWalker.Walk(root).Where(f => f.Skipped is null && !TestPath().IsMatch(f.Path)))
                ReadSource(root, file);
    }

    private void ReadSource(string root, WalkedFile file)
    {
        var language = Languages.Of(file.Path);
        if (language is Languages.Text or "markdown" or "html" or "json" or "yaml" or "xml" or "css" || FolderWalker.Read(file.Path, File.ReadAllBytes(file.FullPath), out _) is not { } text)
            return;
        var package = $"{root} {file.Path.Split('/')[0]}";
        foreach (var chunk in Chunker.Split(file.Path, language, text).Where(c => c.Kind is "function" or "method" && c.EndLine > c.StartLine))
        {
            var name = chunk.Name[(chunk.Name.LastIndexOf('.') + 1)..];
            var said = First(chunk.Doc);
            var body = chunk.Body.Replace(name, " ", StringComparison.Ordinal);
            if (said.Length > 0)
                Add(package, MostOfOnePackage, said, chunk.Names + " " + chunk.Signature, body);
            else
                Add($"{package} names", MostNamesOfOnePackage, name, "", body);
        }
    }

    private void ReadXml(string path)
    {
        XElement root;
        try
        {
            root = XElement.Load(path);
        }
        catch (XmlException)
        {
            return;
        }

        foreach (var member in root.Descendants("member").Where(m => m.Element("summary") is not null))
        {
            var id = (string?)member.Attribute("name") ?? "";
            var open = id.IndexOf('(', StringComparison.Ordinal);
            var parts = (open < 0 ? id : id[..open]).Split('.');
            var types = open < 0 ? "" : string.Join(' ', TypeName().Matches(id[open..]).Select(m => m.Value));
            var parameters = member.Elements("param").ToList();
            Add(path, MostOfOnePackage, Text(member.Element("summary")!), $"{string.Join('.', parts.TakeLast(2))} {string.Join(' ', parameters.Select(p => (string?)p.Attribute("name")))} {types}", Text(member.Element("returns")));
        }
    }

    private void Add(string package, int most, string said, string names, string body)
    {
        var stems = Stems(said);
        if (stems.Length < 2 || !Counts(said, MostOfOneDescription) || !Counts(package, most))
            return;
        Pairs.Add(new TrainingPair(stems, Stems(names), Stems(body)));
    }

    private bool Counts(string key, int most) => (_counts[key] = _counts.GetValueOrDefault(key) + 1) <= most;

    private static string First(string doc)
    {
        var lines = doc.Split('\n').Take(3).TakeWhile((line, i) => i == 0 || (line.Length > 0 && line[0] is not (':' or '@' or '>')));
        var text = string.Join(' ', lines);
        return text.Length > MostDescription ? text[..MostDescription] : text;
    }

    private static string Text(XElement? element)
    {
        if (element is null)
            return "";
        var text = $"{element.Value} {string.Join(' ', element.Descendants("see").Select(s => ((string?)s.Attribute("cref") ?? "").Split('.')[^1]))}";
        return text.Length > MostDescription ? text[..MostDescription] : text;
    }

    private static string[] Stems(string text)
    {
        var counter = new TermCounter();
        counter.Count(Field.Body, text);
        return [.. counter.Terms.Take(MostBodyTerms)];
    }

    [GeneratedRegex("(^|/)(tests?|testing|generated[^/]*|gapic[^/]*|kubernetes|[^/]*_pb2|[^/]*_v[0-9][^/]*|[^/]*_messages)(/|[.]|$)|(^|/)test_|_test[.]", RegexOptions.IgnoreCase)]
    private static partial Regex TestPath();

    [GeneratedRegex(@"[A-Z]\w+")]
    private static partial Regex TypeName();
}
