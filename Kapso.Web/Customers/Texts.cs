using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;

namespace Kapso.Web.Customers;

/// <summary>The texts of the customers' pages in one language, from <c>Texts.resx</c> and its translations.</summary>
internal sealed class Texts
{
    private static readonly ResourceManager Resources = new(typeof(Texts));

    private static readonly FrozenDictionary<string, Texts> All = PageLanguages.All.ToFrozenDictionary(
        language => language, language => new Texts(CultureInfo.GetCultureInfo(language)), StringComparer.Ordinal);

    private readonly CultureInfo _culture;

    private Texts(CultureInfo culture) => _culture = culture;

    /// <summary>The texts in one of <see cref="PageLanguages.All"/>.</summary>
    public static Texts In(string language) => All[language];

    /// <summary>The language's tag.</summary>
    public string Language => Get();

    /// <summary><c>rtl</c> for a script that runs from right to left, else <c>ltr</c>.</summary>
    public string Direction => _culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    /// <summary>Puts a value into a text.</summary>
    public string Format(string text, string value) => string.Format(_culture, text, value);

    public string CompanyUnknown => Get();

    public string NumberLabel => Get();

    public string NumberId => Get();

    public string NoScript => Get();

    public string ReceivedHeading => Get();

    public string ReceivedMessage => Get();

    public string PendingMessage => Get();

    public string ReceivedNextStep => Get();

    public string WaitNextStep => Get();

    public string ConnectedHeading => Get();

    public string ConnectedMessage => Get();

    public string KnownHeading => Get();

    public string KnownMessage => Get();

    public string CloseNextStep => Get();

    public string FailedButConnectedMessage => Get();

    public string GoneHeading => Get();

    public string GoneMessage => Get();

    public string GoneNextStep => Get();

    public string ReconnectNextStep => Get();

    public string ReconnectedHeading => Get();

    public string ReconnectedMessage => Get();

    public string RefusedHeading => Get();

    public string RefusedMessage => Get();

    public string RefusedNextStep => Get();

    public string FailedHeading => Get();

    public string FacebookAuthFailedMessage => Get();

    public string FacebookAuthFailedNextStep => Get();

    public string PhoneVerificationFailedMessage => Get();

    public string PhoneVerificationFailedNextStep => Get();

    public string WabaLimitReachedMessage => Get();

    public string WabaLimitReachedNextStep => Get();

    public string TokenExchangeFailedMessage => Get();

    public string TokenExchangeFailedNextStep => Get();

    public string LinkExpiredMessage => Get();

    public string LinkExpiredNextStep => Get();

    public string LinkEndedMessage => Get();

    public string LinkAskedMessage => Get();

    public string LinkUsableMessage => Get();

    public string AlreadyUsedMessage => Get();

    public string AlreadyUsedNextStep => Get();

    public string UnknownMessage => Get();

    public string UnknownNextStep => Get();

    private string Get([CallerMemberName] string name = "") =>
        Resources.GetString(name, _culture)
        ?? throw new MissingManifestResourceException($"Texts.resx has no text named {name}.");
}
