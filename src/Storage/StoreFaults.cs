using System.Data.Common;

namespace Platform.Storage;

/// <summary>A fault of something that a store needs, such as an embedding server.</summary>
public interface ITransientFault
{
    /// <summary>Whether trying again later makes sense.</summary>
    bool IsTransient { get; }
}

/// <summary>Tells a store that is away for a while from a defect.</summary>
public static class StoreFaults
{
    /// <summary>Whether an exception, or one inside it, says that trying again later makes sense.</summary>
    public static bool IsTransient(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is StoreUnreachableException or TimeoutException or DbException { IsTransient: true } or ITransientFault { IsTransient: true })
                return true;
        }

        return false;
    }
}
