namespace Platform.Validation;

/// <summary>The code files found in an engine's answer.</summary>
/// <param name="Files">The files, in the order of their first appearance; empty when there is no usable code.</param>
/// <param name="Truncated">True when a fence was opened and never closed: the answer was cut, and the cut block is not among the files.</param>
/// <param name="Problem">Why files are missing or were renamed, in one sentence; null when all is well.</param>
public sealed record ExtractedCode(IReadOnlyList<SourceFile> Files, bool Truncated, string? Problem);
