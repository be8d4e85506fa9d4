using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>The part of the door that takes in results and answers with what they teach.</summary>
internal sealed partial class ContentGrpc
{
    public override Task<RecordEngagementReply> RecordEngagement(IAsyncStreamReader<Engagement> requestStream, ServerCallContext context) =>
        learning.RecordAsync(Caller.Of(context).Tenant, requestStream.ReadAllAsync(context.CancellationToken), context.CancellationToken);

    public override Task<ImportPostsReply> ImportPosts(IAsyncStreamReader<PublishedPost> requestStream, ServerCallContext context) =>
        learning.ImportAsync(Caller.Of(context).Tenant, requestStream.ReadAllAsync(context.CancellationToken), context.CancellationToken);

    public override Task<AnalyseReply> Analyse(AnalyseRequest request, ServerCallContext context) =>
        learning.AnalyseAsync(Caller.Of(context).Tenant, request, context.CancellationToken);

    public override Task<ContentScore> ScoreContent(ScoreContentRequest request, ServerCallContext context)
    {
        Bounded(request.Text);
        return learning.ScoreAsync(Caller.Of(context).Tenant, request, context.CancellationToken);
    }

    public override Task<OptimiseReply> Optimise(OptimiseRequest request, ServerCallContext context)
    {
        Bounded(request.Text);
        return learning.OptimiseAsync(Caller.Of(context).Tenant, request, context.CancellationToken);
    }

    public override Task<Experiment> CreateExperiment(CreateExperimentRequest request, ServerCallContext context) =>
        experiments.CreateAsync(Caller.Of(context).Tenant, request, context.CancellationToken);

    public override Task<Experiment> GetExperiment(GetExperimentRequest request, ServerCallContext context) =>
        experiments.GetAsync(Caller.Of(context).Tenant, request.ExperimentId, context.CancellationToken);

    public override Task<ListExperimentsReply> ListExperiments(ListExperimentsRequest request, ServerCallContext context) =>
        experiments.ListAsync(Caller.Of(context).Tenant, context.CancellationToken);

    public override Task<ArmChoice> AllocateArm(GetExperimentRequest request, ServerCallContext context) =>
        experiments.AllocateAsync(Caller.Of(context).Tenant, request.ExperimentId, context.CancellationToken);

    public override Task<Experiment> RecordExperiment(RecordExperimentRequest request, ServerCallContext context) =>
        experiments.RecordAsync(Caller.Of(context).Tenant, request, context.CancellationToken);

    public override Task<Experiment> StopExperiment(GetExperimentRequest request, ServerCallContext context) =>
        experiments.StopAsync(Caller.Of(context).Tenant, request.ExperimentId, context.CancellationToken);
}
