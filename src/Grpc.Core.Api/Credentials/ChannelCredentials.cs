namespace Grpc.Core;

/// <summary>How a channel is secured, optionally with credentials for each of its calls.</summary>
public abstract class ChannelCredentials
{
    /// <summary>No transport security.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>TLS with the machine's own trusted roots.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    internal virtual bool IsComposable => false;

    /// <summary>Adds credentials for each call to those of the channel.</summary>
    /// <param name="channelCredentials">The channel's; they must be secure.</param>
    /// <param name="callCredentials">Those of each call.</param>
    /// <exception cref="ArgumentException">The channel would send the call's credentials in the clear.</exception>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        ArgumentNullException.ThrowIfNull(channelCredentials);
        ArgumentNullException.ThrowIfNull(callCredentials);
        if (!channelCredentials.IsComposable)
            throw new ArgumentException("These channel credentials are not secure, so call credentials cannot be added to them.", nameof(channelCredentials));
        return new CompositeChannelCredentials(channelCredentials, callCredentials);
    }

    /// <summary>Tells a transport what these credentials are; applications have no use for it.</summary>
    /// <param name="configurator">The transport's side.</param>
    /// <param name="state">Passed through.</param>
    public abstract void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state);

    private sealed class InsecureCredentials : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
            configurator.SetInsecureCredentials(state);
    }

    private sealed class CompositeChannelCredentials(ChannelCredentials channel, CallCredentials call) : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
            configurator.SetCompositeCredentials(state, channel, call);
    }
}

/// <summary>A transport's side of <see cref="ChannelCredentials"/>: it is told which kind they are.</summary>
public abstract class ChannelCredentialsConfiguratorBase
{
    /// <summary>The channel has no transport security.</summary>
    /// <param name="state">The transport's own.</param>
    public abstract void SetInsecureCredentials(object state);

    /// <summary>The channel speaks TLS.</summary>
    /// <param name="state">The transport's own.</param>
    /// <param name="rootCertificates">Trusted roots in PEM, or null for the machine's.</param>
    /// <param name="keyCertificatePair">The client's certificate, or null for none.</param>
    /// <param name="verifyPeerCallback">An additional check of the server, or null.</param>
    public abstract void SetSslCredentials(
        object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback);

    /// <summary>The channel adds credentials to each call.</summary>
    /// <param name="state">The transport's own.</param>
    /// <param name="channelCredentials">The channel's own.</param>
    /// <param name="callCredentials">Those of each call.</param>
    public abstract void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials);
}
