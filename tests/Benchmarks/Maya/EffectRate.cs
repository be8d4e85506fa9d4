using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Maya;
using Platform.Storage;
using Platform.V1;

namespace Platform.Benchmarks.Maya;

/// <summary>How many closed jobs a second become stored posts: read, humanised, fitted, checked, scored and written, on SQLite.</summary>
internal static class EffectRate
{
    private const int Posts = 10_000;
    private const int PerTransaction = 200;

    private const string Brief = """
        name: rate
        brief: A desk lamp that dims by itself
        platforms: [x, linkedin, bluesky, mastodon, threads]
        slots: {count: 1000, start: 2026-12-01T09:00, every: 1h}
        variants: 2
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var home = Directory.CreateTempSubdirectory("maya-rate-");
        await using var database = new SqliteDatabase(Path.Combine(home.FullName, "maya.db")) { Module = ModuleNames.Maya };
        await database.ApplyAsync(SchemaScript.Of(typeof(MayaModule).Assembly, database.Dialect), default);
        using var news = new ContentNews();
        using var repeats = new RepeatStore(database);
        var (posts, campaigns) = (new PostStore(database, new PostSealing(vault: null!), news), new CampaignStore(database, new CampaignSealing(vault: null!)));
        var brief = BriefReader.Read(Brief, DateTimeOffset.UtcNow, 1 << 20);
        var campaign = new CampaignRow { Tenant = "t", Id = "c", Name = "rate", Total = Posts };
        var plan = Stopwatch.StartNew();
        await campaigns.InsertAsync(campaign, CampaignPlanner.Posts(brief, campaign, new PostBackground(), []), default);
        Line("posts planned and stored a second", Posts / plan.Elapsed.TotalSeconds);

        var closed = CampaignPlanner.Posts(brief, campaign, new PostBackground(), []).Select(Close).ToList();
        var effects = new PostEffects(database, posts, campaigns, new OutcomeModels(new OutcomeStore(database, posts), Microsoft.Extensions.Options.Options.Create(new MayaOptions()), TimeProvider.System), new ProfileDesk(new ProfileStore(database, TimeProvider.System), vault: null!), new EngineModeration(Microsoft.Extensions.Options.Options.Create(new ModerationOptions()), NullLogger<EngineModeration>.Instance), news, repeats, Microsoft.Extensions.Options.Options.Create(new MayaOptions()), TimeProvider.System, NullLogger<PostEffects>.Instance);
        await effects.ApplyAsync([.. closed.Take(PerTransaction).Select(c => c.Read())], default);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        foreach (var chunk in closed.Skip(PerTransaction).Chunk(PerTransaction))
            await effects.ApplyAsync([.. chunk.Where(c => JobPeek.IsContent(c.Job)).Select(c => c.Read())], default);
        var seconds = watch.Elapsed.TotalSeconds;
        var work = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / (Posts - PerTransaction);
        Line("closed jobs a second become stored posts (one after the other)", (Posts - PerTransaction) / seconds);
        Line("milliseconds of processor a post", work);
        var done = await campaigns.FindAsync("t", "c", default);
        Console.WriteLine($"campaign {done!.State}: {done.Ready} ready, {done.Failed} failed of {done.Total}");
        home.Delete(recursive: true);
        return done.Ready + done.Failed == Posts ? 0 : 1;
    }

    private static JobClosed Close(PostRow post, int index)
    {
        var job = new Job
        {
            Id = $"j{index}",
            Tenant = "t",
            State = JobStates.Succeeded,
            Request = GenerateRequest.Parser.ParseFrom(post.Request),
            Result = new JobResult
            {
                Text = $"Evenings get easier on the eyes. Our lamp number {index} leverages the light in your room and dims by itself — no app, no switch. How do you light your desk? Read more at https://example.com/lamps/{index} #light",
                Model = "m",
                Engine = "e",
            },
        };
        return new JobClosed { JobId = job.Id, Tenant = "t", Job = job.ToByteArray() };
    }

    private static void Line(string what, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:N2}"));
}
