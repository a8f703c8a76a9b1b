using System.Xml.Linq;
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

    /// <summary>Keeps in Redis the keys that protect what browsers bring back, so that every replica can read it.</summary>
    public static IHostApplicationBuilder AddSharedKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().SetApplicationName("kapso");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((keys, provider) =>
            keys.XmlRepository = new KeyList(
                () => provider.GetRequiredKeyedService<IConnectionMultiplexer>(RedisConnection.Name).GetDatabase(),
                provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId + "/data-protection"));
        return builder;
    }

    // As the framework's own list, but that a key is added only where nobody has added one since this process looked: processes that
    // start at once on an empty Redis would each make one, and learn of the others' a day later.
    private sealed class KeyList(Func<IDatabase> redis, RedisKey name) : IXmlRepository
    {
        private long _known;

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
