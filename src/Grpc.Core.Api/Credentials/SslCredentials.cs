namespace Grpc.Core;

/// <summary>Looks at a server's certificate once TLS has accepted it.</summary>
/// <param name="context">The server and its certificate.</param>
/// <returns>False to refuse the server.</returns>
public delegate bool VerifyPeerCallback(VerifyPeerContext context);

/// <summary>What a <see cref="VerifyPeerCallback"/> decides on.</summary>
public class VerifyPeerContext
{
    internal VerifyPeerContext(string targetName, string peerPem)
    {
        TargetName = targetName;
        PeerPem = peerPem;
    }

    /// <summary>The server's name as the channel knows it.</summary>
    public string TargetName { get; }

    /// <summary>The server's certificate in PEM.</summary>
    public string PeerPem { get; }
}

/// <summary>A certificate with its private key.</summary>
public sealed class KeyCertificatePair
{
    /// <summary>Pairs a certificate with its key.</summary>
    /// <param name="certificateChain">The certificate and its issuers, in PEM.</param>
    /// <param name="privateKey">The private key, in PEM.</param>
    public KeyCertificatePair(string certificateChain, string privateKey)
    {
        ArgumentNullException.ThrowIfNull(certificateChain);
        ArgumentNullException.ThrowIfNull(privateKey);
        CertificateChain = certificateChain;
        PrivateKey = privateKey;
    }

    /// <summary>The certificate and its issuers, in PEM.</summary>
    public string CertificateChain { get; }

    /// <summary>The private key, in PEM.</summary>
    public string PrivateKey { get; }
}

/// <summary>
/// TLS for a channel. The .NET transport takes only the form without arguments and wants roots, client certificates and checks on its HTTP handler.
/// </summary>
public sealed class SslCredentials : ChannelCredentials
{
    private readonly VerifyPeerCallback? _verifyPeerCallback;

    /// <summary>TLS with the machine's trusted roots and no client certificate.</summary>
    public SslCredentials()
        : this(null)
    {
    }

    /// <summary>TLS with given trusted roots.</summary>
    /// <param name="rootCertificates">Trusted roots in PEM, or null for the machine's.</param>
    public SslCredentials(string? rootCertificates)
        : this(rootCertificates, null)
    {
    }

    /// <summary>TLS with given trusted roots and a client certificate.</summary>
    /// <param name="rootCertificates">Trusted roots in PEM, or null for the machine's.</param>
    /// <param name="keyCertificatePair">The client's certificate, or null for none.</param>
    public SslCredentials(string? rootCertificates, KeyCertificatePair? keyCertificatePair)
        : this(rootCertificates, keyCertificatePair, null)
    {
    }

    /// <summary>TLS with given trusted roots, a client certificate and a check of the server.</summary>
    /// <param name="rootCertificates">Trusted roots in PEM, or null for the machine's.</param>
    /// <param name="keyCertificatePair">The client's certificate, or null for none.</param>
    /// <param name="verifyPeerCallback">An additional check of the server, or null.</param>
    public SslCredentials(string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    {
        RootCertificates = rootCertificates;
        KeyCertificatePair = keyCertificatePair;
        _verifyPeerCallback = verifyPeerCallback;
    }

    /// <summary>Trusted roots in PEM, or null for the machine's.</summary>
    public string? RootCertificates { get; }

    /// <summary>The client's certificate, or null for none.</summary>
    public KeyCertificatePair? KeyCertificatePair { get; }

    internal override bool IsComposable => true;

    /// <inheritdoc/>
    public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
        configurator.SetSslCredentials(state, RootCertificates, KeyCertificatePair, _verifyPeerCallback);
}
