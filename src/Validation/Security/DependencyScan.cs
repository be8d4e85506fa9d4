namespace Platform.Validation;

/// <summary>Looks at the packages a file asks for: names that imitate well-known ones, and versions that are left open.</summary>
internal sealed class DependencyScan : FileScan
{
    public override bool Reads(SourceFile file) => DependencyLists.Reads(file);

    protected override IEnumerable<SecurityFinding> Find(SourceFile file)
    {
        foreach (var dependency in DependencyLists.In(file))
        {
            if (PackageNames.Imitated(dependency.Ecosystem, dependency.Name) is { } known)
                yield return SecurityRules.Find("SEC601").At(dependency.Line, $"The package '{Shown(dependency.Name)}' is one letter from the well-known '{known}': it may be a slip, or an imitation that runs somebody else's code.");
            if (!dependency.Pinned)
                yield return SecurityRules.Find("SEC602").At(dependency.Line, $"The version of '{Shown(dependency.Name)}' is left open, so another build may run other code.");
        }
    }

    private static string Shown(string name) => name.Length <= 80 ? name : name[..80];
}
