namespace Platform.Maya;

/// <summary>How a campaign's counts change.</summary>
internal sealed class CampaignTally
{
    public long Ready { get; private set; }

    public long Failed { get; private set; }

    public long Cancelled { get; private set; }

    public double CostUsd { get; set; }

    /// <summary>Why no engine answered; empty when none was asked in vain.</summary>
    public string Unanswered { get; set; } = "";

    /// <summary>Whether an engine answered.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Shared calls in a row whose answer was not in the form asked for.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Whether the answer of a shared call was.</summary>
    public bool IsReadable { get; private set; }

    /// <summary>Counts the answer of a shared call.</summary>
    public void CountShared(bool readable) => (IsReadable, Unreadable) = (IsReadable || readable, readable ? 0 : Unreadable + 1);

    public bool Simulated { get; set; }

    /// <summary>Counts a post of a state in or out; pending ones are what is left.</summary>
    public void Count(string state, int by)
    {
        switch (state)
        {
            case PostStates.Pending:
                break;
            case PostStates.Cancelled:
                Cancelled += by;
                break;
            case PostStates.Failed or PostStates.Invalid or PostStates.Blocked:
                Failed += by;
                break;
            default:
                Ready += by;
                break;
        }
    }
}
