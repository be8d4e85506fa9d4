using Google.Rpc;
using Grpc.Core;

namespace Platform.Tests.Host;

/// <summary>Holds a call to one clear error: status code, words, and the machine-readable cause in the trailers.</summary>
internal static class Refusals
{
    private const string DetailsTrailer = "grpc-status-details-bin";
    private const int LongestSentence = 600;

    /// <summary>The call must end with a code and a sentence that has all of the words.</summary>
    public static async Task<RpcException> ShouldEndWithAsync(this Task call, StatusCode code, params string[] words)
    {
        var refused = await Should.ThrowAsync<RpcException>(() => call);
        refused.StatusCode.ShouldBe(code, refused.Status.Detail);
        foreach (var word in words)
            refused.Status.Detail.ShouldContain(word, Case.Sensitive);
        refused.Status.Detail.Length.ShouldBeLessThan(LongestSentence);
        return refused;
    }

    /// <summary>The call must be refused as a bad argument, with <c>google.rpc.Status</c> and <c>ErrorInfo</c> in the trailers.</summary>
    public static async Task ShouldBeRefusedAsync(this Task call, params string[] words)
    {
        var refused = await call.ShouldEndWithAsync(StatusCode.InvalidArgument, words);
        var status = Details(refused);
        status.Code.ShouldBe((int)StatusCode.InvalidArgument);
        status.Message.ShouldBe(refused.Status.Detail);
        var info = status.Details.ShouldHaveSingleItem().Unpack<ErrorInfo>();
        (info.Reason, info.Domain, info.Metadata["transient"]).ShouldBe(("INVALID_ARGUMENT", "platform", "false"));
    }

    /// <summary>The details of an error.</summary>
    public static Google.Rpc.Status Details(RpcException refused) =>
        Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes(DetailsTrailer).ShouldNotBeNull());
}
