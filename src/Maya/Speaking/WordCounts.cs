namespace Platform.Maya;

/// <summary>Words of any part of a sentence in constant time: cutting a very long sentence many times must not count it anew each time.</summary>
internal sealed class WordCounts
{
    private readonly string _sentence;
    private readonly int[] _before;

    public WordCounts(string sentence)
    {
        (_sentence, _before) = (sentence, new int[sentence.Length + 1]);
        for (var i = 0; i < sentence.Length; i++)
            _before[i + 1] = _before[i] + (!IsGap(sentence[i]) && (i == 0 || IsGap(sentence[i - 1])) ? 1 : 0);
    }

    /// <summary>Words from a place up to another; the rest of a word that was begun before counts as one.</summary>
    public int Between(int from, int to)
    {
        if (from >= to)
            return 0;
        var begun = from > 0 && !IsGap(_sentence[from]) && !IsGap(_sentence[from - 1]) ? 1 : 0;
        return _before[to] - _before[from] + begun;
    }

    private static bool IsGap(char c) => c is ' ' or '-';
}
