using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>What has to be there for links that the service makes by itself.</summary>
internal static class ReconnectRules
{
    private const string Setting = "Reconnect:Auto";

    public static void Check(KapsoOptions options, bool surface, Mistakes mistakes)
    {
        if (!options.Reconnect.Auto)
            return;
        if (options.Projects.All(project => project.ApiKey is null))
            mistakes.Add(Setting, "is true, and no project has an ApiKey: the platform makes no link without one. Set it, or leave this out.");
        if (options.Notify.Url is null && options.Notify.Receivers.Count == 0)
            mistakes.Add(Setting, "is true, and Kapso:Notify:Url is not set: nobody would be told of the links. Set it, or leave this out.");
        if (surface && options.PublicUrl is null)
            mistakes.Add(Setting, "is true, and Kapso:PublicUrl is not set: the links would lead nowhere afterwards. Set it, or leave this out.");
    }
}
