using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>How deep a syntax tree is. Flow analysis walks trees by recursion, so what is deeper than its stack must not reach it.</summary>
internal static class SyntaxDepth
{
    /// <summary>Deepest tree that is analysed; code that people or engines write stays below 100.</summary>
    public const int Most = 300;

    /// <summary>True when some node has more ancestors than the limit.</summary>
    public static bool Exceeds(SyntaxTree tree, int limit, CancellationToken token)
    {
        // Enumerated without recursion: Roslyn keeps the stack of this walk on the heap.
        var depth = 0;
        var pending = new Stack<(SyntaxNode Node, int Depth)>([(tree.GetRoot(token), 0)]);
        while (depth <= limit && pending.TryPop(out var next))
        {
            depth = next.Depth;
            foreach (var child in next.Node.ChildNodes())
                pending.Push((child, depth + 1));
        }
        return depth > limit;
    }
}
