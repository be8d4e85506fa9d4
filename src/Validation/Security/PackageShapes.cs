using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Validation;

/// <summary>
/// The outlines of well-known packages: types and signatures without content, compiled in memory. A flow analysis can follow a value
/// into <c>SqlCommand</c> or <c>JsonConvert</c> only when it knows the type, and the real package is seldom there when code is scanned.
/// Only the scan sees them; whether code compiles is decided without.
/// </summary>
internal static class PackageShapes
{
    private const string Ending = ".shape";
    private const string ProviderTemplate = "DbProvider" + Ending;

    // Database packages all look alike but for namespace and prefix.
    private static readonly (string Assembly, string Namespace, string Prefix)[] Providers =
    [
        ("System.Data.SqlClient", "System.Data.SqlClient", "Sql"),
        ("Microsoft.Data.SqlClient", "Microsoft.Data.SqlClient", "Sql"),
        ("Microsoft.Data.Sqlite", "Microsoft.Data.Sqlite", "Sqlite"),
        ("System.Data.SQLite", "System.Data.SQLite", "SQLite"),
        ("Npgsql", "Npgsql", "Npgsql"),
        ("MySql.Data", "MySql.Data.MySqlClient", "MySql"),
        ("MySqlConnector", "MySqlConnector", "MySql"),
        ("Oracle.ManagedDataAccess", "Oracle.ManagedDataAccess.Client", "Oracle"),
        ("System.Data.OleDb", "System.Data.OleDb", "OleDb"),
        ("System.Data.Odbc", "System.Data.Odbc", "Odbc"),
    ];

    private static readonly Lazy<IReadOnlyList<CSharpCompilation>> Built = new(() => [.. Templates().Concat(Databases())]);

    /// <summary>The outlines as compilations, for the test that holds them to their syntax.</summary>
    public static IReadOnlyList<CSharpCompilation> All => Built.Value;

    /// <summary>References to all outlines but those of packages that are really there.</summary>
    /// <param name="present">Paths of the assemblies that the code is compiled against.</param>
    public static IEnumerable<MetadataReference> Missing(IEnumerable<string> present)
    {
        var names = present.Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return All.Where(shape => !names.Contains(shape.AssemblyName!)).Select(shape => shape.ToMetadataReference());
    }

    private static IEnumerable<CSharpCompilation> Templates() =>
        typeof(PackageShapes).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Ending, StringComparison.Ordinal) && name != ProviderTemplate)
            .Order(StringComparer.Ordinal)
            .Select(name => Compile(name[..^Ending.Length], Embedded.Text(name)));

    private static IEnumerable<CSharpCompilation> Databases()
    {
        var template = Embedded.Text(ProviderTemplate);
        return Providers.Select(p => Compile(p.Assembly, template.Replace("NAMESPACE", p.Namespace, StringComparison.Ordinal).Replace("PREFIX", p.Prefix, StringComparison.Ordinal)));
    }

    private static CSharpCompilation Compile(string assembly, string source) =>
        CSharpCompilation.Create(assembly, [CSharpCompiler.Parse(assembly + ".cs", source)], CSharpReferences.Framework, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
}
