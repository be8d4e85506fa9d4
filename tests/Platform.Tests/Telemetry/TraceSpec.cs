using Grpc.Core;
using Platform.Contracts;
using Platform.Simulator;
using Platform.Tests.Host;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Telemetry;

/// <summary>One request, one trace: through router, bus, worker, ledger and memory, as a collector sees it.</summary>
[Collection(TelemetryAlone.Name)]
public sealed class TraceSpec
{
    private const string Server = "Microsoft.AspNetCore";
    private const string Canary = "canary-7d1f";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generate_WithACollector_IsOneTraceOverRouterWorkerAndMemory()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0 }, Token);
        await using (var host = await TestHost.StartAsync(settings: Settings(receiver, simulator)))
        {
            await GenerateAsync(host);
            // What follows the last event must have happened before the host stops.
            for (var tries = 0; tries < 600 && !receiver.Spans.Any(span => span.Name == "publish closed job"); tries++)
                await Task.Delay(50, Token);
        }

        var trace = receiver.Spans.First(span => span.Source == Server && span.Name == "platform.v1.Generation/Generate").Trace;
        var spans = receiver.Spans.Where(span => span.Trace == trace).ToList();
        spans.ShouldContain(span => span.Source == "MassTransit" && span.Name.Contains("send", StringComparison.Ordinal));
        spans.ShouldContain(span => span.Source == Server && span.Name == "platform.v1.Ledger/Claim");
        spans.ShouldContain(span => span.Source == "Platform.Inference" && span.Name.StartsWith("job ", StringComparison.Ordinal));
        spans.ShouldContain(span => span.Source == Server && span.Name.StartsWith("platform.v1.Patterns/", StringComparison.Ordinal));
        spans.ShouldContain(span => span.Source == Server && span.Name == "platform.v1.Ledger/Report");
        spans.ShouldContain(span => span.Source == "Platform.Router" && span.Name == "publish closed job");
        spans.ShouldContain(span => span.Source == "MassTransit" && span.Name.Contains("JobClosed", StringComparison.Ordinal));
        var known = spans.Select(span => span.Id).ToHashSet();
        spans.Where(span => span.Parent.Length > 0).ShouldAllBe(span => known.Contains(span.Parent));
        spans.Count(span => span.Parent.Length == 0).ShouldBe(1);
    }

    [Fact]
    public async Task Generate_WithACollector_SendsNoPromptAndNoKey()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0 }, Token);
        await using (var host = await TestHost.StartAsync(settings: Settings(receiver, simulator)))
            await GenerateAsync(host);

        receiver.Spans.ShouldNotBeEmpty();
        receiver.Spans.SelectMany(span => span.Tags.Values.Append(span.Name)).ShouldNotContain(text => text.Contains(Canary));
        receiver.Logs.ShouldNotContain(line => line.Contains(Canary));
    }

    private static Dictionary<string, string?> Settings(OtlpReceiver receiver, SimulatorServer simulator) => new(receiver.Settings)
    {
        ["Engines:Cerebras:BaseUrl"] = simulator.Address.ToString(),
        ["Engines:Cerebras:ApiKey"] = $"key-{Canary}",
        ["Engines:Cerebras:Simulated"] = "true",
        ["Access:ServiceKey"] = $"service-{Canary}",
    };

    private static async Task GenerateAsync(TestHost host)
    {
        using var call = new Generation.GenerationClient(host.Client()).Generate(
            new GenerateRequest { Task = $"Write a C# static class {Canary} with a method that returns 7.", Language = "csharp" }, cancellationToken: Token);
        var last = new JobEvent();
        await foreach (var happened in call.ResponseStream.ReadAllAsync(Token))
            last = happened;
        last.WhatCase.ShouldBe(JobEvent.WhatOneofCase.Completed, last.ToString());
    }
}
