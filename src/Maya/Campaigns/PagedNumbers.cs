namespace Platform.Maya;

/// <summary>A growing list of numbers in pages, so that growing copies nothing and no array is a large object.</summary>
internal sealed class PagedNumbers
{
    private const int PageBits = 14;
    private const int PageSize = 1 << PageBits;
    private readonly List<uint[]> _pages = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them.</summary>
    public uint this[int index]
    {
        get => _pages[index >> PageBits][index & (PageSize - 1)];
        set => _pages[index >> PageBits][index & (PageSize - 1)] = value;
    }

    /// <summary>Adds one.</summary>
    public void Add(uint value)
    {
        if (Count >> PageBits == _pages.Count)
            _pages.Add(new uint[PageSize]);
        Count++;
        this[Count - 1] = value;
    }

    /// <summary>A list of so many zeros.</summary>
    public static PagedNumbers Zeros(int count)
    {
        var numbers = new PagedNumbers { Count = count };
        for (var page = 0; page < (count + PageSize - 1) >> PageBits; page++)
            numbers._pages.Add(new uint[PageSize]);
        return numbers;
    }
}
