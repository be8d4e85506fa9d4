using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Declarations with the wrong modifiers: which one, and what to change, follows from the error; compiling again decides.</summary>
internal sealed class ModifierRule : ICSharpRule
{
    // symbol: the declaration of what is used; member, type: what surrounds the error; owner: the type that declares the symbol.
    private static readonly Dictionary<string, string> Cures = new()
    {
        ["CS0120"] = "symbol+static member-static symbol-owner+static",
        ["CS0176"] = "symbol-static",
        ["CS0708"] = "member+static type-static",
        ["CS0710"] = "type-static",
        ["CS0711"] = "type-static",
        ["CS0712"] = "symbol-static",
        ["CS0713"] = "type-static",
        ["CS0714"] = "type-static",
        ["CS0715"] = "type-static",
        ["CS0716"] = "symbol-static",
        ["CS0718"] = "symbol-static",
        ["CS0720"] = "type-static",
        ["CS0721"] = "symbol-static",
        ["CS0722"] = "symbol-static",
        ["CS0723"] = "symbol-static",
        ["CS0441"] = "type-static type-sealed",
        ["CS0026"] = "member-static",
        ["CS1511"] = "member-static",
        ["CS0236"] = "symbol+static symbol+const",
        ["CS0038"] = "symbol+static",
        ["CS1106"] = "type+static",
        ["CS1105"] = "member+static",
        ["CS0549"] = "type-sealed member-virtual",
        ["CS0628"] = "type-sealed",
        ["CS0122"] = "symbol=public symbol=internal symbol=protected owner=public",
        ["CS0513"] = "type+abstract",
        ["CS0144"] = "symbol-abstract",
        ["CS0500"] = "member-abstract",
        ["CS0501"] = "member+abstract",
        ["CS0503"] = "member-virtual",
        ["CS0418"] = "type-sealed type-abstract type-static",
        ["CS0509"] = "symbol-sealed",
        ["CS0709"] = "symbol-static",
        ["CS0621"] = "member=protected member=public member-virtual",
        ["CS0239"] = "member-override",
        ["CS0191"] = "symbol-readonly",
        ["CS0192"] = "symbol-readonly",
        ["CS0198"] = "symbol-readonly",
        ["CS0199"] = "symbol-readonly",
        ["CS1648"] = "symbol-readonly",
        ["CS1649"] = "symbol-readonly",
        ["CS0131"] = "symbol-const symbol-readonly",
        ["CS0200"] = "symbol-static symbol-readonly",
        ["CS1510"] = "symbol-const symbol-readonly",
        ["CS1059"] = "symbol-const symbol-readonly",
        ["CS1604"] = "type-readonly member-readonly symbol-in",
        ["CS8331"] = "symbol-in symbol-readonly",
        ["CS8332"] = "symbol-in symbol-readonly",
        ["CS1605"] = "symbol-readonly",
        ["CS8340"] = "member+readonly type-readonly",
        ["CS8341"] = "type-readonly",
        ["CS0133"] = "member-const",
        ["CS0134"] = "member-const",
        ["CS0145"] = "member-const",
        ["CS0283"] = "member-const",
        ["CS0504"] = "member-static member-const",
        ["CS0260"] = "same+partial",
        ["CS0261"] = "same+partial",
        ["CS0751"] = "type+partial member-partial",
        ["CS8795"] = "member-partial",
        ["CS0759"] = "member-partial",
        ["CS8796"] = "member=private member-partial",
        ["CS9248"] = "member-partial",
        ["CS8863"] = "same+partial",
        ["CS0115"] = "member-override",
        ["CS0558"] = "member+static member=public",
        ["CS0515"] = "member=",
        ["CS0666"] = "member=private member=public",
        ["CS1057"] = "member=private member=public type-static",
        ["CS0180"] = "member-extern member-abstract",
        ["CS0179"] = "member-extern",
        ["CS1527"] = "type=internal type=public",
        ["CS0737"] = "member=public",
        ["CS0736"] = "member-static",
        ["CS8912"] = "member-sealed",
        ["CS0238"] = "member-sealed",
        ["CS0112"] = "member-override member-virtual member-abstract member-static",
        ["CS0113"] = "member-override member-new member-virtual",
        ["CS0502"] = "member-sealed member-abstract",
        ["CS8050"] = "member-partial",
        ["CS9030"] = "member-required",
        ["CS9032"] = "symbol=public member=public member-required",
        ["CS9031"] = "member-required",
        ["CS0050"] = "less=public",
        ["CS0051"] = "less=public",
        ["CS0052"] = "less=public",
        ["CS0053"] = "less=public",
        ["CS0054"] = "less=public",
        ["CS0055"] = "less=public",
        ["CS0056"] = "less=public",
        ["CS0057"] = "less=public",
        ["CS0058"] = "less=public",
        ["CS0059"] = "less=public",
        ["CS0060"] = "less=public",
        ["CS0061"] = "less=public",
        ["CS8703"] = "member=",
    };

