using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Platform.Validation;

/// <summary>The analyzers of Microsoft.CodeAnalysis.NetAnalyzers with a rule of the category Security, made once per process from the files beside this library.</summary>
internal static class CSharpAnalyzers
{
    private const string Category = "Security";

    // In this order: the second assembly needs the first.
    private static readonly string[] Files = ["Microsoft.CodeAnalysis.NetAnalyzers.dll", "Microsoft.CodeAnalysis.CSharp.NetAnalyzers.dll"];

    private static readonly Lazy<ImmutableArray<DiagnosticAnalyzer>> Loaded = new(() => [.. Files.SelectMany(Load)]);

    private static readonly Lazy<FrozenSet<string>> Ids = new(() =>
        Loaded.Value.SelectMany(a => a.SupportedDiagnostics).Where(d => d.Category == Category).Select(d => d.Id).ToFrozenSet());

    /// <summary>Where the assemblies lie.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "analyzers");

    /// <summary>The analyzers; empty when the files are not there.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> All => Loaded.Value;

    /// <summary>The ids of their security rules; some analyzers have others too.</summary>
    public static FrozenSet<string> RuleIds => Ids.Value;

    private static IEnumerable<DiagnosticAnalyzer> Load(string file)
    {
        var path = Path.Combine(Folder, file);
        return File.Exists(path) ? TypesOf(AssemblyLoadContext.Default.LoadFromAssemblyPath(path)).Select(Create).OfType<DiagnosticAnalyzer>() : [];
    }

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            // A few types want Roslyn's workspaces, which security rules do not.
            return e.Types.OfType<Type>();
        }
    }

    private static DiagnosticAnalyzer? Create(Type type)
    {
        if (type.IsAbstract || !typeof(DiagnosticAnalyzer).IsAssignableFrom(type) || type.GetCustomAttribute<DiagnosticAnalyzerAttribute>()?.Languages.Contains(LanguageNames.CSharp) != true)
            return null;
        try
        {
            var analyzer = (DiagnosticAnalyzer)Activator.CreateInstance(type)!;
            return analyzer.SupportedDiagnostics.Any(d => d.Category == Category) ? analyzer : null;
        }
        catch (TargetInvocationException e) when (e.InnerException is FileNotFoundException or TypeLoadException or TypeInitializationException)
        {
            return null;
        }
    }
}
