namespace Kapso.AppHost.Settings;

/// <summary>What the service needs to know of one project, as parameters: asked for when it is published, made up when it runs here.</summary>
/// <param name="ProjectId">The project's id, as the platform gives it.</param>
/// <param name="WebhookSecret">The secret of the project's webhook.</param>
/// <param name="ApiKey">The platform API's key; may be empty.</param>
/// <param name="ManagementKey">What operators and the company's application bring.</param>
/// <param name="WelcomeSecret">What welcomes are signed with, where they are posted.</param>
internal sealed record KapsoSettings(
    IResourceBuilder<ParameterResource> ProjectId,
    IResourceBuilder<ParameterResource> WebhookSecret,
    IResourceBuilder<ParameterResource> ApiKey,
    IResourceBuilder<ParameterResource> ManagementKey,
    IResourceBuilder<ParameterResource> WelcomeSecret);