    private const string Why = "The declaration's modifiers contradict how it is used; changed, the two agree.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        var cures = Cures.GetValueOrDefault(fault.Id, "");
        foreach (var candidate in cures.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany((cure, i) => Cure(fault, cure, 1 + 0.25 * i)))
            yield return candidate;
        if (fault.Id is "CS0106" or "CS1004" or "CS0107" or "CS0267" or "CS8703" or "CS1585")
        {
            foreach (var word in (Modifiers.Of(fault.Member ?? fault.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? fault.Node) is var own && own.Count > 0 ? own : []).Where(m => fault.Message.Contains($"'{m.Text}'", StringComparison.Ordinal) || fault.Is("CS0107")))
                yield return fault.Replace(TextSpan.FromBounds(word.SpanStart, word.GetNextToken().SpanStart), "", $"remove {word}", $"'{word}' may not stand on this declaration.", 1);
        }
        if (cures.StartsWith("less", StringComparison.Ordinal))
        {
            foreach (var narrower in new[] { fault.Member, fault.Type }.OfType<SyntaxNode>())
                yield return fault.Change(fault.Tree, "make it internal", "A member cannot be more visible than the types in its signature.", 2, Modifiers.WithAccess(narrower, narrower == fault.Member ? "internal" : ""));
        }
        if (fault.Is("CS0133", "CS0134", "CS0145", "CS0283") && fault.Node.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { } constant && Modifiers.Has(constant, "const"))
            yield return fault.Replace(constant.Modifiers.First(m => m.Text == "const").Span, "static readonly", "const -> static readonly", "The value is only known when the program runs, so it cannot be a constant of the compiler.", 0.8);
        if (fault.Is("CS0133", "CS0134", "CS0145", "CS0283") && fault.Node.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { } local && Modifiers.Has(local, "const"))
            yield return fault.Change(fault.Tree, "remove const", "The value is only known when the program runs.", 0.9, Modifiers.Remove(local, "const"));
        if (fault.Member is not { } member || !fault.Is("CS0111", "CS0114", "CS0108", "CS0533", "CS8770", "CS8852", "CS0470", "CS0471"))
            yield break;
        foreach (var word in member.Modifiers)
            yield return fault.Change(fault.Tree, $"remove {word}", Why, 2.5, Modifiers.Remove(member, word.Text));
    }

    private static IEnumerable<FixCandidate> Cure(CSharpFault fault, string cure, double basic)
    {
        var split = cure.IndexOfAny(['+', '-', '=']);
        var (who, how, word) = (cure[..split], cure[split], cure[(split + 1)..]);
        foreach (var declaration in Who(fault, who).Select(Modifiers.Carrier).Distinct())
        {
            var name = Name(declaration);
            // Without override the member compiles and is never called as one: only when no base member is alike.
            var cost = basic + (how == '-' && word == "override" ? 1.6 : 0) - (fault.Is("CS0200") ? 0.1 : 0);
            if (how == '+' && !Modifiers.Has(declaration, word))
                yield return fault.Change(declaration.SyntaxTree, $"add {word} to {name}", Why, cost, Modifiers.Add(declaration, word));
            else if (how == '-' && Modifiers.Has(declaration, word))
                yield return fault.Change(declaration.SyntaxTree, $"remove {word} from {name}", Why, cost, Modifiers.Remove(declaration, word));
            else if (how == '=' && !Modifiers.Has(declaration, word.Length == 0 ? "?" : word))
                yield return fault.Change(declaration.SyntaxTree, $"make {name} {(word.Length == 0 ? "without access modifier" : word)}", Why, cost, Modifiers.WithAccess(declaration, word));
        }
    }

    private static IEnumerable<SyntaxNode> Who(CSharpFault fault, string who)
    {
        switch (who)
        {
            case "member": return fault.Member is { } member && fault.IsOwn(fault.Tree) ? [member] : fault.Node.FirstAncestorOrSelf<LocalFunctionStatementSyntax>() is { } f ? [f] : [];
            case "type": return fault.Type is { } type && fault.IsOwn(fault.Tree) ? [type] : [];
            case "same": return fault.Type is { } one ? fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()).Where(t => t.Identifier.Text == one.Identifier.Text) : [];
            case "less":
                return fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>())
                .Where(t => t is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && fault.Message.Contains(Name(t), StringComparison.Ordinal) && !Modifiers.Has(t, "public"));
        }
        var symbols = Symbols(fault).ToList();
        return symbols.SelectMany(s => who == "owner" ? fault.Declarations(s.ContainingType) : fault.Declarations(s is IMethodSymbol { MethodKind: MethodKind.Constructor } c && c.IsImplicitlyDeclared ? c.ContainingType : s));
    }

    private static IEnumerable<ISymbol> Symbols(CSharpFault fault)
    {
        foreach (var node in fault.Node.AncestorsAndSelf().Take(3).Concat(fault.Node.DescendantNodes().Take(3)))
        {
            var info = fault.Model.GetSymbolInfo(node);
            foreach (var symbol in info.CandidateSymbols.Prepend(info.Symbol).OfType<ISymbol>().Where(s => s.Locations.Any(l => l.IsInSource)))
                yield return symbol;
            if (node is StatementSyntax)
                yield break;
        }
    }

    private static string Name(SyntaxNode declaration) => declaration switch
    {
        BaseTypeDeclarationSyntax t => t.Identifier.Text,
        MethodDeclarationSyntax m => m.Identifier.Text,
        PropertyDeclarationSyntax p => p.Identifier.Text,
        FieldDeclarationSyntax f => f.Declaration.Variables[0].Identifier.Text,
        LocalDeclarationStatementSyntax l => l.Declaration.Variables[0].Identifier.Text,
        ParameterSyntax p => p.Identifier.Text,
        DelegateDeclarationSyntax d => d.Identifier.Text,
        ConstructorDeclarationSyntax c => c.Identifier.Text,
        _ => "it",
    };
}
