using Platform.Contracts;
using Platform.Router;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>What a watcher reads when the end of a job overtakes its text.</summary>
public sealed class LiveJobTests
{
    [Fact]
    public void Close_BeforeAnyText_BringsTheWholeTextFirst()
    {
        var live = new LiveJob();

        live.Close([Ended("whole text")]);

        var events = Read(live);
        events.Select(e => e.WhatCase).ShouldBe([JobEvent.WhatOneofCase.Snapshot, JobEvent.WhatOneofCase.Completed]);
        events[0].Snapshot.Text.ShouldBe("whole text");
        events[0].Number.ShouldBeLessThan(events[1].Number);
    }

    [Theory]
    [InlineData(1, "whole ", true)]
    [InlineData(1, "whole text", false)]
    [InlineData(2, "whole text", false)]
    public void Close_AfterSomeText_BringsTheWholeOnlyWhenSomeIsMissing(int draft, string heard, bool missing)
    {
        var live = new LiveJob();
        live.Add([Said(1, 1, "a draft that was thrown away"), Said(2, 2, ""), Said(3, draft + 1, heard[..3]), Said(4, draft + 1, heard[3..])]);

        live.Close([Ended("whole text")]);

        var snapshots = Read(live).Where(e => e.WhatCase == JobEvent.WhatOneofCase.Snapshot).ToList();
        snapshots.Count.ShouldBe(missing ? 1 : 0);
        snapshots.ShouldAllBe(e => e.Snapshot.Draft == draft + 1 && e.Snapshot.Text == "whole text");
    }

    [Fact]
    public void Add_AfterTheEnd_IsPassedOver()
    {
        var live = new LiveJob();
        live.Close([Ended("whole text")]);
        var before = Read(live).Count;

        live.Add([Said(5, 1, "late")]);

        Read(live).Count.ShouldBe(before);
    }

    private static List<JobEvent> Read(LiveJob live)
    {
        var position = 0;
        return live.Read(ref position).Events;
    }

    private static JobEvent Said(long sequence, int draft, string text) =>
        new() { JobId = "job", Number = JobId.EventNumber(1, sequence), Token = new TokenDelta { Draft = draft, Text = text } };

    private static JobEvent Ended(string text) =>
        new() { JobId = "job", Number = JobId.EventNumber(1, uint.MaxValue), Completed = new JobResult { Text = text } };
}
