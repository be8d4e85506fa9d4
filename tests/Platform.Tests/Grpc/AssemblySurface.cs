using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Platform.Tests.Grpc;

/// <summary>What an assembly offers to others, or asks of others, one line of text for each type, method and field.</summary>
internal static class AssemblySurface
{
    /// <summary>Everything in an assembly that another one can refer to: public types with their public and protected members.</summary>
    public static HashSet<string> Offered(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var lines = new HashSet<string>();
        foreach (var handle in reader.TypeDefinitions.Where(handle => IsVisible(reader, handle)))
        {
            var type = reader.GetTypeDefinition(handle);
            var name = SignatureText.Provider.GetTypeFromDefinition(reader, handle, 0);
            lines.Add(name);
            foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition).Where(method => IsVisible(method.Attributes)))
                lines.Add($"{name}::{reader.GetString(method.Name)}{SignatureText.Of(method.DecodeSignature(SignatureText.Provider, null))}");
            foreach (var field in type.GetFields().Select(reader.GetFieldDefinition).Where(field => IsVisible(field.Attributes)))
                lines.Add($"{name}::{reader.GetString(field.Name)} : {field.DecodeSignature(SignatureText.Provider, null)}");
        }

        return lines;
    }

    /// <summary>Everything that an assembly refers to in another one.</summary>
    public static HashSet<string> Asked(string path, string targetAssembly)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var types = reader.TypeReferences
            .Where(handle => ScopeOf(reader, handle) == targetAssembly)
            .Select(handle => SignatureText.Provider.GetTypeFromReference(reader, handle, 0))
            .ToHashSet();
        var members = reader.MemberReferences
            .Select(reader.GetMemberReference)
            .Select(member => (Declaring: DeclaringType(reader, member.Parent), Line: Line(reader, member)))
            .Where(member => types.Contains(member.Declaring))
            .Select(member => $"{member.Declaring}::{member.Line}");
        return [.. types, .. members];
    }

    private static string Line(MetadataReader reader, MemberReference member) =>
        reader.GetString(member.Name) + (member.GetKind() == MemberReferenceKind.Field
            ? $" : {member.DecodeFieldSignature(SignatureText.Provider, null)}"
            : SignatureText.Of(member.DecodeMethodSignature(SignatureText.Provider, null)));

    private static string DeclaringType(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind is not (HandleKind.TypeReference or HandleKind.TypeSpecification))
            return "";
        var type = parent.Kind == HandleKind.TypeReference
            ? SignatureText.Provider.GetTypeFromReference(reader, (TypeReferenceHandle)parent, 0)
            : SignatureText.Provider.GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)parent, 0);
        // A member of a generic type is declared once, whatever the arguments are.
        var arguments = type.IndexOf('<', StringComparison.Ordinal);
        return arguments < 0 ? type : type[..arguments];
    }

    private static string ScopeOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => ScopeOf(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => "",
        };
    }

    private static bool IsVisible(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(reader, type.GetDeclaringType()),
            _ => false,
        };
    }

    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;
}
