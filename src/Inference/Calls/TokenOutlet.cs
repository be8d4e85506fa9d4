namespace Platform.Inference;

/// <summary>Where the pieces of an answer go while it comes.</summary>
internal interface ITokenOutlet
{
    /// <summary>Takes a piece.</summary>
    /// <returns>False when nobody wants the rest: another call was faster.</returns>
    bool Take(string thought, string text);
}

/// <summary>To those who watch the job.</summary>
internal sealed class ProgressOutlet(JobProgress progress) : ITokenOutlet
{
    public bool Take(string thought, string text)
    {
        progress.Token(thought, reasoning: true);
        progress.Token(text, reasoning: false);
        return true;
    }
}

/// <summary>Nowhere: the answer is judged before anybody sees it.</summary>
internal sealed class SilentOutlet : ITokenOutlet
{
    public static readonly SilentOutlet Instance = new();

    public bool Take(string thought, string text) => true;
}

/// <summary>Calls that race for the first token: whoever has it speaks, the others are told to stop.</summary>
internal sealed class FirstTokenContest(ITokenOutlet outlet)
{
    private readonly TaskCompletionSource<int> won = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Number of the winner, once there is one.</summary>
    public Task<int> Winner => won.Task;

    /// <summary>The outlet of one contestant.</summary>
    public ITokenOutlet Of(int number) => new Entry(this, outlet, number);

    private sealed class Entry(FirstTokenContest contest, ITokenOutlet outlet, int number) : ITokenOutlet
    {
        public bool Take(string thought, string text)
        {
            contest.won.TrySetResult(number);
            return contest.won.Task.Result == number && outlet.Take(thought, text);
        }
    }
}
