using System.Xml.Linq;
using Kapso.Engines.Orleans;
using Kapso.Engines.Orleans.Hosting;
using Kapso.Engines.Orleans.Redis;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Kapso.Api.Hosting;

/// <summary>The cluster's Redis, as this process uses it.</summary>
internal static class ClusterRedis
{
    /// <summary>Adds the connection, which comes from <c>ConnectionStrings:redis</c>. It need not be there when the process starts.</summary>
    public static IHostApplicationBuilder AddClusterRedis(this IHostApplicationBuilder builder)
    {
        builder.RequireRedis<KapsoOptions>();
        builder.AddKeyedRedisClient(
            RedisConnection.Name,
            settings =>
            {
                settings.DisableTracing = !builder.ExportsTelemetry();
                settings.DisableHealthChecks = true; // Ours asks for more: a write.
            },
            RedisConnection.Configure);
        return builder;
    }

    /// <summary>Keeps in Redis the keys that protect what browsers bring back, so that every replica can read it. Comes after all that uses them.</summary>
    public static IHostApplicationBuilder AddSharedKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().SetApplicationName("kapso");

        // They are read at the start, which only makes noise before Redis is there.
        builder.Services.StartAfterStore(service => service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly);
        builder.Services.AddSingleton(provider => new KeyList(
            () => provider.GetRequiredKeyedService<IConnectionMultiplexer>(RedisConnection.Name).GetDatabase(),
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId + "/data-protection"));
        builder.Services.AddOptions<KeyManagementOptions>().Configure<KeyList>((keys, list) => keys.XmlRepository = list);
        builder.Services.AddHostedService<KeyRenewal>();
        return builder;
    }

    /// <summary>
    /// Leaves the keys of a store that another one took the place of: which sign-ins had been ended is not known any more, and processes
    /// that start later do not have them.
    /// </summary>
    private sealed class KeyRenewal(KeyList list, IKeyManager keys, StoreReplacements replacements, TimeProvider time) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            replacements.Replaced += Renew;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            replacements.Replaced -= Renew;
            return Task.CompletedTask;
        }

        // Revoked here and nowhere else: the list has none of them, and may have the others' new ones. They are read with the next cookie.
        private void Renew()
        {
            list.Forget();
            keys.RevokeAllKeys(time.GetUtcNow(), "The store is another one.");
        }
    }

    // As the framework's own list, but that a key is added only where nobody has added one since this process looked: processes that
    // start at once on an empty Redis would each make one, and learn of the others' a day later.
    private sealed class KeyList(Func<IDatabase> redis, RedisKey name) : IXmlRepository
    {
        private const long Never = -1;

        private long _known = Never;

        /// <summary>Adds nothing before the list was read again.</summary>
        public void Forget() => _known = Never;

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            var keys = redis().ListRange(name);
            _known = keys.Length;
            return [.. keys.Select(key => XElement.Parse(key!))];
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            var transaction = redis().CreateTransaction();
            transaction.AddCondition(Condition.ListLengthEqual(name, _known));
            _ = transaction.ListRightPushAsync(name, element.ToString(SaveOptions.DisableFormatting));
            transaction.Execute();
        }
    }
}
