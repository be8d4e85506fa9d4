using Grpc.Core;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Router;

/// <summary>The routing matrix: asks the memory, tries the rules in order, and gives a decision with all reasons.</summary>
internal sealed class RouteTable(IEnumerable<IRouteRule> rules, MemoryLookup memory, EngineCatalog catalog)
{
    private const int CharactersPerToken = 4;

    /// <summary>Decides for a checked request.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION when no engine can answer; the message names the settings.</exception>
    public async Task<RouteDecision> DecideAsync(string tenant, GenerateRequest request, CancellationToken token)
    {
        var (known, silence) = await memory.AskAsync(tenant, request, token);
        var question = new RouteQuestion(tenant, request, EstimateTokens(request), known, catalog) { MemorySilence = silence };
        var decision = new RouteDecision { PromptTokens = question.PromptTokens, Tier = request.Tier };
        foreach (var rule in rules)
        {
            var verdict = rule.Consider(question);
            decision.Reasons.Add(new RouteReason { Rule = rule.Name, Text = verdict.Reason, Decided = verdict.Approach is not null });
            if (verdict.Approach is null)
                continue;
            decision.Approach = verdict.Approach;
            decision.PatternId = verdict.PatternId;
            NameEngines(decision, tenant, request);
            return decision;
        }

        throw new InvalidOperationException("No rule of the routing matrix decided; the default rule is missing.");
    }

    /// <summary>
    /// Names who is asked first and who follows. A replay asks nobody, yet without any engine it could not go on
    /// should the tests refuse it, and the worker says so then.
    /// </summary>
    private void NameEngines(RouteDecision decision, string tenant, GenerateRequest request)
    {
        if (decision.Approach == Approaches.Pattern)
            return;
        var chain = catalog.Chain(decision.Approach, tenant, request.Kind);
        if (chain.Count == 0)
            throw new RpcException(new Status(StatusCode.FailedPrecondition,
                $"No engine is configured for '{decision.Approach}' that answers jobs of kind '{request.Kind}' (Engines:NAME:Kinds). {EngineCatalog.HowToConfigure}"));
        decision.Engine = chain[0].Name;
        decision.Model = chain[0].Model(request.Tier).Id;
        decision.Fallbacks.AddRange(chain.Skip(1).Select(engine => engine.Name));
    }

    private static long EstimateTokens(GenerateRequest request) =>
        (request.Task.Length + request.System.Length + request.Contract.Length
            + request.Files.Sum(file => (long)file.Text.Length) + request.Tests.Sum(file => (long)file.Text.Length)) / CharactersPerToken;
}
