namespace Grpc.Core;

/// <summary>Adds credentials to the headers of a call that is about to start.</summary>
/// <param name="context">Which call it is.</param>
/// <param name="metadata">The headers to add to.</param>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);

/// <summary>Which call an <see cref="AsyncAuthInterceptor"/> is asked about.</summary>
public class AuthInterceptorContext
{
    /// <summary>Describes a call that cannot be cancelled meanwhile.</summary>
    /// <param name="serviceUrl">The service's address.</param>
    /// <param name="methodName">The method's name.</param>
    public AuthInterceptorContext(string serviceUrl, string methodName)
        : this(serviceUrl, methodName, CancellationToken.None)
    {
    }

    /// <summary>Describes a call.</summary>
    /// <param name="serviceUrl">The service's address.</param>
    /// <param name="methodName">The method's name.</param>
    /// <param name="cancellationToken">Ends with the call.</param>
    public AuthInterceptorContext(string serviceUrl, string methodName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(serviceUrl);
        ArgumentNullException.ThrowIfNull(methodName);
        ServiceUrl = serviceUrl;
        MethodName = methodName;
        CancellationToken = cancellationToken;
    }

    /// <summary>The service's address, which a token may be bound to.</summary>
    public string ServiceUrl { get; }

    /// <summary>The method's name.</summary>
    public string MethodName { get; }

    /// <summary>Ends with the call, so that fetching a token does not outlive it.</summary>
    public CancellationToken CancellationToken { get; }
}

/// <summary>Credentials that travel in the headers of each call, such as a bearer token.</summary>
public abstract class CallCredentials
{
    /// <summary>Credentials that add everything which several others add.</summary>
    /// <param name="credentials">At least two, applied in this order.</param>
    /// <exception cref="ArgumentException">There are fewer than two, or one is null.</exception>
    public static CallCredentials Compose(params CallCredentials[] credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        if (credentials.Length < 2 || credentials.Contains(null))
            throw new ArgumentException($"At least two credentials are needed and none may be null; got {credentials.Length}.", nameof(credentials));
        return new CompositeCallCredentials([.. credentials]);
    }

    /// <summary>Credentials that a callback adds.</summary>
    /// <param name="interceptor">The callback.</param>
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        return new InterceptorCallCredentials(interceptor);
    }

    /// <summary>Tells a transport what these credentials are; applications have no use for it.</summary>
    /// <param name="configurator">The transport's side.</param>
    /// <param name="state">Passed through.</param>
    public abstract void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object state);

    private sealed class CompositeCallCredentials(IReadOnlyList<CallCredentials> credentials) : CallCredentials
    {
        public override void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object state) =>
            configurator.SetCompositeCredentials(state, credentials);
    }

    private sealed class InterceptorCallCredentials(AsyncAuthInterceptor interceptor) : CallCredentials
    {
        public override void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object state) =>
            configurator.SetAsyncAuthInterceptorCredentials(state, interceptor);
    }
}

/// <summary>A transport's side of <see cref="CallCredentials"/>: it is told which kind they are.</summary>
public abstract class CallCredentialsConfiguratorBase
{
    /// <summary>The credentials are several others together.</summary>
    /// <param name="state">The transport's own.</param>
    /// <param name="credentials">The parts, in order.</param>
    public abstract void SetCompositeCredentials(object state, IReadOnlyList<CallCredentials> credentials);

    /// <summary>The credentials are a callback.</summary>
    /// <param name="state">The transport's own.</param>
    /// <param name="interceptor">The callback.</param>
    public abstract void SetAsyncAuthInterceptorCredentials(object state, AsyncAuthInterceptor interceptor);
}
