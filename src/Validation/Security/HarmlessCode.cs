using System.Collections.Frozen;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>
/// Says of C# that no CA security rule can apply to it. Each rule is about certain types of libraries, and code gets at a library's type only by naming one. So code
/// whose every name is its own, or belongs to a namespace in which nothing is dangerous, needs no flow analysis, which costs more than everything else in a check.
/// Any other name, known or not, means that the analysis runs.
/// </summary>
internal sealed class HarmlessCode
{
    private static readonly string[] Namespaces =
    [
        "System", "System.Buffers", "System.Collections", "System.Collections.Generic", "System.Collections.Concurrent", "System.Collections.Frozen", "System.Collections.Immutable",
        "System.Collections.ObjectModel", "System.Diagnostics.CodeAnalysis", "System.Globalization", "System.Linq", "System.Numerics", "System.Text", "System.Text.Json",
        "System.Text.Json.Serialization", "System.Text.RegularExpressions", "System.Threading", "System.Threading.Channels", "System.Threading.Tasks",
        // Files are where values of a request do harm; without a request, which has a type of its own, no rule speaks of them.
        "System.IO",
    ];

    // Reflection, switches of the runtime, and what is no source of secrets.
    private static readonly HashSet<string> Dangerous =
        ["Activator", "AppContext", "AppDomain", "AppDomainSetup", "Environment", "MarshalByRefObject", "ModuleHandle", "NonSerializedAttribute", "Random", "RuntimeTypeHandle", "SerializableAttribute", "Type"];

    private static readonly string[] Contextual = ["var", "dynamic", "nameof", "value", "field", "_", "global", "notnull", "unmanaged", "nint", "nuint"];

    private static readonly Lazy<(FrozenSet<string> Types, FrozenSet<string> Members)> Harmless = new(Collect);

    private readonly FrozenSet<string> types;

    /// <summary>A judge for code that is compiled against certain libraries.</summary>
    public HarmlessCode(CSharpCompilation libraries) =>
        types = libraries.References.Select(libraries.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().SelectMany(a => a.TypeNames).SelectMany(Forms).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True when every name in the files, which are the whole program, is harmless.</summary>
    public bool Covers(IReadOnlyList<SyntaxTree> files, CancellationToken token)
    {
        var own = new HashSet<string>(files.SelectMany(f => Declared(f.GetRoot(token))), StringComparer.Ordinal);
        return files.SelectMany(f => f.GetRoot(token).DescendantTokens()).Where(t => t.IsKind(SyntaxKind.IdentifierToken)).All(t => IsHarmless(t.ValueText, own));
    }

    // A name of its own, or of a harmless member, may also be that of a type elsewhere ("public Random Random"); then it proves nothing.
    private bool IsHarmless(string name, HashSet<string> own) =>
        Harmless.Value.Types.Contains(name) || ((own.Contains(name) || Harmless.Value.Members.Contains(name)) && !types.Contains(name));

    private static IEnumerable<string> Declared(SyntaxNode root)
    {
        foreach (var node in root.DescendantNodes())
        {
            var name = node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier,
                DelegateDeclarationSyntax type => type.Identifier,
                MethodDeclarationSyntax method => method.Identifier,
                LocalFunctionStatementSyntax method => method.Identifier,
                PropertyDeclarationSyntax property => property.Identifier,
                EventDeclarationSyntax made => made.Identifier,
                EnumMemberDeclarationSyntax member => member.Identifier,
                VariableDeclaratorSyntax variable => variable.Identifier,
                SingleVariableDesignationSyntax variable => variable.Identifier,
                ForEachStatementSyntax loop => loop.Identifier,
                CatchDeclarationSyntax caught => caught.Identifier,
                ParameterSyntax parameter => parameter.Identifier,
                TypeParameterSyntax parameter => parameter.Identifier,
                FromClauseSyntax range => range.Identifier,
                LetClauseSyntax range => range.Identifier,
                JoinClauseSyntax range => range.Identifier,
                JoinIntoClauseSyntax range => range.Identifier,
                QueryContinuationSyntax range => range.Identifier,
                LabeledStatementSyntax label => label.Identifier,
                AnonymousObjectMemberDeclaratorSyntax { NameEquals.Name: var member } => member.Identifier,
                TupleElementSyntax element => element.Identifier,
                NameColonSyntax colon => colon.Name.Identifier,
                _ => default,
            };
            if (name.RawKind != 0)
                yield return name.ValueText;
            if (node is BaseNamespaceDeclarationSyntax space)
            {
                foreach (var part in space.Name.DescendantNodesAndSelf().OfType<SimpleNameSyntax>())
                    yield return part.Identifier.ValueText;
            }
        }
    }

    private static (FrozenSet<string> Types, FrozenSet<string> Members) Collect()
    {
        var ground = CSharpCompiler.Compile([], new ValidationOptions { Output = ProgramKind.Library });
        var (types, members) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(Contextual, StringComparer.Ordinal));
        foreach (var path in Namespaces)
        {
            members.UnionWith(path.Split('.'));
            var space = path.Split('.').Aggregate((INamespaceSymbol?)ground.GlobalNamespace, (outer, part) => outer?.GetNamespaceMembers().FirstOrDefault(n => n.Name == part));
            foreach (var type in space?.GetTypeMembers().Where(t => t.DeclaredAccessibility == Accessibility.Public && !Dangerous.Contains(t.Name)) ?? [])
            {
                types.UnionWith(Forms(type.Name).Concat(type.GetTypeMembers().Select(t => t.Name)));
                members.UnionWith(type.GetMembers().Where(m => m.DeclaredAccessibility != Accessibility.Private && m.CanBeReferencedByName).Select(m => m.Name));
            }
        }
        types.ExceptWith(Dangerous.SelectMany(Forms));
        return (types.ToFrozenSet(StringComparer.Ordinal), members.ToFrozenSet(StringComparer.Ordinal));
    }

    // An attribute may be written without its ending.
    private static IEnumerable<string> Forms(string type) => type.EndsWith("Attribute", StringComparison.Ordinal) ? [type, type[..^"Attribute".Length]] : [type];
}
