using System.Data.Common;
using Dapper;

namespace Platform.Patterns;

/// <summary>What the vectors and the posting lists of a tenant were made with.</summary>
internal sealed class MadeWith
{
    public string Embedder { get; set; } = "";

    public string Terms { get; set; } = "";

    /// <summary>Refuses to mix what two embedders, or two tokenisers, made.</summary>
    /// <exception cref="EmbedderMismatchException">The tenant's vectors are another embedder's.</exception>
    /// <exception cref="TermsMismatchException">The tenant's posting lists are another tokeniser's.</exception>
    public static async Task RefuseOthersAsync(DbConnection connection, string tenant, string embedder)
    {
        if (await connection.QuerySingleOrDefaultAsync<MadeWith>("select embedder as Embedder, terms as Terms from tenants where tenant = @tenant", new { tenant }) is not { } stored)
            return;
        if (stored.Embedder != embedder)
            throw new EmbedderMismatchException(stored.Embedder, embedder);
        if (stored.Terms != TermCounter.Identity)
            throw new TermsMismatchException(stored.Terms, TermCounter.Identity);
    }
}
