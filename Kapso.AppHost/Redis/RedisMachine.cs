using Microsoft.Extensions.Configuration;

namespace Kapso.AppHost.Redis;

/// <summary>What this machine has that can be Redis. Each is looked for only once it is asked for: some take their time.</summary>
internal sealed class RedisMachine
{
    /// <summary>Where data and choice are kept; default <c>data/redis</c> in the application host's folder.</summary>
    private const string FolderSetting = "Redis:Folder";

    private readonly SearchPath _path;
    private readonly string _appHost;
    private readonly Lazy<(ContainerRuntime? Runtime, string Missing)> _runtime;

    /// <summary>Describes this machine.</summary>
    /// <param name="configuration">The application host's: the environment's PATH is among it.</param>
    /// <param name="appHost">The application host's folder.</param>
    public RedisMachine(IConfiguration configuration, string appHost)
    {
        _path = new SearchPath(configuration["PATH"]);
        _appHost = appHost;
        _runtime = new(() => ContainerRuntime.Find(_path, configuration));
        Dotnet = configuration["DOTNET_HOST_PATH"] ?? _path.Find("dotnet") ?? "dotnet";
        Folder = new RedisFolder(configuration[FolderSetting] ?? Path.Combine(appHost, "data", "redis"));
    }

    /// <summary>Where data and choice are kept.</summary>
    public RedisFolder Folder { get; }

    /// <summary>The <c>dotnet</c> command.</summary>
    public string Dotnet { get; }

    /// <summary>The container runtime that answers; null where none does.</summary>
    public ContainerRuntime? Runtime => _runtime.Value.Runtime;

    /// <summary>Why there is none of this kind, as a clause; null where there is one.</summary>
    public string? WhyNot(RedisKind kind) => kind switch
    {
        RedisKind.Container => Runtime is null ? _runtime.Value.Missing : null,
        RedisKind.Garnet => GarnetTool.RestoreAsync(Dotnet, _appHost).GetAwaiter().GetResult(),
        _ => _path.Find(kind.Name()) is null ? $"there is no {kind.Name()} on the path" : null,
    };

    /// <summary>Whether an earlier run has left data with it.</summary>
    public bool HasData(RedisKind kind) => kind == RedisKind.Container ? Runtime?.HasVolume() ?? false : Folder.HasDataOf(kind);

    /// <summary>Where it keeps its data, in words.</summary>
    public string PlaceOf(RedisKind kind)
    {
        var place = kind == RedisKind.Container ? $"the volume {ContainerRuntime.Volume} of {Runtime?.Name}" : Folder.Of(kind);
        return HasData(kind) ? $"its data is in {place}" : $"it begins empty, in {place}";
    }

    /// <summary>The command of a server that is installed here.</summary>
    public string CommandOf(RedisKind kind) => kind == RedisKind.Garnet ? Dotnet : _path.Find(kind.Name()) ?? kind.Name();

    /// <summary>
    /// Chooses what is to be Redis. What <c>auto</c> chooses is kept, so that the next run goes on with its data.
    /// </summary>
    /// <param name="named">What the setting names; null for <c>auto</c>.</param>
    public RedisChoice Choose(RedisKind? named)
    {
        if (named is { } kind)
            return RedisChoice.Named(kind, WhyNot);
        try
        {
            var remembered = Folder.ReadChoice();
            var choice = RedisChoice.Auto(remembered, WhyNot, HasData);
            if (remembered is null && choice.Kind is { } chosen)
                Folder.WriteChoice(chosen);
            return choice;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new RedisChoice(null, $"The choice of a Redis can be neither read nor kept: {exception.Message.TrimEnd('.')}.");
        }
    }
}
