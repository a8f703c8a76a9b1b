using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;

namespace Kapso.Web.Pages;

/// <summary>The texts of the customers' pages, from <c>Texts.resx</c>, in the culture of the request.</summary>
internal static class Texts
{
    private static readonly ResourceManager Resources = new(typeof(Texts));

    public static string Language => Get();

    public static string CompanyUnknown => Get();

    public static string NumberLabel => Get();

    public static string NumberId => Get();

    public static string NoScript => Get();

    public static string ReceivedHeading => Get();

    public static string ReceivedMessage => Get();

    public static string ReceivedNextStep => Get();

    public static string WaitNextStep => Get();

    public static string ConnectedHeading => Get();

    public static string ConnectedMessage => Get();

    public static string KnownHeading => Get();

    public static string KnownMessage => Get();

    public static string CloseNextStep => Get();

    public static string FailedButConnectedMessage => Get();

    public static string FailedHeading => Get();

    public static string FacebookAuthFailedMessage => Get();

    public static string FacebookAuthFailedNextStep => Get();

    public static string PhoneVerificationFailedMessage => Get();

    public static string PhoneVerificationFailedNextStep => Get();

    public static string WabaLimitReachedMessage => Get();

    public static string WabaLimitReachedNextStep => Get();

    public static string TokenExchangeFailedMessage => Get();

    public static string TokenExchangeFailedNextStep => Get();

    public static string LinkExpiredMessage => Get();

    public static string LinkExpiredNextStep => Get();

    public static string AlreadyUsedMessage => Get();

    public static string AlreadyUsedNextStep => Get();

    public static string UnknownMessage => Get();

    public static string UnknownNextStep => Get();

    private static string Get([CallerMemberName] string name = "") =>
        Resources.GetString(name, CultureInfo.CurrentUICulture)
        ?? throw new MissingManifestResourceException($"Texts.resx has no text named {name}.");
}
