using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>SQL that is put together from values, given to ADO.NET, Entity Framework, Dapper or anything that looks like them.</summary>
internal static class CSharpSql
{
    private static readonly HashSet<string> Raw = ["FromSqlRaw", "ExecuteSqlRaw", "ExecuteSqlRawAsync", "SqlQueryRaw", "ExecuteSqlCommand", "ExecuteSqlCommandAsync", "SqlQuery", "FromSql"];

    private static readonly HashSet<string> Mapper =
    [
        "Query", "QueryAsync", "QueryFirst", "QueryFirstAsync", "QueryFirstOrDefault", "QueryFirstOrDefaultAsync", "QuerySingle", "QuerySingleAsync", "QuerySingleOrDefault", "QuerySingleOrDefaultAsync",
        "QueryMultiple", "QueryMultipleAsync", "Execute", "ExecuteAsync", "ExecuteScalar", "ExecuteScalarAsync", "ExecuteReader", "ExecuteReaderAsync", "ExecuteQuery", "ExecuteNonQuery",
    ];

    private static readonly string[] Words = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "DROP TABLE ", "ALTER TABLE ", "EXEC ", "MERGE INTO ", "CALL ", "WHERE "];

    public static IEnumerable<SecurityFinding> OnCall(InvocationExpressionSyntax call, string name, CSharpValues values)
    {
        var arguments = call.ArgumentList.Arguments;
        if (arguments.Count == 0 || !(Raw.Contains(name) || Mapper.Contains(name)))
            yield break;
        // An interpolated text given directly to FromSql and SqlQuery becomes parameters.
        if (name is "FromSql" or "SqlQuery" && arguments[0].Expression is InterpolatedStringExpressionSyntax)
            yield break;
        if (IsSql(values, arguments[0].Expression))
            yield return CSharpRules.At("SEC101", call);
    }

    public static IEnumerable<SecurityFinding> OnCreation(SyntaxNode creation, string type, SeparatedSyntaxList<ArgumentSyntax> arguments, CSharpValues values)
    {
        var takesSql = type.EndsWith("Command", StringComparison.Ordinal) || type.EndsWith("DataAdapter", StringComparison.Ordinal) || type is "CommandDefinition" or "SqlDataSource";
        if (takesSql && arguments.Any(a => IsSql(values, a.Expression)))
            yield return CSharpRules.At("CA2100", creation, Message, SecuritySeverity.High);
    }

    public static IEnumerable<SecurityFinding> OnAssignment(AssignmentExpressionSyntax assignment, string name, CSharpValues values)
    {
        if (name is "CommandText" or "SelectCommand" or "InsertCommand" or "UpdateCommand" or "DeleteCommand" && IsSql(values, assignment.Right))
            yield return CSharpRules.At("CA2100", assignment, Message, SecuritySeverity.High);
    }

    private static string Message => SecurityRules.Find("SEC101").Message;

    private static bool IsSql(CSharpValues values, ExpressionSyntax expression) =>
        values.Source(expression) is { } source && source.DescendantNodesAndSelf().Any(n => n switch
        {
            LiteralExpressionSyntax literal => Speaks(literal.Token.ValueText),
            InterpolatedStringTextSyntax text => Speaks(text.TextToken.ValueText),
            _ => false,
        });

    private static bool Speaks(string text) => Words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
}
