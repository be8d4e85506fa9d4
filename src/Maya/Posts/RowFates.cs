using System.Security.Cryptography;
using Google.Protobuf;
using Platform.V1;

namespace Platform.Maya;

/// <summary>What became of the rows of a batch, so far. What it keeps of refused rows is bounded in number and in length.</summary>
internal sealed class RowFates
{
    private const int MostProblems = 100_000;

    /// <summary>Most characters of all problems together: they are one message, and stand in memory until it is sent.</summary>
    private const int MostCharacters = 6_000_000;
    private const int LongestId = 128;
    private const int LongestProblem = 200;

    private int _characters;

    /// <summary>The answer that grows.</summary>
    public SubmitPostsReply Reply { get; } = new();

    /// <summary>Rows accepted.</summary>
    public long Accepted => Reply.Accepted;

    /// <summary>Rows seen.</summary>
    public long Rows => Reply.Accepted + Reply.Refused;

    /// <summary>Counts a row; an empty problem means that it was accepted.</summary>
    public void Add(PostInput row, string problem)
    {
        if (problem.Length == 0)
        {
            Reply.Accepted++;
            return;
        }

        Reply.Refused++;
        var kept = new RowProblem { Row = Rows, CustomId = Cut(row.CustomId, LongestId), Problem = Cut(problem, LongestProblem) };
        _characters += kept.CustomId.Length + kept.Problem.Length;
        if (Reply.Problems.Count < MostProblems && _characters <= MostCharacters)
            Reply.Problems.Add(kept);
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : $"{SafeText.Cut(text, length)}…";
}

/// <summary>Hash of all rows of a batch, fed one row at a time.</summary>
internal sealed class RowHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The hash of the rows so far.</summary>
    public string Value => $"rows:{Convert.ToHexStringLower(_hash.GetCurrentHash())}";

    /// <summary>Adds a row; its length goes in first, so that no two lists of rows look the same.</summary>
    public void Add(PostInput row)
    {
        var bytes = row.ToByteArray();
        _hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
        _hash.AppendData(bytes);
    }

    public void Dispose() => _hash.Dispose();
}
