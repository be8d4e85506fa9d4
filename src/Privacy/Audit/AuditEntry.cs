using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Privacy;

/// <summary>One thing that was done, in ids only: no content, no name of a person.</summary>
/// <param name="Tenant">Tenant it concerns.</param>
/// <param name="Actor">Id of the key that asked; empty on an open loopback door.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Target">Id of what it was done to.</param>
/// <param name="Detail">Words of the platform's own vocabulary, such as "role=admin"; never a text from outside.</param>
public sealed record AuditEntry(string Tenant, string Actor, string Action, string Target, string Detail = "");

/// <summary>What is written to the audit log.</summary>
public static class AuditActions
{
    /// <summary>A key was made.</summary>
    public const string KeyCreated = "key.created";

    /// <summary>A key was revoked.</summary>
    public const string KeyRevoked = "key.revoked";

    /// <summary>Wrong keys came too fast.</summary>
    public const string KeysRefused = "key.refused";

    /// <summary>The master key was changed.</summary>
    public const string MasterRotated = "master.rotated";

    /// <summary>The fallback switch was set.</summary>
    public const string FallbackSet = "setting.fallback";

    /// <summary>A post was approved, rejected or edited.</summary>
    public const string PostReviewed = "post.reviewed";

    /// <summary>A request about a person's data was taken in.</summary>
    public const string RequestOpened = "privacy.opened";

    /// <summary>Such a request was given more time.</summary>
    public const string RequestExtended = "privacy.extended";

    /// <summary>The receipt of a request was confirmed to the person.</summary>
    public const string RequestConfirmed = "privacy.confirmed";

    /// <summary>A request was ended that is answered outside the platform.</summary>
    public const string RequestClosed = "privacy.closed";

    /// <summary>A person's data was handed out.</summary>
    public const string SubjectExported = "privacy.exported";

    /// <summary>A person's key is being destroyed.</summary>
    public const string SubjectErasing = "privacy.erasing";

    /// <summary>Every module acknowledged the erasure.</summary>
    public const string SubjectErased = "privacy.erased";

    /// <summary>Processing for a person was restricted, or allowed again.</summary>
    public const string SubjectRestricted = "privacy.restricted";

    /// <summary>A consent was given or withdrawn.</summary>
    public const string ConsentRecorded = "privacy.consent";

    /// <summary>The log itself was set back by a restored backup; the target is the hash of the entry it had reached, the detail its number.</summary>
    public const string LogRestored = "audit.restored";

    /// <summary>Old data was removed.</summary>
    public const string Retained = "retention.removed";
}

/// <summary>A row of the log.</summary>
internal sealed class AuditRow
{
    public const string Columns = "seq as Seq, at_ms as AtMs, tenant as Tenant, actor as Actor, action as Action, target as Target, detail as Detail, previous as Previous, hash as Hash";

    public long Seq { get; set; }

    public long AtMs { get; set; }

    public string Tenant { get; set; } = "";

    public string Actor { get; set; } = "";

    public string Action { get; set; } = "";

    public string Target { get; set; } = "";

    public string Detail { get; set; } = "";

    public string Previous { get; set; } = "";

    public string Hash { get; set; } = "";

    /// <summary>SHA-256 over every field with its length, so that no two rows read alike.</summary>
    public string Reckon()
    {
        var text = new StringBuilder();
        foreach (var field in new[] { Seq.ToString(CultureInfo.InvariantCulture), AtMs.ToString(CultureInfo.InvariantCulture), Tenant, Actor, Action, Target, Detail, Previous })
            text.Append(CultureInfo.InvariantCulture, $"{field.Length}:{field}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>The end of the log.</summary>
internal sealed class AuditHead
{
    public const string Columns = "seq as Seq, hash as Hash, at_ms as AtMs, key_id as KeyId, signature as Signature";

    public long Seq { get; set; }

    public string Hash { get; set; } = "";

    public long AtMs { get; set; }

    public string KeyId { get; set; } = "";

    public string Signature { get; set; } = "";

    /// <summary>What is signed.</summary>
    public byte[] Signed => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"platform audit head {Seq} {Hash} {AtMs}"));
}
