using Platform.Validation;

namespace Platform.Inference;

/// <summary>What security findings mean for generated code, section <c>Validation</c>.</summary>
public sealed class SecurityPolicy
{
    /// <summary>From which severity on a finding blocks: low, medium, high or none. Default high.</summary>
    public BlockSeverity BlockSeverity { get; set; } = BlockSeverity.High;

    /// <summary>Whether comments in generated code may silence findings. Default false: an engine must not clear itself.</summary>
    public bool HonourComments { get; set; }

    /// <summary>Thresholds of single tenants, by tenant.</summary>
    public Dictionary<string, TenantSecurity> Tenants { get; set; } = [];

    /// <summary>The threshold of a tenant.</summary>
    public BlockSeverity Of(string tenant) => Tenants.GetValueOrDefault(tenant)?.BlockSeverity ?? BlockSeverity;
}

/// <summary>What security findings mean for one tenant, section <c>Validation:Tenants:TENANT</c>.</summary>
public sealed class TenantSecurity
{
    /// <summary>From which severity on a finding blocks: low, medium, high or none; the default is that of all tenants.</summary>
    public BlockSeverity? BlockSeverity { get; set; }
}
