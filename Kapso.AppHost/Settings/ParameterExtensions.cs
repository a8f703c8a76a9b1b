namespace Kapso.AppHost.Settings;

/// <summary>Parameters that a run on this machine makes up and a published application asks for.</summary>
internal static class ParameterExtensions
{
    /// <summary>A setting that anyone may see.</summary>
    public static IResourceBuilder<ParameterResource> AddSetting(
        this IDistributedApplicationBuilder builder, string name, Func<string> makeUp) =>
        Add(builder, name, makeUp, secret: false);

    /// <summary>A secret.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(
        this IDistributedApplicationBuilder builder, string name, Func<string> makeUp) =>
        Add(builder, name, makeUp, secret: true);

    private static IResourceBuilder<ParameterResource> Add(
        IDistributedApplicationBuilder builder, string name, Func<string> makeUp, bool secret) =>
        builder.ExecutionContext.IsRunMode
            ? builder.AddParameter(name, new MadeUpDefault(makeUp), secret, persist: secret)
            : builder.AddParameter(name, secret);
}
