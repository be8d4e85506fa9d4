namespace Platform.Tests.Testing;

/// <summary>Waits for what happens by itself, and fails when it does not: no spec hangs.</summary>
internal static class Patience
{
    private const int Looks = 1_200;
    private const int PauseMs = 50;

    /// <summary>Asks again and again for a minute; then the answer must be yes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var look = 0; look < Looks && !await holds(); look++)
            await Task.Delay(PauseMs, TestContext.Current.CancellationToken);
        (await holds()).ShouldBeTrue("it did not come about within a minute");
    }

    /// <summary>The same for what is known at once.</summary>
    public static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));
}
