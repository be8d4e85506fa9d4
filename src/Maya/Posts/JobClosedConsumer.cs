using Google.Protobuf;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Receives closed jobs many at a time; what is not content is passed over without reading it in full.</summary>
internal sealed partial class JobClosedConsumer(PostEffects effects, PostSealing sealing, StrategyStore strategies, CampaignSubmitter submitter, ILogger<JobClosedConsumer> log) : IConsumer<Batch<JobClosed>>
{
    public async Task Consume(ConsumeContext<Batch<JobClosed>> context)
    {
        var jobs = new List<Job>(context.Message.Length);
        foreach (var message in context.Message)
        {
            if (await ReadAsync(message.Message, context.CancellationToken) is { } job)
                jobs.Add(job);
        }

        await effects.ApplyAsync(jobs, context.CancellationToken);
        foreach (var job in jobs.Where(j => j.Request.Labels.ContainsKey(StrategyPrompt.Label)))
        {
            if (await strategies.DueAsync(job.Tenant, job.Request.Labels[StrategyPrompt.Label], context.CancellationToken))
                submitter.Wake();
        }
    }

    /// <summary>The job when it is content, else null. Bytes that cannot be read are said and left: they would never become readable.</summary>
    private async Task<Job?> ReadAsync(JobClosed closed, CancellationToken token)
    {
        try
        {
            if (!JobPeek.IsContent(closed.Job))
                return null;
            if (await sealing.OpenAsync(closed, token) is not { } job)
                return null;
            job.Tenant = closed.Tenant;
            return job;
        }
        catch (InvalidProtocolBufferException e)
        {
            LogUnreadable(closed.JobId, e);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The closed job {JobId} cannot be read; its post stays pending until the job is replayed.")]
    private partial void LogUnreadable(string jobId, Exception e);
}

/// <summary>One queue for all replicas, and many messages a transaction.</summary>
internal sealed class JobClosedDefinition : ConsumerDefinition<JobClosedConsumer>
{
    private const int BatchesAtOnce = 2;
    private readonly MayaOptions _options;

    public JobClosedDefinition(IOptions<MayaOptions> options)
    {
        _options = options.Value;
        EndpointName = "maya-job-closed";
        Endpoint(endpoint => endpoint.PrefetchCount = _options.EffectBatch * BatchesAtOnce);
    }

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<JobClosedConsumer> consumerConfigurator, IRegistrationContext context) =>
        consumerConfigurator.Options<BatchOptions>(options => options.SetMessageLimit(_options.EffectBatch).SetTimeLimit(_options.EffectDelay).SetConcurrencyLimit(BatchesAtOnce));
}

/// <summary>Looks into the bytes of a job without building it.</summary>
internal static class JobPeek
{
    /// <summary>Whether the job's request is for content.</summary>
    public static bool IsContent(byte[] job)
    {
        var input = new CodedInputStream(job);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == Job.RequestFieldNumber)
                return KindOf(input.ReadBytes()) == JobKinds.Content;
            input.SkipLastField();
        }

        return false;
    }

    private static string KindOf(ByteString request)
    {
        var input = request.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == GenerateRequest.KindFieldNumber)
                return input.ReadString();
            input.SkipLastField();
        }

        return "";
    }
}
