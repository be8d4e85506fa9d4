using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Platform.Contracts.Engines;

/// <summary>Turns configuration into the catalogue; every error names the key, the value found and a good value.</summary>
internal static class EngineCatalogReader
{
    private const string EnginesKey = "Engines";
    private const string ChainsKey = "Inference:Chains";
    private const string TestsEngineKey = "Inference:TestsEngine";
    private const string AllowedKey = "Inference:AllowedEngines";

    public static EngineCatalog Read(IConfiguration configuration)
    {
        var names = BuiltInEngines.Names.Concat(configuration.GetSection(EnginesKey).GetChildren().Select(child => child.Key))
            .Distinct(StringComparer.OrdinalIgnoreCase);
        var engines = names.Select(name => ReadEngine(name, configuration.GetSection($"{EnginesKey}:{name}"))).OrderBy(engine => engine.Name, StringComparer.Ordinal).ToList();
        foreach (var section in configuration.GetSection(ChainsKey).GetChildren())
        {
            if (!Approaches.All.Contains(section.Key) || section.Key == Approaches.Pattern)
                throw Wrong(section.Path, section.Key, "one of instructions, mcp, traditional");
        }

        if (configuration[TestsEngineKey] is { Length: > 0 } writer && !engines.Any(engine => engine.Name.Equals(writer, StringComparison.OrdinalIgnoreCase)))
            throw Wrong(TestsEngineKey, writer, $"one of the names under Engines ({string.Join(", ", engines.Select(engine => engine.Name))})");
        return new(
            engines,
            Approaches.All.Where(approach => approach != Approaches.Pattern).Select(approach => KeyValuePair.Create(approach, ReadChain(configuration, approach, engines))),
            configuration.GetSection(AllowedKey).GetChildren().Select(tenant => KeyValuePair.Create(tenant.Key, KnownNames(tenant, engines))));
    }

    private static EngineEntry ReadEngine(string name, IConfigurationSection section)
    {
        var defaults = BuiltInEngines.Find(name);
        var kind = ReadKind(section, defaults);
        var key = new SecretText(section["ApiKey"]);
        var needsKey = kind != EngineKind.OpenAi;
        return new EngineEntry
        {
            Name = defaults?.Name ?? name,
            Kind = kind,
            BaseUrl = ReadAddress(section, defaults),
            ApiKey = key,
            Enabled = ReadFlag(section, "Enabled", !needsKey || !key.IsEmpty),
            Simulated = ReadFlag(section, "Simulated", false),
            Quality = ReadModel(section, nameof(EngineEntry.Quality), kind, defaults?.Quality, null),
            Fast = ReadModel(section, nameof(EngineEntry.Fast), kind, defaults?.Fast, section["Models:Quality"]),
            MaxConcurrency = ReadNumber(section, "MaxConcurrency", defaults?.MaxConcurrency ?? 32, 1, 10_000),
            RequestsPerMinute = ReadNumber(section, "RequestsPerMinute", 0, 0, 10_000_000),
            TokensPerMinute = ReadNumber(section, "TokensPerMinute", 0, 0, int.MaxValue),
            Kinds = ReadKinds(section),
            Quirks = ReadQuirks(section, defaults),
        };
    }

    private static EngineKind ReadKind(IConfigurationSection section, EngineEntry? defaults)
    {
        if (section["Kind"] is not { Length: > 0 } text)
            return defaults?.Kind ?? throw Wrong($"{section.Path}:Kind", "", "one of cerebras, anthropic, openai");
        return Enum.TryParse<EngineKind>(text, ignoreCase: true, out var kind) && !char.IsAsciiDigit(text[0])
            ? kind
            : throw Wrong($"{section.Path}:Kind", text, "one of cerebras, anthropic, openai");
    }

    private static Uri ReadAddress(IConfigurationSection section, EngineEntry? defaults)
    {
        if (section["BaseUrl"] is not { Length: > 0 } text)
            return defaults?.BaseUrl ?? throw Wrong($"{section.Path}:BaseUrl", "", "an address such as http://localhost:11434/v1");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw Wrong($"{section.Path}:BaseUrl", text.Contains('@', StringComparison.Ordinal) ? "(an address with credentials)" : text, "an http or https address without credentials, such as https://api.cerebras.ai");
        return address;
    }

