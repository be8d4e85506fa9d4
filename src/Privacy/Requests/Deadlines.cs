namespace Platform.Privacy;

/// <summary>By when the law wants an answer.</summary>
/// <param name="Confirm">Receipt confirmed; null when the law asks for none.</param>
/// <param name="Due">Answered.</param>
internal readonly record struct Deadlines(DateTimeOffset? Confirm, DateTimeOffset Due)
{
    public const string Gdpr = "gdpr";
    public const string Ccpa = "ccpa";
    private const int ConfirmBusinessDays = 10;
    private const int AnswerDays = 45;

    public static readonly IReadOnlyList<string> Laws = [Gdpr, Ccpa];

    /// <summary>
    /// GDPR article 12(3): one month, two more once. CCPA regulations, section 7021: receipt confirmed in 10 business days, answered in 45 calendar
    /// days, 45 more once. Public holidays are not known here, so the confirmation falls due a little early rather than late.
    /// </summary>
    public static Deadlines Of(string law, DateTimeOffset received, bool extended) => law == Ccpa
        ? new Deadlines(BusinessDays(received, ConfirmBusinessDays), received.AddDays(extended ? 2 * AnswerDays : AnswerDays))
        : new Deadlines(null, received.AddMonths(extended ? 3 : 1));

    private static DateTimeOffset BusinessDays(DateTimeOffset from, int days)
    {
        var at = from;
        while (days > 0)
        {
            at = at.AddDays(1);
            if (at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                days--;
        }

        return at;
    }
}
