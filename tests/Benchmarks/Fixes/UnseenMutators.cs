using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Platform.Benchmarks.Fixes.EverydayMutators;
using static Platform.Benchmarks.Fixes.Site;

namespace Platform.Benchmarks.Fixes;

/// <summary>
/// The fourth held-out list, written without a look at the rules or the other lists' bodies: several ordinary mistakes in one file, and forms that an engine or a hurried person really writes.
/// </summary>
internal static class UnseenMutators
{
    private static readonly Dictionary<string, string[]> Texts = new()
    {
        ["IndexOf"] = ["find", "Find", "index", "indexOf"],
        ["Substring"] = ["Substr", "slice", "SubString", "Mid"],
        ["StartsWith"] = ["startswith", "HasPrefix", "starts_with"],
        ["EndsWith"] = ["endswith", "HasSuffix", "ends_with"],
        ["Trim"] = ["strip", "Strip", "TrimSpace"],
        ["ToLower"] = ["lower", "ToLowerCase", "downcase", "Lower"],
        ["ToUpper"] = ["upper", "ToUpperCase", "upcase", "Upper"],
        ["Replace"] = ["replaceAll", "ReplaceAll", "gsub"],
        ["PadLeft"] = ["padStart", "rjust", "LeftPad"],
        ["PadRight"] = ["padEnd", "ljust"],
        ["ToCharArray"] = ["chars", "toCharArray", "ToChars", "Chars"],
        ["IsNullOrWhiteSpace"] = ["IsNullOrWhitespace", "IsBlank"],
        ["IsNullOrEmpty"] = ["IsEmpty", "IsNullorEmpty"],
        ["AppendLine"] = ["WriteLine", "AppendLn", "Appendline"],
        ["Append"] = ["Write", "append", "Push", "concat"],
    };

    private static readonly Dictionary<string, string[]> Sequences = new()
    {
        ["OrderBy"] = ["Sort", "sortedBy", "OrderBY", "SortBy"],
        ["ThenBy"] = ["AndThenBy", "AndBy"],
        ["ToDictionary"] = ["ToMap", "toMap", "ToDict"],
        ["Aggregate"] = ["Fold", "Accumulate", "Inject"],
        ["SelectMany"] = ["FlatMap", "flatMap", "FlatSelect"],
        ["Skip"] = ["Drop", "skip"],
        ["Take"] = ["Limit", "take", "Top"],
        ["Average"] = ["Avg", "Mean"],
        ["All"] = ["Every", "ForAll", "all"],
        ["Any"] = ["Some", "any", "IsAny"],
        ["Contains"] = ["Has", "Includes", "IsIn"],
        ["Repeat"] = ["Replicate", "Times"],
        ["Where"] = ["Find", "FindAll", "where", "Filter"],
        ["Select"] = ["Map", "Collect", "select", "Transform"],
        ["Count"] = ["CountIf", "count", "Size"],
        ["ToArray"] = ["AsArray", "Toarray", "ToArr"],
        ["ToList"] = ["AsList", "Tolist", "toList", "List"],
        ["First"] = ["GetFirst", "Head", "first"],
        ["Last"] = ["GetLast", "Tail", "last"],
        ["Max"] = ["max", "Largest"],
        ["Min"] = ["min", "Smallest"],
        ["Sum"] = ["sum", "Total", "Add"],
        ["Reverse"] = ["Reversed", "reversed", "Backwards"],
        ["Concat"] = ["Append", "AddRange", "concat"],
        ["GroupBy"] = ["GroupOn", "groupBy", "group_by"],
        ["Distinct"] = ["Uniq", "distinct", "Unique"],
    };

    private static readonly Dictionary<string, string[]> Maths = new()
    {
        ["Pow"] = ["Power", "pow", "Exp"],
        ["Ceiling"] = ["Ceil", "ceil", "RoundUp"],
        ["Sqrt"] = ["SquareRoot", "sqrt", "Root"],
        ["Truncate"] = ["Trunc"],
        ["Floor"] = ["floor", "RoundDown"],
        ["Abs"] = ["abs", "Absolute"],
        ["Max"] = ["max", "Maximum"],
        ["Min"] = ["min", "Minimum"],
        ["Round"] = ["round", "Rounded"],
    };

