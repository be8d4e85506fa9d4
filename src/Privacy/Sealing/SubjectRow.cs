namespace Platform.Privacy;

/// <summary>A row of the vault. Once erased it holds no key, no name and nothing to look it up by: only that there was somebody.</summary>
internal sealed class SubjectRow
{
    public const string Columns = "tenant as Tenant, pseudonym as Pseudonym, lookup as Lookup, name as Name, wrapped as Wrapped, master_id as MasterId, "
        + "restricted as Restricted, created_ms as CreatedMs, erased_ms as ErasedMs";

    public string Tenant { get; set; } = "";

    public string Pseudonym { get; set; } = "";

    public string? Lookup { get; set; }

    public byte[]? Name { get; set; }

    public byte[]? Wrapped { get; set; }

    public string MasterId { get; set; } = "";

    public long Restricted { get; set; }

    public long CreatedMs { get; set; }

    public long ErasedMs { get; set; }

    /// <summary>What a wrapped key is bound to.</summary>
    public string Bound => $"{Tenant}\n{Pseudonym}";
}
