using System.Numerics.Tensors;

namespace Platform.Patterns;

/// <summary>Vectors are kept at length 1, so that a dot product is the cosine.</summary>
internal static class VectorMath
{
    /// <summary>Scales to length 1; leaves a vector of zeros alone.</summary>
    public static void Normalise(Span<float> vector)
    {
        var length = TensorPrimitives.Norm(vector);
        if (length > 0)
            TensorPrimitives.Divide(vector, length, vector);
    }
}
