using Platform.V1;

namespace Platform.Cli;

/// <summary>The JSON documents of the privacy commands.</summary>
internal static class PrivacyDocuments
{
    /// <summary>A request with its deadlines and what modules said.</summary>
    public static object Of(PrivacyRequest request) => new
    {
        request.Id,
        request.Kind,
        request.Law,
        subject = request.Pseudonym,
        request.State,
        request.ReceivedMs,
        request.ConfirmMs,
        request.ConfirmedMs,
        request.DueMs,
        request.Extended,
        request.Overdue,
        request.DoneMs,
        modules = request.Modules.Select(module => new { module.Module, module.Acknowledged, module.Erased, module.AtMs }),
        request.Remote,
    };

    /// <summary>What is known of a person.</summary>
    public static object Of(SubjectState state) => new
    {
        subject = state.Pseudonym,
        state.Restricted,
        consents = state.Consents.Select(consent => new { consent.Purpose, consent.Version, consent.GivenMs, consent.WithdrawnMs }),
    };
}