    /// <summary>Values of a tier (<c>Fast:ContextTokens</c>) win over values of the engine (<c>ContextTokens</c>), which win over the defaults.</summary>
    private static EngineModel ReadModel(IConfigurationSection section, string tier, EngineKind kind, EngineModel? defaults, string? sibling)
    {
        var id = section[$"Models:{tier}"] ?? sibling ?? defaults?.Id
            ?? throw Wrong($"{section.Path}:Models:{tier}", "", "a model id such as qwen3-coder:30b");
        var price = defaults?.Id == id ? defaults.Price : null;
        var context = ReadNumber(section, Nearest(section, tier, "ContextTokens"), defaults?.ContextTokens ?? 32_768, 1_024, 100_000_000);
        var output = ReadNumber(section, Nearest(section, tier, "MaxOutputTokens"), Math.Min(defaults?.MaxOutputTokens ?? 8_192, context), 16, context);
        var input = ReadPrice(section, Nearest(section, tier, "PriceInput"), price?.Input ?? 0);
        var answer = ReadPrice(section, Nearest(section, tier, "PriceOutput"), price?.Output ?? 0);
        return new(id, context, output, new(
            input,
            ReadPrice(section, Nearest(section, tier, "PriceCachedInput"), price?.CachedInput ?? input),
            ReadPrice(section, Nearest(section, tier, "PriceCacheWrite"), price?.CacheWrite ?? input),
            answer,
            ReadDay(section, Nearest(section, tier, "PriceDate"), price?.AsOf ?? DateOnly.MinValue))
        {
            Reasoning = ReadPrice(section, Nearest(section, tier, "PriceReasoning"), price?.Reasoning ?? answer),
        })
        {
            RequestFields = ReadFields(section, tier, kind),
        };
    }

    /// <summary>Fields of a tier (<c>Fast:Request:seed</c>) win over those of the engine (<c>Request:seed</c>).</summary>
    private static Dictionary<string, object> ReadFields(IConfigurationSection section, string tier, EngineKind kind)
    {
        var fields = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var given in section.GetSection("Request").GetChildren().Concat(section.GetSection($"{tier}:Request").GetChildren()))
        {
            if (kind == EngineKind.Anthropic)
                throw Wrong(given.Path, given.Value ?? "", "nothing: request fields are for engines of kind cerebras and openai");
            fields[given.Key] = EngineRequestFields.Read(given.Key, given.Value ?? "")
                ?? throw Wrong(given.Path, given.Value ?? "", $"a value that the field takes; fields are {string.Join(", ", EngineRequestFields.Names)}");
        }

        return fields;
    }

    private static string Nearest(IConfigurationSection section, string tier, string key) => section[$"{tier}:{key}"] is null ? key : $"{tier}:{key}";

    private static IReadOnlyList<string> ReadKinds(IConfigurationSection section)
    {
        var kinds = Names(section.GetSection("Kinds"));
        var unknown = kinds.FirstOrDefault(kind => !JobKinds.All.Contains(kind));
        return unknown is not null ? throw Wrong($"{section.Path}:Kinds", unknown, "some of code, content") : kinds.Length == 0 ? JobKinds.All : kinds;
    }

    private static string[] ReadQuirks(IConfigurationSection section, EngineEntry? defaults)
    {
        var quirks = Names(section.GetSection("Quirks"));
        var unknown = quirks.FirstOrDefault(quirk => !EngineQuirks.All.Contains(quirk));
        return unknown is null ? [.. quirks.Concat(defaults?.Quirks ?? []).Distinct()] : throw Wrong($"{section.Path}:Quirks", unknown, $"some of {string.Join(", ", EngineQuirks.All)}");
    }

    /// <summary>The configured chain, or the default one followed by every engine that it does not name.</summary>
    private static IReadOnlyList<string> ReadChain(IConfiguration configuration, string approach, IReadOnlyList<EngineEntry> engines)
    {
        var section = configuration.GetSection($"{ChainsKey}:{approach}");
        return section.Exists()
            ? KnownNames(section, engines)
            : [.. BuiltInEngines.Chain(approach).Concat(engines.Select(engine => engine.Name)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static IReadOnlyList<string> KnownNames(IConfigurationSection section, IReadOnlyList<EngineEntry> engines)
    {
        var names = Names(section);
        var unknown = names.FirstOrDefault(name => !engines.Any(engine => engine.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        return unknown is null ? names : throw Wrong(section.Path, unknown, $"names under Engines ({string.Join(", ", engines.Select(engine => engine.Name))})");
    }

    /// <summary>A list, written as one comma separated value or as numbered keys.</summary>
    private static string[] Names(IConfigurationSection section) => section.Value is { } text
        ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : [.. section.GetChildren().Select(child => child.Value?.Trim() ?? "").Where(name => name.Length > 0)];

    private static bool ReadFlag(IConfigurationSection section, string key, bool absent) =>
        section[key] is not { Length: > 0 } text ? absent : bool.TryParse(text, out var flag) ? flag : throw Wrong($"{section.Path}:{key}", text, "true or false");

    private static int ReadNumber(IConfigurationSection section, string key, int absent, int least, int most)
    {
        if (section[key] is not { Length: > 0 } text)
            return absent;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong($"{section.Path}:{key}", text, $"a whole number from {least} to {most}, such as {Math.Clamp(absent, least, most)}");
    }

    private static decimal ReadPrice(IConfigurationSection section, string key, decimal absent)
    {
        if (section[key] is not { Length: > 0 } text)
            return absent;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price <= 100_000
            ? price
            : throw Wrong($"{section.Path}:{key}", text, "US dollars per million tokens, such as 0.35");
    }

    private static DateOnly ReadDay(IConfigurationSection section, string key, DateOnly absent)
    {
        if (section[key] is not { Length: > 0 } text)
            return absent;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw Wrong($"{section.Path}:{key}", text, "a day such as 2026-09-29");
    }

    private static SettingException Wrong(string key, string found, string good) => new($"{key} is '{found}'; use {good}.");
}
