using Platform.V1;

namespace Platform.Cli;

/// <summary>Runs one job and shows it while it runs.</summary>
internal static class JobFollow
{
    /// <summary>Streams the job; when the user stops, the job is cancelled too.</summary>
    public static async Task<Job> ToItsEndAsync(Generation.GenerationClient client, GenerateRequest request, JobView view, CancellationToken token)
    {
        var id = "";
        try
        {
            using var call = client.Generate(request, cancellationToken: token);
            while (await call.ResponseStream.MoveNext(token))
            {
                id = call.ResponseStream.Current.JobId;
                view.Show(call.ResponseStream.Current);
            }
        }
        catch (Exception) when (token.IsCancellationRequested && id.Length > 0)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await client.CancelJobAsync(new CancelJobRequest { JobId = id, Reason = "The caller stopped." }, cancellationToken: limit.Token);
            throw;
        }

        return await client.GetJobAsync(new GetJobRequest { JobId = id }, cancellationToken: token);
    }
}
