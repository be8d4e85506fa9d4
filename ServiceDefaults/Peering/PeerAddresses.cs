using Microsoft.Extensions.Configuration;
using Platform.Contracts;

namespace Platform.ServiceDefaults.Peering;

/// <summary>Where the modules are: the switch <c>Peers:NAME</c>, read here and nowhere else.</summary>
internal sealed class PeerAddresses
{
    private const string Section = "Peers";
    private readonly Dictionary<string, Uri> _addresses;

    private PeerAddresses(Dictionary<string, Uri> addresses) => _addresses = addresses;

    /// <summary>Address of a module; null when it is in this process.</summary>
    public Uri? Of(string module) => _addresses.GetValueOrDefault(module);

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingException">A name or an address is wrong; says which key, the value found and a good value.</exception>
    public static PeerAddresses Read(IConfiguration configuration)
    {
        var addresses = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var entry in configuration.GetSection(Section).GetChildren())
        {
            var module = entry.Key.ToLowerInvariant();
            if (!ModuleNames.All.Contains(module))
                throw new SettingException($"{Section}:{entry.Key} names no module; use one of {string.Join(", ", ModuleNames.All)}.");
            if (string.IsNullOrWhiteSpace(entry.Value))
                continue;
            if (!Uri.TryCreate(entry.Value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.AbsolutePath != "/")
                throw new SettingException($"{Section}:{entry.Key} is '{entry.Value}'; use the address of that module's gRPC endpoint, for example http://127.0.0.1:5081.");
            addresses[module] = address;
        }

        return new PeerAddresses(addresses);
    }
}
