using Platform.V1;

namespace Platform.Maya;

/// <summary>What one cell of the matrix takes from the strategy.</summary>
/// <param name="Theme">Theme; empty when the campaign has none.</param>
/// <param name="Hook">Idea of the opening; empty when there is none.</param>
/// <param name="CallToAction">What the reader is asked to do; empty when there is none.</param>
internal readonly record struct StrategyCell(string Theme, string Hook, string CallToAction);

/// <summary>Deals themes, hooks and calls to action to the cells of a matrix: themes in turn, and each time that a theme comes again its next hook.</summary>
internal sealed class StrategyCells
{
    private readonly IReadOnlyList<StrategyTheme> _themes;
    private readonly int _variants;

    /// <summary>Cells of a brief.</summary>
    /// <param name="brief">The brief; its own themes stand before those of the strategy.</param>
    /// <param name="strategy">The strategy, or null when there is none.</param>
    public StrategyCells(CampaignBrief brief, CampaignStrategy? strategy)
    {
        var planned = strategy?.Themes ?? [];
        _variants = brief.Variants;
        // A theme of the brief that the strategy says nothing about borrows hooks from the others in turn.
        _themes = brief.Themes.Count == 0 ? [.. planned] : [.. brief.Themes.Select((name, i) => Named(planned, name) ?? Borrowed(planned, name, i))];
    }

    /// <summary>The cell of a post.</summary>
    /// <param name="ordinal">Number of the post, from 1.</param>
    public StrategyCell Of(long ordinal)
    {
        if (_themes.Count == 0)
            return new("", "", "");
        var (cell, variant) = ((ordinal - 1) / _variants, (ordinal - 1) % _variants);
        var theme = _themes[(int)(cell % _themes.Count)];
        var turn = (cell / _themes.Count) + variant;
        return new(theme.Name, At(theme.Hooks, turn), At(theme.CallsToAction, turn));
    }

    private static StrategyTheme? Named(IEnumerable<StrategyTheme> themes, string name) => themes.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static StrategyTheme Borrowed(IReadOnlyList<StrategyTheme> themes, string name, int turn)
    {
        var theme = themes.Count == 0 ? new StrategyTheme() : themes[turn % themes.Count].Clone();
        theme.Name = name;
        return theme;
    }

    private static string At(IReadOnlyList<string> values, long turn) => values.Count == 0 ? "" : values[(int)(turn % values.Count)];
}
