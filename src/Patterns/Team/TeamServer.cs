using Grpc.Core;
using Grpc.Net.Client;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>The memory of a team, which this one asks after itself and exchanges shared patterns with.</summary>
internal sealed class TeamServer : IDisposable
{
    private const int MaxMessage = 64 * 1024 * 1024;
    private readonly GrpcChannel _channel;
    private readonly V1.Patterns.PatternsClient _client;
    private readonly Metadata _headers = [];
    private readonly TimeSpan _limit;

    private TeamServer(PatternsOptions options)
    {
        Address = options.Team;
        _limit = TimeSpan.FromMilliseconds(options.TeamMs);
        _channel = GrpcChannel.ForAddress(options.Team, new GrpcChannelOptions { MaxReceiveMessageSize = MaxMessage, MaxSendMessageSize = MaxMessage });
        _client = new V1.Patterns.PatternsClient(_channel);
        if (options.TeamKey.Length > 0)
            _headers.Add("authorization", $"Bearer {options.TeamKey}");
    }

    /// <summary>Its address.</summary>
    public string Address { get; }

    /// <summary>The server that the settings name; null when they name none.</summary>
    public static TeamServer? Of(PatternsOptions options) => options.Team.Length == 0 ? null : new TeamServer(options);

    /// <summary>What it knows of a task, within its deadline; null when it does not answer in time.</summary>
    public async Task<RecallReply?> RecallAsync(RecallRequest request, CancellationToken token)
    {
        try
        {
            // No project and no job: neither says anything over there, and a use is counted here.
            var asked = new RecallRequest { Task = request.Task, Language = request.Language, Top = request.Top, MaxCharacters = request.MaxCharacters, SharedOnly = true };
            return await _client.RecallAsync(asked, _headers, DateTime.UtcNow + _limit, token);
        }
        catch (RpcException) when (!token.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Projects that it shares, by name, and the identity of its store; empty when it says none.</summary>
    /// <exception cref="RpcException">It does not answer, or refuses.</exception>
    public async Task<(List<string> Projects, string Store)> ProjectsAsync(CancellationToken token)
    {
        var reply = await _client.ListProjectsAsync(new ListProjectsRequest(), _headers, cancellationToken: token);
        return ([.. reply.Projects.Where(p => p.Shared && !p.Simulated).Select(p => p.Name)], reply.Store);
    }

    /// <summary>What became of patterns that came from it; null when it is of before that could be asked.</summary>
    /// <exception cref="RpcException">It does not answer, or refuses.</exception>
    public Task<CompareReply?> CompareAsync(IEnumerable<PatternReference> patterns, CancellationToken token) =>
        NewerAsync(async () => await _client.CompareAsync(new CompareRequest { Patterns = { patterns } }, _headers, cancellationToken: token));

    /// <summary>Takes patterns back there; null when it is of before that could be asked.</summary>
    /// <exception cref="RpcException">It does not answer, or refuses.</exception>
    public async Task<long?> WithdrawAsync(IEnumerable<PatternReference> patterns, CancellationToken token) =>
        (await NewerAsync(async () => await _client.WithdrawAsync(new CompareRequest { Patterns = { patterns } }, _headers, cancellationToken: token)))?.Removed;

    /// <summary>A page of a project that it shares.</summary>
    /// <exception cref="RpcException">It does not answer, or refuses.</exception>
    public async Task<List<SharedPattern>> PullAsync(string project, long after, int most, CancellationToken token)
    {
        using var call = _client.Pull(new PullRequest { Project = project, After = after, Most = most }, _headers, cancellationToken: token);
        var page = new List<SharedPattern>();
        while (await call.ResponseStream.MoveNext(token))
            page.Add(call.ResponseStream.Current);
        return page;
    }

    /// <summary>Sends a page.</summary>
    /// <exception cref="RpcException">It does not answer, or refuses.</exception>
    public async Task<PushReply> PushAsync(IEnumerable<SharedPattern> page, CancellationToken token)
    {
        using var call = _client.Push(_headers, cancellationToken: token);
        foreach (var pattern in page)
            await call.RequestStream.WriteAsync(pattern, token);
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    private static async Task<T?> NewerAsync<T>(Func<Task<T>> call) where T : class
    {
        try
        {
            return await call();
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _channel.Dispose();
}