    private static readonly Dictionary<string, string[]> Dates = new()
    {
        ["AddDays"] = ["PlusDays", "addDays", "AddDay"],
        ["AddSeconds"] = ["PlusSeconds", "AddSec"],
        ["AddYears"] = ["PlusYears", "AddYear"],
        ["AddHours"] = ["PlusHours", "AddHour"],
        ["AddMinutes"] = ["PlusMinutes", "AddMins"],
        ["AddMonths"] = ["PlusMonths", "AddMonth"],
        ["DayOfWeek"] = ["Weekday", "dayOfWeek", "getDayOfWeek()"],
        ["Year"] = ["year", "getYear()", "FullYear"],
        ["Month"] = ["month", "getMonth()"],
        ["Day"] = ["day", "getDay()", "DayOfMonth"],
        ["Hour"] = ["Hours", "hour", "getHours()"],
        ["Minute"] = ["Minutes", "minute"],
        ["DaysInMonth"] = ["GetDaysInMonth", "MonthDays"],
        ["TotalSeconds"] = ["totalSeconds", "AllSeconds"],
    };

    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["ArgumentException"] = "IllegalArgumentException|ValueError|InvalidArgumentException",
        ["ArgumentOutOfRangeException"] = "OutOfRangeException|ArgumentOutOfBoundsException|RangeError",
        ["InvalidOperationException"] = "IllegalStateException|InvalidOperationError|RuntimeException",
        ["ArgumentNullException"] = "NullArgumentException|NullPointerException|ArgumentNullError",
        ["Exception"] = "RuntimeException|Error|Exeption",
        ["NotImplementedException"] = "NotImplementedError|UnsupportedOperationException",
    };

    private static readonly string[] Keywords = ["string", "in", "object", "event", "params", "class", "base", "default", "lock", "out", "char", "operator"];

    private static readonly Func<Site, IEnumerable<TextChange>>[] Ordinary =
    [
        s => s.Tokens(SyntaxKind.SemicolonToken).Where(t => t.Parent is StatementSyntax and not ForStatementSyntax).Select(t => new TextChange(t.Span, "")),
        s => Members(s).Select(m => new TextChange(m.Identifier.Span, s.Misspell(m.Identifier.Text))),
        s => Members(s).Where(m => char.IsUpper(m.Identifier.Text[0])).Select(m => new TextChange(m.Identifier.Span, char.ToLowerInvariant(m.Identifier.Text[0]) + m.Identifier.Text[1..])),
        s => s.Of<ReturnStatementSyntax>().Where(r => r.Expression is not null).Select(r => new TextChange(TextSpan.FromBounds(r.SpanStart, r.Expression!.SpanStart), "")),
        s => s.Of<ObjectCreationExpressionSyntax>().Select(o => new TextChange(TextSpan.FromBounds(o.SpanStart, o.Type.SpanStart), "")),
        s => s.Of<IdentifierNameSyntax>().Where(i => s.SymbolOf(i) is ILocalSymbol or IParameterSymbol && i.Identifier.Text.Length > 3).Select(i => new TextChange(i.Span, s.Misspell(i.Identifier.Text))),
        s => s.Of<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.StringLiteralExpression) && l.Token.Text.Length > 4 && l.Token.Text[0] == '"').Select(l => new TextChange(l.Span, $"'{l.Token.Text[1..^1]}'")),
        s => s.Of<ArgumentListSyntax>().Where(a => a.CloseParenToken.GetNextToken().IsKind(SyntaxKind.SemicolonToken)).Select(a => new TextChange(a.CloseParenToken.Span, "")),
        s => s.Of<LocalDeclarationStatementSyntax>().Where(l => l.Declaration.Variables[0].Initializer is not null && !l.IsConst).Select(l => new TextChange(TextSpan.FromBounds(l.SpanStart, l.Declaration.Variables[0].SpanStart), "")),
        s => s.Of<BlockSyntax>().Where(b => b.Parent is IfStatementSyntax or ForEachStatementSyntax or WhileStatementSyntax).Select(b => new TextChange(b.CloseBraceToken.Span, "")),
        s => s.Of<PredefinedTypeSyntax>().Where(t => t.Parent is ParameterSyntax or VariableDeclarationSyntax && t.Keyword.Text is "string" or "int" or "bool").Select(t => new TextChange(t.Span, t.Keyword.Text switch { "string" => "str", "int" => "integer", _ => "boolean" })),
    ];

    public static readonly Mutator[] All =
    [
        new("unseen: two ordinary mistakes", s => Several(s, 2)),
        new("unseen: two ordinary mistakes, again", s => Several(s, 2)),
        new("unseen: three ordinary mistakes", s => Several(s, 3)),
        new("unseen: three ordinary mistakes, again", s => Several(s, 3)),
        new("unseen: four ordinary mistakes", s => Several(s, 4)),
        new("unseen: two members misspelt", s => Members(s).GroupBy(m => m.Identifier.Text).Where(g => g.Key.Length > 3).Select(g => g.First()).Chunk(2).Where(p => p.Length == 2).Select(p => p.Select(m => new TextChange(m.Identifier.Span, s.Misspell(m.Identifier.Text))).ToArray())),
        new("unseen: ; lost in two lines, one after the other", s => Statements(s).Zip(Statements(s).Skip(1)).Select(p => new[] { Drop(p.First), Drop(p.Second) })),
        new("unseen: method without any ;", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is { Statements.Count: > 1 and < 8 }).Select(m => m.Body!.DescendantTokens().Where(t => t.IsKind(SyntaxKind.SemicolonToken) && t.Parent is StatementSyntax and not ForStatementSyntax).Select(Drop).ToArray())),
        new("unseen: ) lost in two methods", s => s.Of<MethodDeclarationSyntax>().Select(m => m.DescendantNodes().OfType<ArgumentListSyntax>().FirstOrDefault(a => a.Arguments.Count > 0)).OfType<ArgumentListSyntax>().Chunk(2).Where(p => p.Length == 2).Select(p => p.Select(a => Drop(a.CloseParenToken)).ToArray())),
        new("unseen: texts of another language", s => Renamed(s, Texts)),
        new("unseen: texts of another language, again", s => Renamed(s, Texts)),
        new("unseen: sequences of another language", s => Renamed(s, Sequences)),
        new("unseen: sequences of another language, again", s => Renamed(s, Sequences)),
        new("unseen: Math of another language", s => Renamed(s, Maths)),
        new("unseen: dates of another language", s => Renamed(s, Dates)),
        new("unseen: exception of another language", s => s.Of<IdentifierNameSyntax>().Where(n => Exceptions.ContainsKey(n.Identifier.Text)).Select(n => Replace(n, Pick(s, Exceptions[n.Identifier.Text].Split('|'))))),
        new("unseen: dictionary as a map", s => s.Of<ElementAccessExpressionSyntax>().Where(e => s.TypeOf(e.Expression)?.Name is "Dictionary" or "IDictionary" && e.Parent is not PostfixUnaryExpressionSyntax).Select(e => e.Parent is AssignmentExpressionSyntax a && a.Left == e
            ? a.IsKind(SyntaxKind.SimpleAssignmentExpression) ? Replace(a, $"{e.Expression}.{Pick(s, "put", "Set", "Put")}({e.ArgumentList.Arguments}, {a.Right})") : []
            : Replace(e, $"{e.Expression}.{Pick(s, "get", "Get", "GetValue")}({e.ArgumentList.Arguments})"))),
        new("unseen: element by a call", s => s.Of<ElementAccessExpressionSyntax>().Where(e => e.Parent is not AssignmentExpressionSyntax and not PostfixUnaryExpressionSyntax && s.TypeOf(e.Expression) is IArrayTypeSymbol or { Name: "List" } or { SpecialType: SpecialType.System_String }).Select(e => Replace(e, $"{e.Expression}.{Pick(s, "get", "at", "Get", "item")}({e.ArgumentList.Arguments})"))),
        new("unseen: key and value of a pair", s => Members(s).Where(m => m.Identifier.Text is "Key" or "Value" && s.TypeOf(((MemberAccessExpressionSyntax)m.Parent!).Expression)?.Name == "KeyValuePair").Select(m => Replace(m, m.Identifier.Text == "Key" ? Pick(s, "getKey()", "key", "Name") : Pick(s, "getValue()", "value", "Val")))),
        new("unseen: element of a tuple by its number", s => Members(s).Where(m => m.Identifier.Text.StartsWith("Item", StringComparison.Ordinal)).Select(m => Replace(TextSpan.FromBounds(((MemberAccessExpressionSyntax)m.Parent!).OperatorToken.SpanStart, m.Span.End), $"[{m.Identifier.Text[4] - '1'}]"))),
        new("unseen: generics with [ ]", s => s.Of<TypeArgumentListSyntax>().Select(t => new[] { new TextChange(t.LessThanToken.Span, "["), new TextChange(t.GreaterThanToken.Span, "]") })),
        new("unseen: generics with ( )", s => s.Of<TypeArgumentListSyntax>().Where(t => t.Parent?.Parent is not ObjectCreationExpressionSyntax).Select(t => new[] { new TextChange(t.LessThanToken.Span, "("), new TextChange(t.GreaterThanToken.Span, ")") })),
        new("unseen: std::", s => s.Of<TypeSyntax>().Where(t => t is GenericNameSyntax { Identifier.Text: "List" or "Dictionary" } or PredefinedTypeSyntax { Keyword.Text: "string" } && t.Parent is not MemberAccessExpressionSyntax).Select(t => Insert(t.SpanStart, "std::"))),
        new("unseen: :: for . behind a type", s => s.Of<MemberAccessExpressionSyntax>().Where(m => s.SymbolOf(m.Expression) is INamedTypeSymbol).Select(m => Replace(m.OperatorToken.Span, "::"))),
        new("unseen: -> for . behind an object", s => s.Of<MemberAccessExpressionSyntax>().Where(m => s.SymbolOf(m.Expression) is ILocalSymbol or IParameterSymbol or IFieldSymbol).Select(m => Replace(m.OperatorToken.Span, "->"))),
        new("unseen: texts joined by . or ,", s => s.Of<BinaryExpressionSyntax>().Where(b => b.IsKind(SyntaxKind.AddExpression) && s.TypeOf(b)?.SpecialType == SpecialType.System_String).Select(b => Replace(b.OperatorToken.Span, Pick(s, ".", ",", "..", "&")))),
        new("unseen: interpolation in single quotes", s => s.Of<InterpolatedStringExpressionSyntax>().Where(i => !i.ToString().Contains('\'', StringComparison.Ordinal) && i.StringStartToken.Text == "$\"").Select(i => new[] { new TextChange(i.StringStartToken.Span, "$'"), new TextChange(i.StringEndToken.Span, "'") })),
        new("unseen: ?? as ?: or ||", s => s.Of<BinaryExpressionSyntax>().Where(b => b.IsKind(SyntaxKind.CoalesceExpression)).Select(b => Replace(b.OperatorToken.Span, Pick(s, "?:", "||", "or")))),
        new("unseen: arm with return", s => s.Of<SwitchExpressionArmSyntax>().Where(a => a.Expression is not ThrowExpressionSyntax).Select(a => Insert(a.Expression.SpanStart, "return "))),
        new("unseen: arm with ; at the end of all", s => s.Of<SwitchExpressionSyntax>().Where(w => w.Arms.Count > 1).Select(w => w.Arms.GetSeparators().Take(w.Arms.Count - 1).Select(t => new TextChange(t.Span, ";")).ToArray())),
        new("unseen: pattern without its name", s => s.Of<DeclarationPatternSyntax>().Select(p => Replace(TextSpan.FromBounds(p.Type.Span.End, p.Span.End), ""))),
        new("unseen: const readonly", s => s.Of<FieldDeclarationSyntax>().Where(f => f.Modifiers.Any(SyntaxKind.ConstKeyword)).Select(f => Insert(f.Declaration.SpanStart, "readonly "))),
        new("unseen: result type before the modifiers", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Count > 0 && m.AttributeLists.Count == 0).Select(m => Replace(TextSpan.FromBounds(m.SpanStart, m.Identifier.SpanStart), $"{m.ReturnType} {m.Modifiers} "))),
        new("unseen: modifiers in another order or twice", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Modifiers.Count > 1).Select(m => Insert(m.Modifiers[^1].Span.End, " " + m.Modifiers[0].Text))),
        new("unseen: .Result of a value", s => s.Of<InvocationExpressionSyntax>().Where(c => c.Parent is EqualsValueClauseSyntax or ReturnStatementSyntax or ArgumentSyntax && s.TypeOf(c) is { Name: not "Task" }).Select(c => Insert(c.Span.End, Pick(s, ".Result", ".GetAwaiter().GetResult()")))),
        new("unseen: async for nothing", s => s.Of<MethodDeclarationSyntax>().Where(m => !m.Modifiers.Any(SyntaxKind.AsyncKeyword) && m.ReturnType.ToString() != "void" && !m.DescendantNodes().OfType<YieldStatementSyntax>().Any()).Select(m => Insert(m.ReturnType.SpanStart, "async "))),
        new("unseen: result of Add assigned", s => s.Of<ExpressionStatementSyntax>().Where(e => e.Expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Add" or "Sort" or "Reverse" or "Clear" or "AddRange" or "Insert" } } c && s.SymbolOf(c) is IMethodSymbol { ReturnsVoid: true }).Select(e => (e, ((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)e.Expression).Expression).Expression)).Select(p => Insert(p.e.SpanStart, $"{p.Expression} = "))),
        new("unseen: return of the call before it", s => s.Of<ReturnStatementSyntax>().Where(r => r.Parent is BlockSyntax b && b.Statements.IndexOf(r) is > 0 and var at && b.Statements[at - 1] is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax } e && s.TypeOf(e.Expression)?.SpecialType == SpecialType.System_Void).Select(r => (r, ((BlockSyntax)r.Parent!).Statements[((BlockSyntax)r.Parent!).Statements.IndexOf(r) - 1])).Select(p => new[] { new TextChange(new TextSpan(p.Item2.SpanStart, 0), "return "), new TextChange(p.r.FullSpan, "") })),
        new("unseen: items of a collection in ( )", s => s.Of<ObjectCreationExpressionSyntax>().Where(o => o.Initializer is { RawKind: (int)SyntaxKind.CollectionInitializerExpression } i && i.Expressions.All(e => e is not InitializerExpressionSyntax)).Select(o => Replace(TextSpan.FromBounds(o.Type.Span.End, o.Span.End), $"({o.Initializer!.Expressions})"))),
        new("unseen: entries with =>", s => s.Of<InitializerExpressionSyntax>().Where(i => i.Expressions.Count > 0 && i.Expressions.All(e => e is InitializerExpressionSyntax { Expressions.Count: 2 })).Select(i => i.Expressions.Cast<InitializerExpressionSyntax>().Select(e => new TextChange(e.Span, $"{e.Expressions[0]} => {e.Expressions[1]}")).ToArray())),
        new("unseen: entries with ; between", s => s.Of<InitializerExpressionSyntax>().Where(i => i.Expressions.Count > 1).Select(i => i.Expressions.GetSeparators().Take(i.Expressions.Count - 1).Select(t => new TextChange(t.Span, ";")).ToArray())),
        new("unseen: , lost between two lines of entries", s => s.Of<InitializerExpressionSyntax>().Where(i => i.Expressions.Count > 2).Select(i => Remove(i.Expressions.GetSeparator(1)))),
        new("unseen: throw new without ( )", s => s.Of<ThrowStatementSyntax>().Select(t => t.Expression).Concat(s.Of<ThrowExpressionSyntax>().Select(t => t.Expression)).OfType<ObjectCreationExpressionSyntax>().Where(o => o.ArgumentList is { Arguments.Count: < 2 }).Select(o => Replace(o.ArgumentList!, o.ArgumentList!.Arguments.Count == 0 ? "" : " " + o.ArgumentList.Arguments))),
        new("unseen: docstring", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Body is not null).Select(m => Insert(m.Body!.OpenBraceToken.Span.End, Pick(s, "\n        \"\"\"Computes the result.\"\"\"", "\n        -- computes the result", "\n        '' computes the result", "\n        % computes the result")))),
        new("unseen: end cut off within the last call", s => s.Of<MethodDeclarationSyntax>().LastOrDefault()?.DescendantNodes().OfType<ArgumentListSyntax>().LastOrDefault(a => a.Arguments.Count > 0) is { } last ? [Replace(TextSpan.FromBounds(last.CloseParenToken.SpanStart, s.Root.FullSpan.End), "")] : []),
        new("unseen: end cut off within the last name", s => s.Root.DescendantTokens().LastOrDefault(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Parent is IdentifierNameSyntax && t.Text.Length > 4) is { RawKind: not 0 } last ? [Replace(TextSpan.FromBounds(last.Span.End - 2, s.Root.FullSpan.End), "")] : []),
        new("unseen: end cut off behind the last ;", s => s.Root.DescendantTokens().LastOrDefault(t => t.IsKind(SyntaxKind.SemicolonToken)) is { RawKind: not 0 } last ? [Replace(TextSpan.FromBounds(last.SpanStart, s.Root.FullSpan.End), "")] : []),
        new("unseen: example of its use at the end", s => Whole(s, t => t + Pick(s, "\n// Example usage:\nConsole.WriteLine(\"done\");\n", "\nvar example = 1;\nConsole.WriteLine(example);\n"))),
        new("unseen: code left out as ...", s => Statements(s).Select(t => Insert(t.Span.End, Pick(s, "\n        ...", "\n        // ...\n        ...", "\n        …")))),
        new("unseen: whole file as a JSON text", s => Whole(s, t => System.Text.Json.JsonSerializer.Serialize(t, Relaxed))),
        new("unseen: for each", s => s.Of<ForEachStatementSyntax>().Select(f => Replace(f.ForEachKeyword.Span, Pick(s, "for each", "forEach", "foreach each", "for")))),
        new("unseen: elsif, else-if", s => s.Of<ElseClauseSyntax>().Where(e => e.Statement is IfStatementSyntax).Select(e => Replace(TextSpan.FromBounds(e.ElseKeyword.SpanStart, ((IfStatementSyntax)e.Statement).IfKeyword.Span.End), Pick(s, "elsif", "else-if", "elif", "ElseIf")))),
        new("unseen: }; before else", s => s.Of<ElseClauseSyntax>().Where(e => e.Parent is IfStatementSyntax { Statement: BlockSyntax }).Select(e => Insert(((IfStatementSyntax)e.Parent!).Statement.Span.End, ";"))),
        new("unseen: half of ++ or +=", s => s.Of<PostfixUnaryExpressionSyntax>().Where(p => p.OperatorToken.Text is "++" or "--").Select(p => Replace(p.OperatorToken.Span, Pick(s, p.OperatorToken.Text[..1], "+=", p.OperatorToken.Text + p.OperatorToken.Text[0])))),
        new("unseen: one sign too many", s => s.Of<BinaryExpressionSyntax>().Where(b => b.OperatorToken.Text is "&&" or "||" or "<=" or ">=").Select(b => Replace(b.OperatorToken.Span, b.OperatorToken.Text + b.OperatorToken.Text[1]))),
        new("unseen: typographic signs", s => s.Of<BinaryExpressionSyntax>().Where(b => b.OperatorToken.Text is "-" or "<=" or ">=" or "!=" or "*").Select(b => Replace(b.OperatorToken.Span, b.OperatorToken.Text switch { "-" => "–", "<=" => "≤", ">=" => "≥", "!=" => "≠", _ => "×" }))),
        new("unseen: var with a type", s => s.Of<LocalDeclarationStatementSyntax>().Where(l => !l.Declaration.Type.IsVar && !l.IsConst).Select(l => Insert(l.SpanStart, "var "))),
        new("unseen: keyword as a name", s => s.Of<VariableDeclaratorSyntax>().Select(v => (SyntaxNode)v).Concat(s.Of<ParameterSyntax>()).Select(n => Everywhere(s, n, _ => Pick(s, Keywords)))),
        new("unseen: $ before a name", s => s.Of<VariableDeclaratorSyntax>().Where(v => s.Model.GetDeclaredSymbol(v) is ILocalSymbol).Select(v => Everywhere(s, v, name => "$" + name))),
        new("unseen: enum by its number", s => Members(s).Where(m => s.SymbolOf(m) is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum, ConstantValue: int } && m.Parent!.Parent is ReturnStatementSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax or ArrowExpressionClauseSyntax or SwitchExpressionArmSyntax).Select(m => Replace(m.Parent!, ((IFieldSymbol)s.SymbolOf(m)!).ConstantValue + Pick(s, "", " + 0 + 1 - 1")))),
        new("unseen: member of an enum in capitals", s => Members(s).Where(m => s.SymbolOf(m) is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum }).Select(m => Replace(m, Snake(m.Identifier.Text)))),
        new("unseen: constant in another style", s => s.Of<IdentifierNameSyntax>().Where(n => s.SymbolOf(n) is IFieldSymbol { IsStatic: true, ContainingType.TypeKind: not TypeKind.Enum } f && f.Locations[0].IsInSource).Select(n => Replace(n, Snake(n.Identifier.Text) == n.Identifier.Text ? "k" + n.Identifier.Text : Snake(n.Identifier.Text)))),
        new("unseen: ; of a record or enum of one line lost", s => s.Of<RecordDeclarationSyntax>().Where(r => r.SemicolonToken.Span.Length > 0).Select(r => Remove(r.SemicolonToken))),
        new("unseen: function given with ( )", s => s.Of<ArgumentSyntax>().Where(a => a.Expression is IdentifierNameSyntax or MemberAccessExpressionSyntax && s.SymbolOf(a.Expression) is IMethodSymbol).Select(a => Insert(a.Span.End, "()"))),
        new("unseen: int for long", s => s.Of<PredefinedTypeSyntax>().Where(t => t.Keyword.Text is "long" or "ulong" or "uint" or "double" or "decimal").Select(t => Replace(t, "int"))),
        new("unseen: limits of numbers", s => Members(s).Where(m => m.Identifier.Text is "MaxValue" or "MinValue").Select(m => Replace(m.Parent!, m.Identifier.Text == "MaxValue" ? Pick(s, "Integer.MAX_VALUE", "int.Max", "INT_MAX", "int.Maximum") : Pick(s, "Integer.MIN_VALUE", "int.Min", "INT_MIN")))),
        new("unseen: chances of another language", s => Members(s).Where(m => m.Identifier.Text is "Next" or "NextDouble").Select(m => Replace(m, m.Identifier.Text == "Next" ? Pick(s, "nextInt", "Range", "randint", "NextInt") : Pick(s, "nextDouble", "NextFloat", "random")))),
        new("unseen: name of a type as its variable", s => s.Of<MemberAccessExpressionSyntax>().Where(m => s.SymbolOf(m.Expression) is ILocalSymbol or IParameterSymbol && m.Expression is IdentifierNameSyntax && s.TypeOf(m.Expression) is INamedTypeSymbol { IsGenericType: false, SpecialType: SpecialType.None }).Select(m => Replace(m.Expression, s.TypeOf(m.Expression)!.Name))),
        new("unseen: getter and setter as calls", s => s.Of<AccessorListSyntax>().Where(a => a.Accessors.All(x => x.Body is null && x.ExpressionBody is null)).Select(a => a.Accessors.Select(x => new TextChange(new TextSpan(x.Keyword.Span.End, 0), "()")).ToArray())),
        new("unseen: } too early", s => s.Of<MethodDeclarationSyntax>().Where(m => m.Parent is TypeDeclarationSyntax t && t.Members.IndexOf(m) > 0).Select(m => Insert(m.FullSpan.Start, "}\n\n"))),
        new("unseen: wrong namespace before a name", s => s.Of<IdentifierNameSyntax>().Where(n => n.Identifier.Text is "StringBuilder" or "Math" or "DateTime" or "Regex" or "Enumerable" or "Random" && n.Parent is not QualifiedNameSyntax and not UsingDirectiveSyntax).Select(n => Insert(n.SpanStart, Pick(s, "System.Collections.", "System.Utils.", "System.Core.", "Microsoft.", "System.Tools.")))),
        new("unseen: ! of a comparison without ( )", s => s.Of<PrefixUnaryExpressionSyntax>().Where(p => p.IsKind(SyntaxKind.LogicalNotExpression) && p.Operand is ParenthesizedExpressionSyntax).Select(p => Replace(p.Operand, ((ParenthesizedExpressionSyntax)p.Operand).Expression.ToString()))),
    ];

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<SimpleNameSyntax> Members(Site s) => s.Of<MemberAccessExpressionSyntax>().Select(m => m.Name);

    private static List<SyntaxToken> Statements(Site s) => [.. s.Tokens(SyntaxKind.SemicolonToken).Where(t => t.Parent is LocalDeclarationStatementSyntax or ExpressionStatementSyntax or ReturnStatementSyntax)];

    private static TextChange Drop(SyntaxToken token) => new(token.Span, "");

    private static string Pick(Site s, params string[] texts) => texts[s.Random.Next(texts.Length)];

    private static IEnumerable<TextChange[]> Renamed(Site s, Dictionary<string, string[]> names) =>
        Members(s).Where(m => names.ContainsKey(m.Identifier.Text) && s.SymbolOf(m) is { Locations: [{ IsInSource: false }, ..] }).Select(m => Replace(m.Identifier.Span, Pick(s, names[m.Identifier.Text])));

    // Mistakes of different sorts, each in another statement.
    private static IEnumerable<TextChange[]> Several(Site s, int count)
    {
        for (var tried = 0; tried < 3; tried++)
        {
            var edits = new List<TextChange>();
            foreach (var sort in Ordinary.OrderBy(_ => s.Random.Next()))
            {
                var places = sort(s).ToList();
                if (places.Count == 0)
                    continue;
                var edit = places[s.Random.Next(places.Count)];
                if (edits.Any(e => Math.Abs(e.Span.Start - edit.Span.Start) < 60))
                    continue;
                edits.Add(edit);
                if (edits.Count == count)
                    break;
            }
            if (edits.Count == count)
                yield return [.. edits];
        }
    }

    // A declared name and all of its uses, renamed alike.
    private static TextChange[] Everywhere(Site s, SyntaxNode declared, Func<string, string> rename)
    {
        if (s.Model.GetDeclaredSymbol(declared) is not { } symbol)
            return [];
        var token = declared is VariableDeclaratorSyntax v ? v.Identifier : ((ParameterSyntax)declared).Identifier;
        var name = rename(token.Text);
        return [.. s.Of<IdentifierNameSyntax>().Where(n => SymbolEqualityComparer.Default.Equals(s.SymbolOf(n), symbol)).Select(n => n.Identifier).Append(token).OrderBy(t => t.SpanStart).Select(t => new TextChange(t.Span, name))];
    }

    // MaxItems as MAX_ITEMS.
    private static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
            text.Append(char.IsUpper(c) && text.Length > 0 && text[^1] != '_' ? "_" : "").Append(char.ToUpperInvariant(c));
        return text.ToString();
    }
}
