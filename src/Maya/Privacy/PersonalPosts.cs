using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>Finished posts about a person, as a class that is kept for a time only. Campaigns are about nobody and stay.</summary>
internal sealed class PersonalPosts([FromKeyedServices(ModuleNames.Maya)] Database database) : IRetainedData
{
    public string Module => ModuleNames.Maya;

    public string Class => "posts";

    public Task<long> RemoveAsync(long beforeMs, CancellationToken token) => database.WriteAsync(async connection =>
        (long)await connection.ExecuteAsync("delete from posts where subject_id <> '' and closed_ms > 0 and closed_ms < @beforeMs", new { beforeMs }), token);
}
